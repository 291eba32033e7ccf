import { refuse } from "../../core/validation";
import type { LogEntry } from "./log-entry";

/** A phrase, or a word with what stands before it. */
const TERM = /(-?)(?:"([^"]*)"|(\S+))/g;

/**
 * Whether all words of a text stand in an entry, in letters of either size, where the destination cannot look for them:
 * `"…"` is a phrase, `-word` leaves entries with it out.
 */
export function wordsOf(text: string): (entry: LogEntry) => boolean {
  const terms = [...text.matchAll(TERM)].map(([, sign, phrase, word = ""]) => ({
    isWanted: sign === "",
    words: (phrase ?? word).replace(/\*$/, "").toLowerCase(),
  }));
  if (terms.some(({ words }) => words === "|")) {
    refuse({
      property: "--query",
      value: text,
      allowed: 'words, "phrases" and -words for CloudWatch Logs, which knows no |',
      remedy: "search once for each",
    });
  }
  return ({ message, exception, stack_trace }) => {
    const shown = [message, exception, stack_trace].filter((each) => typeof each === "string");
    const all = shown.join("\n").toLowerCase();
    return terms.every(({ words, isWanted }) => all.includes(words) === isWanted);
  };
}
