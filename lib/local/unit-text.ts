/**
 * What stands in a service's unit, read back as systemd would: the counterpart of lib/node/systemd-text.ts, which
 * doubles `%` and `$` and quotes as C does.
 */

/** Program and arguments of `ExecStart=`. */
export function commandOfUnit(content: string): readonly string[] {
  const line = content.split("\n").find((each) => each.startsWith("ExecStart="));
  return line === undefined ? [] : wordsOf(line.slice("ExecStart=".length));
}

/** What a process of Flink is told by `-D key=value`. */
export function settingsOfCommand(command: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    command.flatMap((word, index) => {
      const { groups } = /^(?<key>[^=]+)=(?<value>.*)$/s.exec(command[index - 1] === "-D" ? word : "") ?? {};
      return groups ? [[groups.key, groups.value]] : [];
    }),
  );
}

const WORD = /"((?:[^"\\]|\\.)*)"|\S+/g;

function wordsOf(text: string): string[] {
  return [...text.matchAll(WORD)].map(([whole, quoted]) =>
    (quoted === undefined ? whole : unescaped(quoted)).replace(/%%/g, "%").replace(/\$\$/g, "$"),
  );
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hexadecimal: string | undefined, character: string) =>
    hexadecimal === undefined ? character : String.fromCharCode(parseInt(hexadecimal, 16)),
  );
}
