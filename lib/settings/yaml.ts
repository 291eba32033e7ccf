import { stringify } from "yaml";

/**
 * Flat keys and text values as Flink's `config.yaml`. Every value is a double-quoted scalar, and the file is
 * plain ASCII (other characters are written as escapes), so that neither the node's locale nor YAML's guesses
 * at types can change a value.
 */
export function renderYaml(entries: Readonly<Record<string, string>>): string {
  const text = stringify(entries, {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    // One line per entry, whatever the value holds: Flink's start scripts read this file with sed as well.
    doubleQuotedAsJSON: true,
    lineWidth: 0,
    version: "1.2",
    schema: "core",
  });
  return escapeNonAscii(text);
}

/** The text consists of ASCII keys and double-quoted values: whatever is not ASCII stands inside of quotes. */
function escapeNonAscii(text: string): string {
  return text.replace(/[^\x00-\x7e]/gu, (character) => {
    const hexadecimal = character.codePointAt(0)!.toString(16);
    return hexadecimal.length <= 4 ? `\\u${hexadecimal.padStart(4, "0")}` : `\\U${hexadecimal.padStart(8, "0")}`;
  });
}
