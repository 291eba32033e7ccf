/** One line to standard output: the journal adds the time. */
export function log(text: string): void {
  process.stdout.write(`agent: ${text.replace(/\s*\n\s*/g, " | ")}\n`);
}

/** What went wrong, on one line, with the service's own code where it has one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${describeError(error.cause)})`;
  return `${error.name === "Error" ? "" : `${error.name}: `}${error.message}${cause}`.replace(/\s+/g, " ");
}
