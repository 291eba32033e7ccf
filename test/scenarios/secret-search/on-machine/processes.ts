import * as fs from "fs";
import { Matcher } from "../matcher";
import { PlaceSearch, PlaceSearcher } from "../place";
import { as } from "./users";

/** Environments as each of the viewers and root can read them; command lines, which everybody can. */
export async function searchProcesses(viewers: readonly string[], matcher: Matcher): Promise<PlaceSearch[]> {
  const environments = new PlaceSearcher("environments of processes, by who can read them", matcher);
  const commandLines = new PlaceSearcher("command lines", matcher);
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const [name, commandLine] = ["comm", "cmdline"].map((file) => read(pid, file));
    // A process that has ended, or one of the kernel.
    if (!name || !commandLine || commandLine.length === 0) continue;
    const where = `process ${pid} (${name.toString().trim()})`;
    await commandLines.search(where, commandLine);

    // Each with their own eyes: in a container root itself may not see the environments of others.
    const seen = viewers.map((user) => ({ user, environment: as(user, () => read(pid, "environ")) }));
    const readers = seen.filter(({ environment }) => environment !== undefined).map(({ user }) => user);
    const environment = read(pid, "environ") ?? seen.find(({ user }) => readers.includes(user))?.environment;
    if (environment) await environments.search(where, environment, () => readers);
  }
  return [environments.result, commandLines.result];
}

/** Undefined where it is gone, or refused. */
function read(pid: string, file: string): Buffer | undefined {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`);
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
