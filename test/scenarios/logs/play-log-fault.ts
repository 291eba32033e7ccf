import type { LogsReport } from "../../../lib/node/report";
import type { WaitOptions } from "../../lab/wait-for";
import { readReports } from "../node-reports";
import { UndisturbedFlink } from "../undisturbed-flink";
import { LastLine, lastLines } from "./lines-on-node";
import type { FaultPlace, LogFault } from "./log-faults";

/** How a fault of the shipping of logs went, and what it did to nothing else. */
export interface LogFaultRecord {
  readonly what: string;
  /** The line that `status` has of the node's logs. */
  readonly said: string;
  /** From the beginning of the act that did it until the node told of it. */
  readonly secondsToTell: number;
  /** From the beginning of the act that mended it until the node told of nothing and every line was there. */
  readonly secondsToRecover: number;
  /** Lines of Flink that never arrived. */
  readonly lines: string;
}

const MINUTE = 60_000;
const PATIENCE = 6 * MINUTE;

/**
 * Plays a fault under running jobs. Fails where the node is not healthy, or does not tell of it; where a process of Flink
 * ends, a job begins anew or makes no checkpoint; and where lines of meanwhile are missing that should be there.
 */
export async function playLogFault(place: FaultPlace, fault: LogFault): Promise<LogFaultRecord> {
  return new Play(place, fault).run();
}

class Play {
  /** Why the node was not healthy, wherever it was looked at. */
  private readonly illnesses: string[] = [];
  private readonly flink: UndisturbedFlink;

  public constructor(
    private readonly place: FaultPlace,
    private readonly fault: LogFault,
  ) {
    this.flink = new UndisturbedFlink(place.session, this.node, (condition, options) =>
      this.waitFor(condition, options),
    );
  }

  public async run(): Promise<LogFaultRecord> {
    const { place, fault } = this;
    const flink = await this.flink.state();

    let since = Date.now();
    const mend = await fault.provoke(place);
    await this.waitFor(async () => fault.says.test((await this.logs()).problem ?? ""), {
      what: `the node to tell of ${fault.what}`,
    });
    const secondsToTell = secondsSince(since);
    await this.flink.requireCheckpoints();
    const said = logsOf(await place.deployment.status());
    const written = await lastLines(this.node);

    since = Date.now();
    await mend();
    await this.waitFor(async () => (await this.logs()).problem === undefined, { what: "the node to be content" });
    const lines = await this.arrival(written);
    const secondsToRecover = secondsSince(since);
    expect(await this.flink.state()).toEqual(flink);
    expect(this.illnesses).toEqual([]);
    return { what: fault.what, said, secondsToTell, secondsToRecover, lines };
  }

  /** Waits until every line is there that was written until the mend and is kept; tells of the others. */
  private async arrival(written: readonly LastLine[]): Promise<string> {
    if (this.fault.loses === "none") {
      await this.waitFor(async () => (await this.missing(written)) === 0, { what: "lines of meanwhile" });
      return "none";
    }
    const isSettled = async () => {
      const { lost } = await this.logs();
      return lost > 0 && lost === (await this.missing(written)) && lost;
    };
    const lost = await this.waitFor(isSettled, { what: "the lines that are kept, and a count of the others" });
    const all = written.reduce((sum, { sequence }) => sum + sequence, 0);
    return `${lost} of ${all}, as the node counted; the other ${all - lost} were delivered`;
  }

  private get node() {
    const { deployment, session } = this.place;
    return deployment.machine(session.nodes[0].name);
  }

  private waitFor<T>(
    condition: () => T | undefined | false | Promise<T | undefined | false>,
    options: Pick<WaitOptions, "what">,
  ): Promise<T> {
    return this.place.deployment.lab.waitFor(condition, { timeout: PATIENCE, interval: 1000, ...options });
  }

  private async logs(): Promise<LogsReport> {
    const [{ status, reasons, logs }] = await readReports(this.place.deployment);
    if (status !== "healthy") this.illnesses.push(`${status}: ${reasons.join("; ")}`);
    return logs!;
  }

  /** Lines of the runs up to these that are not in OpenSearch. */
  private async missing(lines: readonly LastLine[]): Promise<number> {
    let missing = 0;
    for (const { run, sequence } of lines) {
      const ofRun = [{ term: { run } }, { range: { sequence: { gte: 1, lte: sequence } } }];
      missing += sequence - (await this.place.search.count({ bool: { filter: ofRun } }));
    }
    return missing;
  }
}

function secondsSince(moment: number): number {
  return Math.round((Date.now() - moment) / 1000);
}

/** What the first note about logs says, to the end of its line. */
function logsOf(status: string): string {
  const [, said] = /logs: (.*)$/m.exec(status) ?? [];
  if (said === undefined) throw new Error(`status says nothing of logs:\n${status}`);
  return said;
}
