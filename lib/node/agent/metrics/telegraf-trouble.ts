import { printable } from "../../../core/printable";
import { withoutSecrets } from "../../../core/without-secrets";
import { METRICS_UNIT } from "../../metrics/metrics-unit";
import { mustRun } from "../command";

/** In a report, of what Telegraf says. */
const LONGEST_TROUBLE = 300;
const MOST_LINES = 200;
/** Time, level and what it says: `2026-11-30T02:31:00Z E! [agent] Error writing to outputs.http: …`. */
const LINE = /^\S+Z (?<level>[EWI])! (?<text>.*)$/;
/** An answer of Flink that is too long is left out with a remark. */
const LEFT_OUT = /^\[inputs\.prometheus\] skipping /;
/** What it says once and then every time where it cannot connect at its start. */
const CONNECT_FAILED = /^\[outputs\.\w+\] Connect failed: (.*); retrying\.\.\.$/;
const NOT_CONNECTED = /: not connected$/;
/** It stands in every second line, and says nothing to who reads a report. */
const PREFIX = /^\[(?:agent|inputs\.\w+|outputs\.\w+)\] (?:Error in plugin: )?/;

/** What Go guesses of an authority that has the name of the right one, at length. */
const GUESS = / \(possibly because of ".*$/;

/** Lines of Telegraf of the last seconds, as the journal has them. */
export async function recentTelegrafLines(seconds: number): Promise<readonly string[]> {
  const since = `-${seconds}s`;
  const options = ["--quiet", "--no-pager", "--output=cat", `--lines=${MOST_LINES}`, `--since=${since}`];
  return (await mustRun("journalctl", [...options, `--unit=${METRICS_UNIT}`])).split("\n");
}

/** What Telegraf complains of. */
export class TroubleWatch {
  /** Why it could not connect when it started: it says so once, and then that it is not connected. */
  private whyNotConnected?: string;

  /** Its last complaint among these lines, one sentence without a full stop; nothing where there is none. */
  public among(lines: readonly string[]): string | undefined {
    const said = lines.flatMap((line) => {
      const { level, text } = LINE.exec(line)?.groups ?? {};
      return level === undefined ? [] : [{ level, text }];
    });
    this.whyNotConnected =
      said.flatMap(({ text }) => CONNECT_FAILED.exec(text)?.[1] ?? []).at(-1) ?? this.whyNotConnected;
    const complaints = said.flatMap(({ level, text }) => (level === "E" || LEFT_OUT.test(text) ? [text] : []));
    // What is in the way of the destination comes first: a process of Flink that is away is seen elsewhere too.
    const last = complaints.filter((text) => !text.startsWith("[inputs.")).at(-1) ?? complaints.at(-1);
    if (last === undefined) return undefined;
    return asSentence(NOT_CONNECTED.test(last) ? (this.whyNotConnected ?? last) : last);
  }
}

function asSentence(text: string): string {
  return withoutSecrets(printable(text.replace(PREFIX, "").replace(GUESS, "")))
    .slice(0, LONGEST_TROUBLE)
    .replace(/\.$/, "");
}
