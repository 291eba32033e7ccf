import type { NodeSpec, UnitSpec } from "../desired-state";
import type { UnitReport } from "../report";
import { checkHealth } from "./health";
import { describeError, log } from "./log";
import type { Reporter } from "./reporter";
import { showUnits, startUnit } from "./systemd";
import { setTimeout as sleep } from "timers/promises";

const POLL_MILLIS = 3_000;
/** A unit that is not healthy by then does not hold up the next one: ZooKeeper waits for other nodes. */
const LONGEST_WAIT_FOR_ONE_UNIT_MILLIS = 20_000;

/** Starts the units of a node in their order, all but those beside its work, and watches them. */
export class Supervisor {
  private readonly units: readonly UnitSpec[];

  public constructor(
    units: readonly UnitSpec[],
    private readonly node: NodeSpec,
    private readonly reporter: Reporter,
    private readonly beforeStart: (unit: string) => Promise<void> = () => Promise.resolve(),
    /** Starts a unit when that may be. */
    private readonly whenItMay: (unit: string, start: () => Promise<void>) => Promise<void> = (_, start) => start(),
  ) {
    this.units = node.units
      .map((name) => units.find((unit) => unit.name === name)!)
      .filter(({ auxiliary }) => !auxiliary);
  }

  /**
   * Units that run already are left alone, and then nothing is waited for: the agent may have been started
   * anew beside a Flink that works.
   */
  public async start(signal: AbortSignal): Promise<void> {
    const started: UnitSpec[] = [];
    for (const unit of this.units) {
      if (signal.aborted) return;
      const [before] = await showUnits([unit.name]);
      started.push(unit);
      if (before?.active) continue;
      await this.whenItMay(unit.name, async () => {
        log(`starting ${unit.name}`);
        await this.beforeStart(unit.name);
        await startUnit(unit.name);
      });
      await this.waitFor(unit, started, signal);
    }
  }

  /** Asks systemd and every process once. */
  public async check(units: readonly UnitSpec[] = this.units): Promise<readonly UnitReport[]> {
    const states = await showUnits(units.map((unit) => unit.name));
    const reports = await Promise.all(
      states.map(async (state) => {
        const health = units.find((unit) => unit.name === state.name)?.health;
        if (!health || !state.active) return state;
        const { healthy, detail } = await checkHealth(health, this.node.host);
        return { ...state, healthy, health: detail };
      }),
    );
    this.reporter.setUnits(reports, units.length === this.units.length);
    return reports;
  }

  /** Watches until the signal; a check that fails is said and repeated. */
  public async watch(afterEach: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.check();
        this.reporter.solve("watching the units");
        await afterEach();
      } catch (error) {
        this.reporter.setProblem("watching the units", `the units cannot be watched: ${describeError(error)}`);
      }
      await sleep(POLL_MILLIS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async waitFor(unit: UnitSpec, started: readonly UnitSpec[], signal: AbortSignal): Promise<void> {
    const end = Date.now() + LONGEST_WAIT_FOR_ONE_UNIT_MILLIS;
    while (Date.now() < end && !signal.aborted) {
      const report = (await this.check(started)).find(({ name }) => name === unit.name);
      if (report?.active && report.healthy !== false) return;
      await sleep(1_000);
    }
    if (!signal.aborted)
      log(`${unit.name} is not healthy after ${LONGEST_WAIT_FOR_ONE_UNIT_MILLIS / 1000} s: going on`);
  }
}
