import type { MetricsReport } from "../../../lib/node/report";
import type { WaitOptions } from "../../lab/wait-for";
import { readReports } from "../node-reports";
import { UndisturbedFlink } from "../undisturbed-flink";
import type { MetricsFault, MetricsFaultPlace } from "./metrics-faults";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import { waitForMoments } from "./shipped-moments";

/** How a fault of the shipping of metrics went, and what it did to nothing else. */
export interface MetricsFaultRecord {
  readonly store: string;
  readonly what: string;
  /** What `status` has behind `metrics:`. */
  readonly said: string;
  /** From the beginning of the act that did it until the node told of it, or until it was seen in the store. */
  readonly secondsToTell: number;
  /** From the beginning of the act that mended it until the node told of nothing and all values were there that are kept. */
  readonly secondsToRecover: number;
  readonly values: "all arrived" | "not kept";
}

const PATIENCE = 6 * 60_000;

/**
 * Plays a fault under running jobs. Fails where the node is not healthy, or does not tell of it; where a process of Flink ends, a
 * job begins anew or makes no checkpoint; and where values of meanwhile are missing that should be there.
 */
export async function playMetricsFault(place: MetricsFaultPlace, fault: MetricsFault): Promise<MetricsFaultRecord> {
  return new Play(place, fault).run();
}

class Play {
  /** Why the node was not healthy, wherever it was looked at. */
  private readonly illnesses: string[] = [];
  private readonly flink: UndisturbedFlink;

  public constructor(
    private readonly place: MetricsFaultPlace,
    private readonly fault: MetricsFault,
  ) {
    const { deployment, session } = place;
    const node = deployment.machine(session.nodes[0].name);
    this.flink = new UndisturbedFlink(session, node, (condition, options) => this.waitFor(condition, options));
  }

  public async run(): Promise<MetricsFaultRecord> {
    const { place, fault } = this;
    const { store } = place;
    const flink = await this.flink.state();

    const begin = Date.now();
    const mend = await fault.provoke(place);
    let [said, secondsToTell, mended] = ["", 0, begin];
    try {
      said = await this.told(begin);
      secondsToTell = secondsSince(begin);
      await this.flink.requireCheckpoints();
    } finally {
      // Other faults are played afterwards, whatever became of this one.
      mended = Date.now();
      await mend();
    }
    await this.waitFor(async () => (await this.metrics()).problem === undefined, { what: "the node to be content" });
    const from = fault.keeps(store) ? begin : Date.now();
    const to = Date.now() + METRICS_INTERVAL_SECONDS * 1000;
    await waitForMoments((condition, options) => this.waitFor(condition, options), store, { from, to });
    const secondsToRecover = secondsSince(mended);
    expect(await this.flink.state()).toEqual(flink);
    expect(this.illnesses).toEqual([]);
    const values = fault.keeps(store) ? "all arrived" : "not kept";
    return { store: store.title, what: fault.what, said, secondsToTell, secondsToRecover, values };
  }

  /** What `status` says of it, as soon as the node does; where nothing is in the way, nothing must be said. */
  private async told(begin: number): Promise<string> {
    const { place, fault } = this;
    const says = fault.says(place.store);
    if (says !== undefined) {
      await this.waitFor(async () => says.test((await this.metrics()).problem ?? ""), {
        what: `the node to tell of ${fault.what}`,
      });
      return saidOfMetrics(await place.deployment.status()) ?? "nothing any more";
    }
    await this.waitFor(async () => (await fault.isSeen?.(place, begin)) ?? true, {
      what: `${fault.what}, in the store`,
    });
    expect((await this.metrics()).problem).toBeUndefined();
    return saidOfMetrics(await place.deployment.status()) ?? "nothing";
  }

  private waitFor<T>(condition: () => Promise<T | undefined | false>, options: Pick<WaitOptions, "what">): Promise<T> {
    return this.place.deployment.lab.waitFor(condition, { timeout: PATIENCE, interval: 1000, ...options });
  }

  private async metrics(): Promise<MetricsReport> {
    const [{ status, reasons, metrics }] = await readReports(this.place.deployment);
    if (status !== "healthy") this.illnesses.push(`${status}: ${reasons.join("; ")}`);
    return metrics!;
  }
}

function secondsSince(moment: number): number {
  return Math.round((Date.now() - moment) / 1000);
}

/** The first note of `status` about metrics stands behind this, to the end of its line. */
export function saidOfMetrics(status: string): string | undefined {
  return /metrics: (.*)$/m.exec(status)?.[1];
}
