/**
 * A file as java.util.Properties reads it back, whatever the texts hold. It is ASCII, so that it is the same file for
 * those who read it as Latin-1 and for those who read it as UTF-8.
 *
 * @param comment one line of ASCII, without a line end
 * @param properties by plain names, such as `sasl.jaas.config`
 */
export function renderJavaProperties(comment: string, properties: Readonly<Record<string, string>>): string {
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value)}`);
  return [`#${comment}`, ...lines, ""].join("\n");
}

/** Each unit of UTF-16 that could mean something else than itself, by its number; a blank does at the beginning only. */
function escaped(text: string): string {
  return text.replace(/^ |[^ -~]|\\/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
