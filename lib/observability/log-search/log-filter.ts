import { TIME_FIELD } from "../opensearch-objects/log-fields";
import { atLeast, type LogLineLevel } from "./log-level";

/** Which lines are looked for; what is absent leaves none out. */
export interface LogFilter {
  readonly cluster?: string;
  /** This level and graver ones. */
  readonly level?: LogLineLevel;
  /** Flink's id of a job, 32 hexadecimal digits. */
  readonly jobId?: string;
  readonly node?: string;
  /** Such as `taskmanager`. */
  readonly role?: string;
  /** A logger, or a package of them. */
  readonly logger?: string;
  /**
   * Words that all stand in the message, the exception or the stack trace: `"…"` is a phrase, `-word` leaves lines with it
   * out, `word*` is the beginning of one, `|` means or.
   */
  readonly text?: string;
}

/** A time from its beginning to its end, milliseconds since 1970, both within. */
export interface TimeSpan {
  readonly since: number;
  /** Absent: without an end. */
  readonly until?: number;
}

const SEARCHED_FIELDS = ["message", "exception", "stack_trace"];

/** The clauses of a query, none of which matters for any order. */
export function filterClauses(filter: LogFilter, span: TimeSpan): object[] {
  const { cluster, level, jobId, node, role, logger, text } = filter;
  const { since, until } = span;
  return [
    { range: { [TIME_FIELD]: { gte: since, ...(until === undefined ? {} : { lte: until }), format: "epoch_millis" } } },
    ...exactly("cluster", cluster),
    ...(level === undefined ? [] : [anyOf("level", atLeast(level))]),
    ...exactly("job_id", jobId?.toLowerCase()),
    ...exactly("node", node),
    ...exactly("role", role),
    ...(logger === undefined ? [] : [loggerOrPackage(logger)]),
    ...(text === undefined ? [] : [words(text)]),
  ];
}

function exactly(field: string, value: string | undefined): object[] {
  return value === undefined ? [] : [anyOf(field, [value])];
}

/** In an index that is older than the index template, OpenSearch guessed: such a field is a text, and its whole is beside it. */
function bothForms(field: string, clauseFor: (field: string) => object): object {
  return { bool: { should: [field, `${field}.keyword`].map(clauseFor), minimum_should_match: 1 } };
}

function anyOf(field: string, values: readonly string[]): object {
  return bothForms(field, (each) => ({ terms: { [each]: values } }));
}

function loggerOrPackage(logger: string): object {
  const shouldFor = (field: string): object[] => [
    { term: { [field]: logger } },
    { prefix: { [field]: `${logger.replace(/\.$/, "")}.` } },
  ];
  return bothForms("logger", (field) => ({ bool: { should: shouldFor(field), minimum_should_match: 1 } }));
}

function words(text: string): object {
  return {
    simple_query_string: { query: text, fields: SEARCHED_FIELDS, default_operator: "and", lenient: true },
  };
}
