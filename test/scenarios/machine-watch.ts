import { setTimeout as delay } from "node:timers/promises";
import type { NodeReport } from "../../lib/node/report";

const SAMPLE_MILLIS = 500;

/** A machine as its own switch has it. */
export interface SwitchedMachine {
  readonly name: string;
  readonly isOn: boolean;
}

/** What was seen of machines that were switched off and on. */
export interface SeenMachines {
  /** In the order in which they went off; each once for each time. */
  readonly stopped: readonly string[];
  /** The largest number of nodes that were away at one moment. */
  readonly mostAway: number;
  readonly samples: number;
}

/**
 * Sees from outside which nodes are away: from when a machine is off until its node reports, of another boot, that it is
 * healthy again.
 */
export class MachineWatch {
  private readonly boots = new Map<string, string>();
  private readonly away = new Set<string>();
  private readonly stopped: string[] = [];
  private mostAway = 0;
  private samples = 0;
  private isOver = false;
  private looking: Promise<void> = Promise.resolve();

  /**
   * @param machines the machines of the nodes, as they are
   * @param reports the nodes' newest reports
   */
  public static async start(
    machines: () => readonly SwitchedMachine[],
    reports: () => Promise<readonly NodeReport[]>,
    pauseMillis = SAMPLE_MILLIS,
  ): Promise<MachineWatch> {
    const watch = new MachineWatch(machines, reports, pauseMillis);
    for (const { node, bootId } of await reports()) watch.boots.set(node, bootId);
    watch.looking = watch.run();
    // Told by `stop`, and until then by nobody.
    watch.looking.catch(() => undefined);
    return watch;
  }

  private constructor(
    private readonly machines: () => readonly SwitchedMachine[],
    private readonly reports: () => Promise<readonly NodeReport[]>,
    private readonly pauseMillis: number,
  ) {}

  /** Fails if the reports could not be read. */
  public async stop(): Promise<SeenMachines> {
    this.isOver = true;
    await this.looking;
    return { stopped: this.stopped, mostAway: this.mostAway, samples: this.samples };
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      await this.look();
      await delay(this.pauseMillis);
    }
  }

  private async look(): Promise<void> {
    // Before the reports, which are of a moment that is over.
    const off = this.machines().filter(({ isOn, name }) => !isOn && this.boots.has(name));
    for (const { name } of off) {
      if (!this.away.has(name)) this.stopped.push(name);
      this.away.add(name);
    }
    for (const { node, bootId, status } of await this.reports()) {
      if (status !== "healthy" || bootId === this.boots.get(node)) continue;
      this.boots.set(node, bootId);
      this.away.delete(node);
    }
    this.samples += 1;
    this.mostAway = Math.max(this.mostAway, this.away.size);
  }
}
