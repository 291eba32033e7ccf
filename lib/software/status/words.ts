import Table from "cli-table3";

/** As much of a SHA-256 as a person compares. */
const SHORT_HASH = 12;

const SPANS: readonly (readonly [name: string, seconds: number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
];

/** Nothing around the cells but two spaces between columns, so that a cluster fits a screen. */
const NO_LINES = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
};

/** Such as `12 s` or `3 h`: a person compares these, and programs read the times themselves. */
export function spanInWords(seconds: number): string {
  const [name, length] = SPANS.find(([, each]) => seconds >= 2 * each) ?? ["s", 1];
  return `${Math.floor(seconds / length)} ${name}`;
}

/** `2026-03-01 10:00Z` of a time in ISO 8601; what is none stays as it is. */
export function timeInWords(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/, "$1 $2Z");
}

export function shortHash(sha256: string | undefined): string {
  return sha256?.slice(0, SHORT_HASH) ?? "";
}

/** Such as `1 node` and `2 nodes`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
  const table = new Table({ head: [...head], chars: NO_LINES, style });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
