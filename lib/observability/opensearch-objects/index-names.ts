import { requireText } from "../../core/validation";

/** Index names end with `-YYYY.MM.DD`, and have 255 bytes at most. */
const INDEX_PREFIX = /^(?=.{2,200}$)[a-z0-9][a-z0-9-_.]+$/;

export const DEFAULT_INDEX_PREFIX = "logs";

/** Refuses what no prefix of daily indices can be. */
export function requireIndexPrefix(property: string, value: unknown): asserts value is string {
  requireText(
    property,
    value,
    INDEX_PREFIX,
    "2 to 200 lower-case letters, digits, -, _ and ., beginning with a letter or a digit, such as logs",
  );
}

/** All indices with the prefix, for those who read: `logs-*`. */
export function indicesWith(indexPrefix: string): string {
  return `${indexPrefix}-*`;
}

/**
 * The daily indices of the prefix and hardly another, for what changes or deletes them: `logs-*` would take in the indices
 * `logs-nginx-2026.11.29` of somebody else.
 */
export function dailyIndicesOf(indexPrefix: string): string[] {
  // As much of a year as all have, those of clocks that were never set too: a wildcard stands for anything.
  return [`${indexPrefix}-19*.*.*`, `${indexPrefix}-20*.*.*`];
}

/** Whether an index is one of them indeed: what is changed by name is none of somebody else's. */
export function isDailyIndexOf(indexPrefix: string, index: string): boolean {
  return index.startsWith(`${indexPrefix}-`) && /^\d{4}\.\d\d\.\d\d$/.test(index.slice(indexPrefix.length + 1));
}

/**
 * Which of two patterns decides where both match, as those of the prefixes `logs` and `logs-2` may: the longer, closer one.
 * OpenSearch takes the higher number.
 */
export function priorityOf(indexPrefix: string): number {
  return 100 + indexPrefix.length;
}
