import type { LineContent } from "./log-document";

/** Texts of a line of Flink, by the names that its layout and documents both have. */
const TEXTS = ["level", "logger", "thread", "exception", "stack_trace", "job_id", "run"] as const;

/** What stands before the message: the collector cuts lines that are very long. */
const MESSAGE = ',"message":"';

/** Reads a line as Flink's layout writes it (lib/settings/log4j-lines.ts); any other line is a message as it is. */
export function readFlinkLine(line: string): LineContent {
  const found = parseObject(line) ?? beginningOf(line);
  if (!found || typeof found.message !== "string") return { message: line };
  const texts = TEXTS.map((name) => [name, found[name]] as const).filter(([, text]) => isText(text));
  const time = timeOf(found["@timestamp"]);
  const sequence = sequenceOf(found.sequence);
  return {
    message: found.message,
    ...(Object.fromEntries(texts) as Partial<LineContent>),
    ...(time !== undefined && { timeMillis: time }),
    ...(sequence !== undefined && { sequence }),
  };
}

/** What is empty is not there: the layout writes "" for a line that no job wrote. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function timeOf(value: unknown): number | undefined {
  if (!isText(value)) return undefined;
  const millis = Date.parse(value);
  return Number.isNaN(millis) ? undefined : millis;
}

/** A text or a number: log4j's pattern gives a text. */
function sequenceOf(value: unknown): number | undefined {
  const number = isText(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) > 0 ? (number as number) : undefined;
}

/** Of a line that was cut, what stands before its message; the message is then all that there is of it. */
function beginningOf(line: string): Readonly<Record<string, unknown>> | undefined {
  const found = parseObject(`${line.slice(0, Math.max(0, line.indexOf(MESSAGE)))}}`);
  return found && { ...found, message: line };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
