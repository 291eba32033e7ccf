import { once } from "node:events";

/** Writes lines; waits where whoever reads them is slower, and ends with a reader that has enough, such as `head`. */
export function printTo(stream: NodeJS.WriteStream): (lines: readonly string[]) => Promise<void> {
  stream.on("error", (failure: NodeJS.ErrnoException) => {
    if (failure.code === "EPIPE") process.exit(0);
    throw failure;
  });
  return async (lines) => {
    if (lines.length > 0 && !stream.write(`${lines.join("\n")}\n`)) await once(stream, "drain");
  };
}
