/**
 * Texts of a secret that is a JSON object, by their names; none of them is empty. Fails with one sentence without a full
 * stop, which says nothing of what the secret holds.
 */
export function secretTexts<Name extends string>(
  secret: string,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const example = `store it as {${names.map((name) => `"${name}": "…"`).join(", ")}}`;
  const fields = objectOf(secret);
  if (!fields) throw new Error(`its secret is no JSON object: ${example}`);
  const missing = names.find((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing !== undefined) throw new Error(`its secret has no text named ${missing}: ${example}`);
  return fields as Record<Name, string>;
}

/** The parser's own words would quote the secret. */
function objectOf(secret: string): Readonly<Record<string, unknown>> | undefined {
  let found: unknown;
  try {
    found = JSON.parse(secret);
  } catch {
    return undefined;
  }
  const isObject = typeof found === "object" && found !== null && !Array.isArray(found);
  return isObject ? (found as Record<string, unknown>) : undefined;
}
