import { spawn } from "child_process";
import { Matcher } from "../matcher";
import { PlaceSearch, PlaceSearcher } from "../place";
import { idsOf } from "./users";

/** All of the journal, of every boot, with all fields: its files may be packed. */
export async function searchJournal(matcher: Matcher): Promise<PlaceSearch> {
  const journal = new PlaceSearcher("journal", matcher);
  await journal.search("journal", output(["journalctl", "--all", "--no-pager", "--quiet", "--output=export"]));
  return journal.result;
}

/** What systemd tells an unprivileged user of its services and of the environment that it gives to all. */
export async function searchUnits(lister: string | undefined, matcher: Matcher): Promise<PlaceSearch> {
  const units = new PlaceSearcher("listings of systemd, as nobody", matcher);
  for (const command of [
    ["systemctl", "show", "--no-pager", "*.service"],
    ["systemctl", "show-environment"],
  ]) {
    await units.search(command.join(" "), output(command, lister));
  }
  return units.result;
}

async function* output([program, ...args]: string[], user?: string): AsyncGenerator<Buffer> {
  const ids = user === undefined ? {} : { uid: idsOf(user).uid, gid: idsOf(user).gid };
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: process.env, ...ids });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  // Awaited below, where a program that is not there may have failed long before.
  ended.catch(() => undefined);
  let complaint = "";
  child.stderr.on("data", (piece: Buffer) => (complaint += piece.toString()));
  for await (const piece of child.stdout) yield piece as Buffer;
  const code = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint.slice(0, 500)}`);
}
