let copyTo: ((line: string) => void) | undefined;

/** One line to standard output: the journal adds the time. */
export function log(text: string): void {
  const line = `agent: ${text.replace(/\s*\n\s*/g, " | ")}\n`;
  process.stdout.write(line);
  copyTo?.(line);
}

/** Has each further line shown somewhere else as well; nowhere where nothing is given. */
export function copyLog(to: ((line: string) => void) | undefined): void {
  copyTo = to;
}

/** What went wrong, on one line, with the service's own code where it has one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${describeError(error.cause)})`;
  return `${error.name === "Error" ? "" : `${error.name}: `}${error.message}${cause}`.replace(/\s+/g, " ");
}
