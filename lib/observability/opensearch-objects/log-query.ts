import { requireLine } from "../../core/require-line";
import { refuse, requireInstance } from "../../core/validation";
import { requireField } from "./checks";

const LONGEST_QUERY = 4_096;
const LONGEST_VALUE = 1_000;

type Joint = "AND" | "OR" | "nothing" | "unknown";

/**
 * Which lines of logs are meant, in the query syntax of Lucene: OpenSearch runs it as it stands, in saved searches,
 * visualizations and monitors alike. (The language DQL is translated by the browser and known nowhere else.)
 *
 * https://docs.opensearch.org/latest/query-dsl/full-text/query-string/
 */
export class LogQuery {
  /** Every line. */
  public static all(): LogQuery {
    return new LogQuery("", "nothing");
  }

  /**
   * Lines that a query finds, such as `level:ERROR AND NOT logger:*.akka.*`.
   *
   * @param query 1 to 4,096 characters on one line, with quotes and parentheses in pairs
   */
  public static lucene(query: string): LogQuery {
    requireLine("LogQuery.lucene", query, LONGEST_QUERY);
    requirePairs(query);
    return new LogQuery(query, "unknown");
  }

  /**
   * Lines where a field has one of the values; of `message`, `stack_trace` and `refused` those that hold one of them, word
   * by word and in whatever case.
   *
   * @param field of the documents, such as `job_id`
   * @param values one at least, as they are: nothing in them is syntax; each 1 to 1,000 characters on one line
   */
  public static where(field: string, ...values: string[]): LogQuery {
    requireField("the field of LogQuery.where", field);
    if (values.length === 0) {
      refuse({
        property: "the values of LogQuery.where",
        value: values,
        allowed: "one value at least",
        remedy: `name what ${field} is, or use LogQuery.exists("${field}")`,
      });
    }
    for (const value of values) requireValue(field, value);
    const phrases = values.map((value) => `"${value.replace(/[\\"]/g, "\\$&")}"`);
    return new LogQuery(`${field}:${phrases.length === 1 ? phrases[0] : `(${phrases.join(" OR ")})`}`, "nothing");
  }

  /**
   * Lines that have a field at all.
   *
   * @param field of the documents, such as `exception`
   */
  public static exists(field: string): LogQuery {
    requireField("LogQuery.exists", field);
    return new LogQuery(`_exists_:${field}`, "nothing");
  }

  private constructor(
    private readonly text: string,
    /** What joins its outermost parts: those joined by the other, or by who knows what, need parentheses beside others. */
    private readonly joinedBy: Joint,
  ) {}

  /**
   * Lines that both find.
   *
   * @param other the other query
   */
  public and(other: LogQuery): LogQuery {
    requireLogQuery("the argument of LogQuery.and", other);
    if (this.text === "") return other;
    return other.text === "" ? this : this.joined("AND", other);
  }

  /**
   * Lines that one of them finds.
   *
   * @param other the other query
   */
  public or(other: LogQuery): LogQuery {
    requireLogQuery("the argument of LogQuery.or", other);
    return this.text === "" || other.text === "" ? LogQuery.all() : this.joined("OR", other);
  }

  /**
   * Lines that this one finds and the other does not.
   *
   * @param other the other query
   */
  public except(other: LogQuery): LogQuery {
    requireLogQuery("the argument of LogQuery.except", other);
    return new LogQuery(`${this.within("AND") || "*:*"} AND NOT ${other.within("NOT") || "*:*"}`, "AND");
  }

  /** In the syntax of Lucene; empty for every line. */
  public toString(): string {
    return this.text;
  }

  /**
   * As OpenSearch takes it, and as Dashboards asks it.
   * @internal
   */
  public _clause(): object {
    return this.text === "" ? { match_all: {} } : { query_string: { query: this.text, analyze_wildcard: true } };
  }

  /**
   * As saved objects keep it.
   * @internal
   */
  public _saved(): object {
    return { query: this.text, language: "lucene" };
  }

  private joined(by: "AND" | "OR", other: LogQuery): LogQuery {
    return new LogQuery(`${this.within(by)} ${by} ${other.within(by)}`, by);
  }

  private within(joint: "AND" | "NOT" | "OR"): string {
    return ["nothing", joint].includes(this.joinedBy) ? this.text : `(${this.text})`;
  }
}

function requireValue(field: string, value: unknown): void {
  const property = "the values of LogQuery.where";
  if (Array.isArray(value)) {
    const remedy = `write them one after the other, as LogQuery.where("${field}", ...values)`;
    refuse({ property, value, allowed: "texts and no list of them", remedy });
  }
  requireLine(property, value, LONGEST_VALUE);
}

/** Refuses anything but a `LogQuery`. */
export function requireLogQuery(property: string, value: unknown): asserts value is LogQuery {
  requireInstance(property, value, LogQuery, 'LogQuery.where("level", "ERROR")');
}

/** A slip that OpenSearch would only find when somebody looks at the dashboard. */
function requirePairs(query: string): void {
  // What is escaped or within quotes is no syntax.
  const bare = query.replace(/\\./gu, "").replace(/"[^"]*"/g, "");
  let open = 0;
  for (const character of bare) {
    if (character === "(") open += 1;
    if (character === ")") open -= 1;
    if (open < 0) break;
  }
  if (open === 0 && !/["\\]/.test(bare)) return;
  refuse({
    property: "LogQuery.lucene",
    value: query,
    allowed: "a query with quotes and parentheses in pairs, and without a \\ at its end",
    remedy: "close what is open, or write \\ before a character that is meant as it stands",
  });
}
