/** Java's own readers, as far as our files go by them. */

/** As java.util.Properties.load has it: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html */
export function readJavaProperties(text: string): Readonly<Record<string, string>> {
  const entries = logicalLines(text).map((line) => {
    const [key] = /^(?:\\.|[^\\ \t\f=:])*/s.exec(line)!;
    const value = line.slice(key.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, "");
    return [unescaped(key), unescaped(value)] as const;
  });
  return Object.fromEntries(entries);
}

/** Without comments and empty ones; those that end with a backslash go on in the next one. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open: string | undefined;
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const rest: string = natural.replace(/^[ \t\f]+/, "");
    if (open === undefined && (rest === "" || /^[#!]/.test(rest))) continue;
    const line: string = (open ?? "") + rest;
    const goesOn = /\\*$/.exec(line)![0].length % 2 === 1;
    if (goesOn) open = line.slice(0, -1);
    else lines.push(line);
    if (!goesOn) open = undefined;
  }
  return open === undefined ? lines : [...lines, open];
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, character: string) =>
    hex === undefined ? (named[character] ?? character) : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** A login module with its options, as Kafka's JaasConfig reads it by java.io.StreamTokenizer. */
export interface JaasEntry {
  readonly loginModule: string;
  readonly controlFlag: string;
  readonly options: Readonly<Record<string, string>>;
}

export function readJaas(text: string): JaasEntry {
  const tokens = new Tokens(text);
  const [loginModule, controlFlag] = [tokens.text(), tokens.text()];
  const options: Record<string, string> = {};
  while (!tokens.take(";")) {
    const key = tokens.text();
    if (!tokens.take("=")) throw new Error(`no value of ${key}`);
    options[key] = tokens.text();
  }
  if (!tokens.isAtEnd) throw new Error("there is another entry");
  return { loginModule, controlFlag, options };
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
};

class Tokens {
  private at = 0;

  public constructor(private readonly from: string) {}

  public get isAtEnd(): boolean {
    this.skip();
    return this.at === this.from.length;
  }

  public take(character: string): boolean {
    this.skip();
    if (this.from[this.at] !== character) return false;
    this.at++;
    return true;
  }

  /** A word or what stands in quotes. */
  public text(): string {
    this.skip();
    const quote = this.from[this.at];
    if (quote === '"' || quote === "'") return this.quoted(quote);
    const [word] = /^[\w$.-]*/.exec(this.from.slice(this.at))!;
    if (word === "") throw new Error(`no word at ${this.from.slice(this.at)}`);
    this.at += word.length;
    return word;
  }

  private quoted(quote: string): string {
    let found = "";
    for (this.at++; this.at < this.from.length; this.at++) {
      const character = this.from[this.at];
      if (character === quote) {
        this.at++;
        return found;
      }
      if (character === "\n" || character === "\r") return found;
      found += character === "\\" ? this.escape() : character;
    }
    return found;
  }

  private escape(): string {
    const octal = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(this.from.slice(this.at + 1))?.[0];
    if (octal !== undefined) {
      this.at += octal.length;
      return String.fromCharCode(parseInt(octal, 8));
    }
    const character = this.from[++this.at];
    return ESCAPES[character] ?? character;
  }

  private skip(): void {
    this.at += /^(?:[\0- ]|\/\*.*?\*\/|\/\/[^\r\n]*)*/s.exec(this.from.slice(this.at))![0].length;
  }
}
