import { Given, isEmptyOptions, Row } from "./row";
import { COMMON, HOSTILE_TEXTS } from "./values";

/** Texts that may stand where a person reads one line. */
export const LINES = HOSTILE_TEXTS.filter((text) => !/^\s|\s$|[\n\r\t\u001b\u0085\u2028]/.test(text));

export const NO_ENTRIES = COMMON.filter((value) => Array.isArray(value) && value.length === 0);

export const line = (longest: number): Given => ({
  takes: [...LINES, "x".repeat(longest), "😀".repeat(longest)],
  refuses: ["x".repeat(longest + 1), "a\u202eb"],
});

export const MOMENTS = {
  takes: ["now", "now-24h", "now-1d/d", "now/w", "2026-11-29", "2026-11-29T12:00:00Z", "2026-11-29T12:00:00.123Z"],
  refuses: [
    "24h",
    "now+1d",
    "now-0h",
    "now - 1h",
    "2026-13-01",
    "2026-11-29T25:00:00Z",
    "2026-11-29T12:00:00",
    "now\n",
  ],
};

/** The constructor of something that is no construct, by its only argument. */
export const made = (of: string, give: (value: never) => unknown, given?: object): Row => ({
  input: `new ${of}(props)`,
  named: `props of ${of}`,
  give: (_, value) => give(value),
  isMap: true,
  takes: given === undefined ? COMMON.filter(isEmptyOptions) : [given],
  refuses: COMMON.filter((value) => !isEmptyOptions(value)),
  own: true,
});
