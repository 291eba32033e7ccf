import { describeError, log } from "./log";
import { showUnits, startUnit, UnitState } from "./systemd";

/** Whoever stays up for so long does not end again and again. */
const STEADY_MILLIS = 60_000;
/** One end may have any reason, and systemd has made up for it. */
const SUSPICIOUS_ENDS = 2;

/** systemd, as far as it is asked. */
export interface UnitControl {
  show(names: readonly string[]): Promise<readonly UnitState[]>;
  start(name: string): Promise<void>;
}

/**
 * Units beside the work of the node. Each look starts those that nobody starts any more: systemd itself starts those anew
 * that end, but not what it was never told to start.
 */
export class AuxiliaryUnits {
  /** By unit: how often systemd had started it anew when it was steady last. */
  private readonly restartsWhenSteady = new Map<string, number>();

  public constructor(
    private readonly names: readonly string[],
    private readonly beforeStart: (unit: string) => Promise<void>,
    private readonly control: UnitControl = { show: showUnits, start: startUnit },
    private readonly now: () => number = Date.now,
  ) {}

  /** What is wrong with each of them, one sentence without a full stop; nothing where all is well. */
  public async look(): Promise<ReadonlyMap<string, string | undefined>> {
    const problems = new Map<string, string | undefined>();
    for (const state of await this.control.show(this.names)) problems.set(state.name, await this.keep(state));
    return problems;
  }

  private async keep(unit: UnitState): Promise<string | undefined> {
    const { name, active, state } = unit;
    const ends = this.endsSinceSteady(unit);
    if (!active && /^(inactive|failed)\b/.test(state)) {
      try {
        await this.beforeStart(name);
        await this.control.start(name);
        log(`started ${name}`);
      } catch (error) {
        return `${name} is ${state} and cannot be started: ${describeError(error)}`;
      }
    }
    return ends >= SUSPICIOUS_ENDS ? `${name} ends again and again, ${ends} times so far` : undefined;
  }

  /** systemd counts from the last time on that it was told to start it. */
  private endsSinceSteady({ name, active, since, restarts }: UnitState): number {
    const before = Math.min(restarts, this.restartsWhenSteady.get(name) ?? restarts);
    const isSteady = active && since !== undefined && this.now() - Date.parse(since) >= STEADY_MILLIS;
    this.restartsWhenSteady.set(name, isSteady ? restarts : before);
    return isSteady ? 0 : restarts - before;
  }
}
