import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A program that runs on this machine, of the user's own. */
export interface RunningProgram {
  readonly pid: number;
  readonly parent: number;
  /** When it began, in whatever form the system tells it: with the number it is one program and never another. */
  readonly began: string;
  readonly words: readonly string[];
}

/** Lists the user's programs; it stands in for the system in tests. */
export type ListPrograms = () => readonly RunningProgram[];

const LOOK_AGAIN_MILLIS = 100;

/** The user's programs, as the kernel tells of them where it does, and else as `ps` does. */
export function runningPrograms(platform: NodeJS.Platform = process.platform): readonly RunningProgram[] {
  return platform === "linux" ? programsOfProc() : programsOfPs();
}

/** Programs of the user's whose command line has such a word; of a program and those that it started, it alone. */
export function programsWith(word: string, programs: readonly RunningProgram[]): readonly RunningProgram[] {
  const found = programs.filter(({ words }) => words.includes(word));
  const pids = new Set(found.map(({ pid }) => pid));
  return found.filter(({ parent }) => !pids.has(parent));
}

/**
 * Ends programs: asks them, and after the time given kills those that are left, with those that they started. A number
 * that meanwhile is another program's is left alone.
 */
export async function endPrograms(
  programs: readonly RunningProgram[],
  patienceMillis: number,
  list: ListPrograms = runningPrograms,
): Promise<void> {
  const left = (): readonly RunningProgram[] => {
    const all = list();
    return programs.filter(({ pid, began }) => all.some((each) => each.pid === pid && each.began === began));
  };
  left().forEach(({ pid }) => signal(pid, "SIGTERM"));
  const deadline = Date.now() + patienceMillis;
  while (left().length > 0 && Date.now() < deadline) await sleep(LOOK_AGAIN_MILLIS);
  left().forEach(({ pid }) => signal(pid, "SIGKILL"));
  while (left().length > 0) await sleep(LOOK_AGAIN_MILLIS);
}

/** To all of the group that it leads, where it leads one. */
function signal(pid: number, name: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, name);
      return;
    } catch (error) {
      // There is no such group, or the program has ended by itself; of a group that has ended macOS says EPERM.
      if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

function programsOfProc(): readonly RunningProgram[] {
  const user = process.getuid?.();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (statSync(`/proc/${name}`).uid !== user) return [];
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").slice(0, -1);
        // Behind the name, which is in brackets and may hold any character, stand the state, the parent and 17 others.
        const fields = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        return words.length === 0 ? [] : [{ pid: Number(name), parent: Number(fields[1]), began: fields[19], words }];
      } catch {
        // It has ended since it was listed.
        return [];
      }
    });
}

const PS_LINE = /^\s*(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/;

function programsOfPs(): readonly RunningProgram[] {
  const columns = ["pid", "ppid", "lstart", "command"].flatMap((column) => ["-o", `${column}=`]);
  const text = execFileSync("ps", ["-xww", ...columns], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: 1 << 26,
  });
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, began, command] = PS_LINE.exec(line) ?? [];
    return pid === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), began, words: command.trim().split(/\s+/) }];
  });
}
