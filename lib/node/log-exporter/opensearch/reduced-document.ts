import type { LogDocument, LogEntry } from "../log-document";

/** Less than the longest term that Lucene keeps, which is 32766 bytes, in any alphabet. */
const LONGEST_MESSAGE = 32_000;
const LONGEST_REASON = 1_000;

/** What is written of a line whose document the index refuses: the line itself, and why. */
export function reducedDocument({ document, line }: LogEntry, reason: string): LogDocument {
  const { host, node, cluster, role, unit } = document;
  return {
    "@timestamp": document["@timestamp"],
    message: firstBytes(line(), LONGEST_MESSAGE),
    ...{ host, node, cluster, role, unit },
    refused: firstBytes(reason, LONGEST_REASON),
  };
}

/** The beginning of a text that has no more than so many bytes in UTF-8. */
function firstBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  // A character that is cut becomes one that stands for it.
  return new TextDecoder().decode(Buffer.from(text).subarray(0, most - 3)).replace(/\ufffd$/, "");
}
