import { programsWith, runningPrograms, type ListPrograms, type RunningProgram } from "./programs";
import { markOf } from "./cluster-processes";

/** The processes of the local cluster in a folder that run, by name: whoever started them, and whatever came in between. */
export function runningOf(folder: string, list: ListPrograms = runningPrograms): ReadonlyMap<string, RunningProgram> {
  const programs = list();
  const [before, after] = markOf(folder, "\0").split("\0");
  const names = programs
    .flatMap(({ words }) => words)
    .filter((word) => word.startsWith(before) && word.endsWith(after))
    .map((word) => word.slice(before.length, -after.length))
    .filter((name) => /^[a-z0-9-]+$/.test(name));
  return new Map(
    [...new Set(names)]
      .sort()
      .flatMap((name) => programsWith(markOf(folder, name), programs).map((program) => [name, program] as const)),
  );
}
