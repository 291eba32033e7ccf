import { EC2Client } from "@aws-sdk/client-ec2";
import { Command, InvalidArgumentError, Option } from "commander";
import { signalsAreAwaited } from "../lib/core/undone-at-end";
import { Ec2Machines } from "../lib/operate/machines/ec2-machines";
import { growVolumes } from "../lib/operate/machines/grow-volumes";
import { resizeMachines } from "../lib/operate/machines/resize";
import type { NodeMachine } from "../lib/operate/machines/turns";
import { duration, wholeNumber } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";
import { withProgress } from "./with-progress";

const MOST_GIB = 16 * 1024;
const MOST_ATTEMPTS = 10;

interface ResizeFlags extends ClusterFlags {
  readonly only: "larger" | "smaller";
  readonly machines: readonly NodeMachine[];
  readonly instanceType: string;
  readonly dataVolumeGib?: number;
  readonly timeout: number;
}

/** Adds the command that an apply runs where machines or volumes have another size than the program says. */
export function addResizeMachines(cli: Command): void {
  withClusterOptions(cli.command("resize-machines", { hidden: true }))
    .description(
      "Gives machines of a cluster another type and their data volumes more room, one node after the other, each only while all others are well. " +
        "An apply runs it; to deploy again goes on where it was cut.",
    )
    .addOption(new Option("--only <which>", "which machines").choices(["larger", "smaller"]).makeOptionMandatory())
    .requiredOption("--machines <nodes>", "each as node=instance=volume, separated by commas", machines)
    .requiredOption("--instance-type <type>", "the type that they shall have")
    .option("--data-volume-gib <number>", "what each data volume shall have", wholeNumber(1, MOST_GIB))
    .addOption(
      new Option("--timeout <duration>", "how long the cluster may take to be well, before and after each machine")
        .argParser(duration)
        .default(duration("15m"), "15m"),
    )
    .action(async (flags: ResizeFlags) => {
      const from = await clusterOf(flags);
      const { region } = from;
      // What fails in the middle leaves a machine stopped: AWS's limits of calls are waited for.
      const service = new Ec2Machines(new EC2Client({ region, maxAttempts: MOST_ATTEMPTS }));
      const { machines: nodes, timeout: timeoutMillis, dataVolumeGib: gib } = flags;
      await withProgress(async (progress) => {
        const common = { from, service, nodes, timeoutMillis, progress, signal: interruption() };
        if (gib !== undefined) await growVolumes({ ...common, gib });
        await resizeMachines({ ...common, instanceType: flags.instanceType, only: flags.only });
      });
    });
}

/** Whoever interrupts does not leave a machine stopped: it is started first. The second time ends all at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const awaited = signalsAreAwaited();
  const interrupt = (): void => {
    awaited();
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  // Terraform may be gone by then, and nobody read what is told.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return controller.signal;
}

function machines(text: string): readonly NodeMachine[] {
  return text.split(",").map((each) => {
    const [node, instanceId, volumeId, ...more] = each.split("=");
    if (!node || !/^i-/.test(instanceId ?? "") || !/^vol-/.test(volumeId ?? "") || more.length > 0) {
      throw new InvalidArgumentError("Give each as node=instance=volume, such as orders-node-1=i-0a1b=vol-0c2d.");
    }
    return { node, instanceId, volumeId };
  });
}
