import type { NumberFormat } from "./picture";

const [SECOND, MINUTE, HOUR, DAY, WEEK] = [1_000, 60_000, 3_600_000, 86_400_000, 604_800_000];
const TIMES: readonly (readonly [unit: string, millis: number])[] = [
  ["weeks", WEEK],
  ["days", DAY],
  ["hours", HOUR],
  ["mins", MINUTE],
  ["s", SECOND],
  ["ms", 1],
];
/** Of which scales are made, from a second to a day. */
const ROUND_TIMES = [
  ...[1, 2, 5, 10, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 12, 24].map((hours) => hours * HOUR),
];
const COUNTS = ["", " K", " Mil", " Bil", " Tri"];
const COUNTS_PER_SECOND = ["", "K", "M", "B", "T"];
const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * How Grafana writes numbers of a unit, in its own words.
 *
 * @param now for what is told as how long ago it was, in milliseconds
 */
export function formatOf(unit: string, now: number): NumberFormat {
  switch (unit) {
    case "short":
      return (value) => scaled(value, 1_000, COUNTS);
    case "cps":
      return (value) => `${scaled(value, 1_000, COUNTS_PER_SECOND)} c/s`;
    case "bytes":
      return (value) => scaled(value, 1_024, BYTES, " ");
    case "binBps":
      return (value) => `${scaled(value, 1_024, BYTES, " ")}/s`;
    case "ms":
      return (value) => time(value, DAY);
    case "s":
      return (value) => time(value * SECOND, WEEK);
    case "percentunit":
      return (value) => `${short(value * 100)}%`;
    case "percent":
      return (value) => `${short(value)}%`;
    case "dateTimeFromNow":
      return (value) => `${time(now - value, DAY)} ago`;
    default:
      throw new Error(`numbers of the unit ${unit} are not written yet`);
  }
}

/**
 * From one number of a scale to the next, so that each is a round one of its unit.
 *
 * @param highest of all numbers; none where numbers of the unit are round where they are round ones of ten
 */
export function scaleStepOf(unit: string, highest: number): number | undefined {
  if (highest <= 0) return undefined;
  const step = highest / 3;
  switch (unit) {
    case "bytes":
    case "binBps":
      return 2 ** Math.round(Math.log2(step));
    case "ms":
      return roundTime(step);
    case "s":
      return roundTime(step * SECOND) / SECOND;
    default:
      return undefined;
  }
}

function roundTime(millis: number): number {
  const power = 10 ** Math.floor(Math.log10(millis));
  const round = [
    ...ROUND_TIMES,
    ...[1, 2, 5, 10].map((digit) => digit * power).filter((each) => each < SECOND || each > DAY),
  ];
  return round.reduce((best, each) =>
    Math.abs(Math.log(each / millis)) < Math.abs(Math.log(best / millis)) ? each : best,
  );
}

function scaled(value: number, base: number, names: readonly string[], between = ""): string {
  const power = Math.abs(value) < base ? 0 : Math.floor(Math.log(Math.abs(value)) / Math.log(base));
  const at = Math.min(power, names.length - 1);
  return `${short(value / base ** at)}${between}${names[at]}`;
}

/** In the largest unit of which there is one, up to the largest that is used. */
function time(millis: number, largest: number): string {
  const fits = TIMES.filter(([, length]) => length <= largest);
  const rounded = Math.abs(Number(millis.toPrecision(3)));
  const [unit, length] = fits.find((each) => rounded >= each[1]) ?? fits[fits.length - 1];
  const count = short(millis / length);
  return `${count} ${count === "1" && length >= MINUTE ? unit.slice(0, -1) : unit}`;
}

/** Three digits, unless there are more before the point. */
function short(value: number): string {
  const digits = Math.max(3, Math.trunc(Math.abs(value)).toString().length);
  return value.toLocaleString("en-US", { maximumSignificantDigits: digits, useGrouping: false });
}
