import { distance } from "fastest-levenshtein";

/** The candidate that needs the fewest edits; none where even that one is more another word than a slip. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // Of a short word three edits leave nothing.
  let fewest = Math.min(Math.max(3, Math.floor(word.length / 3)), Math.ceil(word.length / 2)) + 1;
  for (const candidate of candidates) {
    const edits = distance(word, candidate);
    if (edits < fewest) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}
