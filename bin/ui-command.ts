import { createInterface } from "node:readline";
import { Command, Option } from "commander";
import { explain } from "../lib/software/problem";
import { CurrentWay } from "../lib/operate/tunnel/current-way";
import { openBrowser } from "../lib/operate/ui/open-browser";
import { openWebDoor } from "../lib/operate/ui/web-door";
import { example, wholeNumber } from "./arguments";
import { operatorOf, type OperatorFlags, withOperatorOptions } from "./operator-options";
import { untilStopped } from "./until-stopped";

/** Of the certificate, which is renewed for as long as the command runs. */
const VALIDITY_SECONDS = 3600;

interface UiFlags extends OperatorFlags {
  readonly port: number;
  readonly open: boolean;
}

/** Adds the command that opens the web UI. */
export function addUi(cli: Command): void {
  withOperatorOptions(cli.command("ui"))
    .summary("open Flink's web UI in your browser")
    .description(
      "Opens a tunnel to a node that is well, and a door to it on 127.0.0.1, by which your browser needs no certificate. The address works " +
        "once, for the one browser that opens it, and not for other users of this machine or pages of others. Where the node goes, the door " +
        "leads to another one. It ends with Ctrl-C.",
    )
    .addOption(
      new Option("--port <number>", "of 127.0.0.1").argParser(wholeNumber(1, 65_535)).default(0, "any that is free"),
    )
    .option("--no-open", "only print the address")
    .addHelpText("after", example("ui --cluster streaming-flink --region eu-west-1"))
    .action(async (flags: UiFlags) => {
      const { cluster, identity, ways, look } = await operatorOf(flags, VALIDITY_SECONDS);
      const way = new CurrentWay(ways, look, identity.tls);
      const end = new AbortController();
      const stopped = untilStopped();
      try {
        const { node } = await way.get();
        const door = await openWebDoor({ way, tls: identity.tls, port: flags.port });
        void identity.keepFresh(end.signal, (failure) => console.error(`cdktf-flink: ${explain(failure)}`));
        console.log(`The web UI of ${cluster.cluster}, by ${node.name}: ${door.address}`);
        console.error("The address works once. Enter gives another one, Ctrl-C ends this.");
        const browser = flags.open ? await openBrowser(door.address) : undefined;
        const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : undefined;
        lines?.on("line", () => console.log(door.address));
        lines?.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
        await stopped;
        lines?.close();
        await browser?.forget();
        await door.close();
      } finally {
        end.abort();
        await way.close();
      }
    });
}
