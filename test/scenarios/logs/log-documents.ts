import { NUMBERS_PER_TRACE } from "./number-log";

/** A line of a log, as OpenSearch has it. */
export interface LogDocument {
  readonly "@timestamp": string;
  readonly message: string;
  readonly level?: string;
  readonly logger?: string;
  readonly stack_trace?: string;
  readonly job_id?: string;
  readonly node?: string;
  readonly role?: string;
  readonly run?: string;
  readonly sequence?: number;
}

/** What the documents of the job that logs numbers say. */
export interface NumberLogContents {
  readonly lines: number;
  readonly traces: number;
  /** Numbers without a line, or that must have a stack trace and have none. */
  readonly missing: readonly number[];
  /** Numbers with more than one line, or more than one stack trace. */
  readonly duplicates: readonly number[];
  /** Documents that say anything else, or are not as the line was. */
  readonly wrong: readonly LogDocument[];
}

/** A stack trace is one text, from the first exception to the last of its causes. */
const WHOLE_TRACE = (n: number) =>
  new RegExp(
    `^java\\.lang\\.IllegalStateException: outer of ${n}\nwith a second line\n(?:\\s+at .*\n)+` +
      `Caused by: java\\.lang\\.RuntimeException: inner of ${n}\n(?:\\s+(?:at |\\.\\.\\. ).*\n?)+$`,
  );
const MILLISECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Finds what is missing, doubled or wrong among the documents of numbers from 1 to the last. */
export function examineNumberLog(documents: readonly LogDocument[], last: number, jobId: string): NumberLogContents {
  const [lines, traces] = [new Map<number, number>(), new Map<number, number>()];
  const wrong = documents.filter((document) => {
    const [, trace, digits] = /^(trace of )?number (\d+)$/.exec(document.message) ?? [];
    const n = Number(digits);
    if (!isOfJob(document, jobId) || !(n >= 1 && n <= last)) return true;
    const isTrace = trace !== undefined;
    const counts = isTrace ? traces : lines;
    counts.set(n, (counts.get(n) ?? 0) + 1);
    const { level, stack_trace: stackTrace } = document;
    return isTrace
      ? level !== "ERROR" || !WHOLE_TRACE(n).test(stackTrace ?? "")
      : level !== "INFO" || stackTrace !== undefined;
  });
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  const twice = [lines, traces].flatMap((counts) => [...counts].filter(([, count]) => count > 1).map(([n]) => n));
  return {
    lines: sum(lines),
    traces: sum(traces),
    missing: numbers.filter((n) => !lines.has(n) || (n % NUMBERS_PER_TRACE === 0 && !traces.has(n))),
    duplicates: [...new Set(twice)],
    wrong,
  };
}

function isOfJob(document: LogDocument, jobId: string): boolean {
  return (
    document.job_id === jobId && document.role === "taskmanager" && MILLISECONDS.test(document["@timestamp"] ?? "")
  );
}

function sum(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
