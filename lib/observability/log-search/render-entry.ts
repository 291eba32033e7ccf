import { createColors } from "picocolors";
import { printable } from "../../core/printable";
import type { FoundLogEntry } from "./log-entry";

const INDENT = "    ";
const LONGEST_LEVEL = 5;

/**
 * An entry as a person reads it: one line, and what belongs to it indented below. What lines say is anybody's: no control
 * character of theirs reaches the terminal.
 */
export function renderEntry({ time, entry }: FoundLogEntry, colourful: boolean): string {
  const colours = createColors(colourful);
  const { level, node, role, message, stack_trace, exception, job_id, refused } = entry;
  const by = text(entry.logger) || text(entry.unit);
  const [head = "", ...rest] = lines(message);
  const graveness = (text(level) || "-").padEnd(LONGEST_LEVEL);
  const first = [
    colours.dim(timeOf(time)),
    colourOf(graveness.trim(), colours)(graveness),
    colours.cyan([text(node), text(role)].filter(Boolean).join(" ")),
    ...(by ? [colours.dim(`${by}:`)] : []),
    head,
    ...(text(job_id) ? [colours.dim(`[job ${text(job_id)}]`)] : []),
  ];
  const trace = lines(stack_trace);
  const below = [
    ...rest,
    ...(trace.length > 0 ? trace : lines(exception)),
    ...(text(refused) ? [`OpenSearch refused the whole document: ${text(refused)}`] : []),
  ];
  return [first.join(" "), ...below.map((line) => colours.dim(`${INDENT}${line}`))].join("\n");
}

/** What a terminal would act on and JSON itself lets stand: DEL, C1, and what turns the direction of the text. */
const ACTED_ON = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** An entry for programs, on one line; where it is a person who reads it, nothing in it moves the terminal either. */
export function entryAsJson({ entry }: FoundLogEntry): string {
  const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(entry).replace(ACTED_ON, escaped);
}

type Colours = ReturnType<typeof createColors>;

function colourOf(level: string, colours: Colours): (shown: string) => string {
  switch (level) {
    case "FATAL":
    case "ERROR":
      return colours.red;
    case "WARN":
      return colours.yellow;
    case "DEBUG":
    case "TRACE":
      return colours.dim;
    default:
      return (shown) => shown;
  }
}

function timeOf(millis: number): string {
  return Number.isFinite(millis) && Math.abs(millis) <= 8.64e15 ? new Date(millis).toISOString() : "-";
}

function text(value: unknown): string {
  return typeof value === "string" ? printable(value) : "";
}

/** Without the empty ones at the end; a tab at a line's beginning is how Java indents. */
function lines(value: unknown): string[] {
  if (typeof value !== "string" || value.trim() === "") return [];
  const each = value.trimEnd().split(/\r?\n/);
  return each.map((line) => (line.startsWith("\t") ? `${INDENT}${printable(line)}` : printable(line)));
}
