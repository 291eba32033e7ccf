import * as fs from "fs/promises";
import * as path from "path";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../flink-services";
import { FLINK_HOLD_FILE, STATE } from "../paths";
import { readIfThere, writeFileAtomically } from "./files";
import { log } from "./log";
import { stopUnits } from "./systemd";

/** In the order in which they stop. */
const FLINK_UNITS: readonly string[] = [TASK_MANAGER_UNIT, JOB_MANAGER_UNIT];

/**
 * What keeps this machine from starting Flink beside another line of it. While it is held, which a file on the disk says,
 * every process of the agent begins with the gate closed, and the roll opens it when the lock or the other nodes allow it.
 */
export class FlinkGate {
  private readonly file: string;
  private opened = newSignal();
  private isNowOpen = true;
  private isNowHeld = false;
  private hasStopped = false;
  /** A start and a stop never overlap: what was being started is stopped. */
  private last: Promise<unknown> = Promise.resolve();

  public constructor(
    folder: string = STATE,
    private readonly stopAll: (units: readonly string[]) => Promise<void> = stopUnits,
  ) {
    this.file = path.join(folder, path.basename(FLINK_HOLD_FILE));
  }

  /** @param isNew whether nothing was ever applied on this machine: others may run what it does not know of */
  public async begin(isNew: boolean): Promise<void> {
    if (isNew) await this.hold();
    this.isNowHeld = (await readIfThere(this.file)) !== undefined;
    if (!this.isNowHeld) return this.open();
    this.isNowOpen = false;
    log("Flink is not started before the bucket was asked what the other nodes run");
  }

  public get isOpen(): boolean {
    return this.isNowOpen;
  }

  public get isHeld(): boolean {
    return this.isNowHeld;
  }

  public get wasStopped(): boolean {
    return this.hasStopped;
  }

  public async hold(): Promise<void> {
    if (this.isNowHeld) return;
    await writeFileAtomically(this.file, `${new Date().toISOString()}\n`, 0o600);
    this.isNowHeld = true;
  }

  public async letGo(): Promise<void> {
    await fs.rm(this.file, { force: true });
    this.isNowHeld = false;
  }

  public open(): void {
    this.isNowOpen = true;
    this.opened.give();
  }

  public async stop(): Promise<void> {
    if (this.isNowOpen) {
      log("stopping Flink, as all nodes do");
      this.opened = newSignal();
    }
    this.isNowOpen = false;
    this.hasStopped = true;
    await this.alone(() => this.stopAll(FLINK_UNITS));
  }

  /** Starts a unit as soon as that may be; those that are not Flink's at once. */
  public async start(unit: string, act: () => Promise<void>): Promise<void> {
    if (!FLINK_UNITS.includes(unit)) return act();
    let isStarted = false;
    while (!isStarted) {
      await this.opened.given;
      await this.alone(async () => {
        if (!this.isNowOpen) return;
        await act();
        isStarted = true;
      });
    }
  }

  private alone(act: () => Promise<void>): Promise<void> {
    const turn = this.last.then(act);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

interface Signal {
  readonly given: Promise<void>;
  give(): void;
}

function newSignal(): Signal {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
