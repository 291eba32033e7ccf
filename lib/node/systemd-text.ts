/**
 * Text as systemd reads it back byte for byte. In units `%` begins a specifier and, in commands, `$` a
 * variable; both are doubled. Quoting is C-like.
 */

/** One argument of `ExecStart=`. */
export function execArgument(text: string): string {
  return quoted(text).replace(/\$/g, "$$$$");
}

/** One assignment of `Environment=`. */
export function environmentAssignment(name: string, value: string): string {
  return quoted(`${name}=${value}`);
}

function quoted(text: string): string {
  const specifiersDoubled = text.replace(/%/g, "%%");
  if (/^[A-Za-z0-9_@%+=:,./$-]+$/.test(specifiersDoubled)) return specifiersDoubled;
  const escaped = specifiersDoubled.replace(/[\\"]/g, "\\$&").replace(/\p{Cc}/gu, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}

/** A path as the name of the unit that mounts it, as `systemd-escape --path` gives it. */
export function mountUnitName(path: string): string {
  const escaped = path
    .replace(/^\/+|\/+$/g, "")
    .split(/\/+/)
    .map((part) => part.replace(/[^A-Za-z0-9:_.]/gu, escapeBytes))
    .join("-")
    .replace(/^\./, escapeBytes);
  return `${escaped}.mount`;
}

function escapeBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
