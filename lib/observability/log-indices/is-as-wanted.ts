/**
 * Whether what OpenSearch gives back is what it was told: it adds defaults of its own, gives numbers as texts, and a list of
 * one as it likes.
 */
export function isAsWanted(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const list: readonly unknown[] = Array.isArray(actual) ? actual : [actual];
    return list.length === wanted.length && wanted.every((each, index) => isAsWanted(list[index], each));
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof actual !== "object" || actual === null) return false;
    const fields = actual as Readonly<Record<string, unknown>>;
    return Object.entries(wanted).every(([name, value]) => isAsWanted(fields[name], value));
  }
  return String(actual) === String(wanted);
}
