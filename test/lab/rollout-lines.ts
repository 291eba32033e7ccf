import { existsSync, readFileSync } from "node:fs";

/** What an apply says of the nodes while it waits for them, as Terraform writes it to its log. */
const LINE = /flink_Rollout_[0-9A-F]{8} \(local-exec\): (?!Executing: )(.*\S)/;

/** The lines in the log of Terraform that an apply has said so, oldest first; the last one may still be written. */
export function rolloutLines(logFile: string): readonly string[] {
  const text = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
  return text
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => LINE.exec(line)?.[1] ?? []);
}

/** Tells these lines as they are written, until the work ends. */
export async function tellRollout(logFile: string, work: Promise<void>, tell: (line: string) => void): Promise<void> {
  let told = rolloutLines(logFile).length;
  const tellNew = (): void => {
    const lines = rolloutLines(logFile);
    lines.slice(told).forEach(tell);
    told = lines.length;
  };
  const timer = setInterval(tellNew, 1000);
  try {
    await work;
  } finally {
    clearInterval(timer);
    tellNew();
  }
}
