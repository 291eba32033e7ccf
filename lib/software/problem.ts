import { types } from "node:util";

/** Something that the user has to know or mend. The message is one sentence; no stack is shown. */
export class Problem extends Error {
  public constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "Problem";
  }
}

/** What to tell of a failure, in one sentence: known causes in plain words. */
export function explain(failure: unknown): string {
  const error = failure as NodeJS.ErrnoException & { cause?: unknown };
  switch (error?.code) {
    case "ENOSPC":
      return `the disk is full${error.path ? ` (while writing ${error.path})` : ""}: free some space, or name a folder on another disk (for downloads: CDKTF_FLINK_CACHE), then run the command again`;
    case "EACCES":
    case "EROFS":
      return `${error.path ?? "a file"} cannot be written: give yourself the permission, or name a folder that you may write (for downloads: CDKTF_FLINK_CACHE)`;
    case "EISDIR":
      return `${error.path ?? "what is to be written"} is a folder, where a file has to be written: take it away, or name another place`;
    default:
  }
  if (failure instanceof AggregateError && failure.errors.length > 0) return explain(failure.errors[0]);
  if (!(failure instanceof Error)) return String(failure);
  const message = failure.message.replace(/\s+/g, " ").trim() || failure.name;
  // Of whatever realm: those of the system are not always instances of our own Error.
  const cause = types.isNativeError(failure.cause) ? failure.cause : undefined;
  return cause && !(failure instanceof Problem) ? `${message}: ${explain(cause)}` : message;
}
