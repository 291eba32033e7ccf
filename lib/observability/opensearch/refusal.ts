import { printable } from "../../core/printable";
import type { OpenSearchAnswer } from "./opensearch";

/** What OpenSearch did not do: one sentence. */
export class OpenSearchRefusal extends Error {
  /**
   * @param status of HTTP
   * @param message the sentence
   */
  public constructor(
    public readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "OpenSearchRefusal";
  }

  /** Whether the same call may succeed later: it is busy, or not whole. */
  public get mayPass(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** As much of its own words as a sentence takes. */
const LONGEST_REASON = 400;

/** The sentence for an answer that is not the one that was asked for. */
export function refusalOf(doing: string, answer: OpenSearchAnswer): OpenSearchRefusal {
  const { status } = answer;
  const reason = reasonOf(answer);
  const because = reason === undefined ? "" : ` (${reason})`;
  const told = (text: string): OpenSearchRefusal => new OpenSearchRefusal(status, text);
  if (status === 401) return told(`OpenSearch refuses the login${because}: check the user and the password`);
  if (status === 403) return told(`${doing} is not allowed${because}: log in as somebody who may do it`);
  return told(`${doing} failed: OpenSearch answered ${status}${because}`);
}

/** The answer's body, where the call did what it was to do. */
export function expectDone(doing: string, answer: OpenSearchAnswer): unknown {
  if (answer.status < 200 || answer.status > 299 || answer.body === undefined) throw refusalOf(doing, answer);
  return answer.body;
}

/** Why, in OpenSearch's own words, or in those of AWS that stands before it. */
export function reasonOf({ body }: OpenSearchAnswer): string | undefined {
  const { error, message, Message } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { reason, caused_by } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly reason?: unknown;
    readonly caused_by?: { readonly reason?: unknown } | null;
  };
  const words = [reason, caused_by?.reason, error, message, Message].filter((each) => typeof each === "string");
  // What caused it says more than that there was an error.
  const [said] = words[0] === "all shards failed" && words.length > 1 ? words.slice(1) : words;
  if (said === undefined) return undefined;
  const text = printable(said).replace(/\.$/, "");
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
}
