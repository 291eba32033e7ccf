import * as fs from "fs";
import { Matcher } from "../matcher";
import { PlaceSearch, PlaceSearcher } from "../place";
import { readersOf } from "./users";

/** Environments by who can read them; command lines, which everybody can. */
export async function searchProcesses(viewers: readonly string[], matcher: Matcher): Promise<PlaceSearch[]> {
  const environments = new PlaceSearcher("environments of processes, by who can read them", matcher);
  const commandLines = new PlaceSearcher("command lines", matcher);
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const [name, environment, commandLine] = ["comm", "environ", "cmdline"].map((file) => read(pid, file));
    // A process that has ended, or one of the kernel, has none of them.
    if (!name || !environment || !commandLine || commandLine.length === 0) continue;
    const where = `process ${pid} (${name.toString().trim()})`;
    await environments.search(where, environment, () => readersOf(`/proc/${pid}/environ`, viewers));
    await commandLines.search(where, commandLine);
  }
  return [environments.result, commandLines.result];
}

function read(pid: string, file: string): Buffer | undefined {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    // Who is not root sees only their own.
    if (code === "EACCES" && process.getuid!() !== 0) return undefined;
    throw error;
  }
}
