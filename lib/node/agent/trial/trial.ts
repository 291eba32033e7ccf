import * as fs from "fs/promises";
import * as path from "path";
import { AGENT_UNIT, FALL_BACK_FILE, STATE, TRIAL_FILE, TRIAL_RESERVE_FILE } from "../../paths";
import { readIfThere, writeFileAtomically } from "../files";
import { log } from "../log";
import type { StateStore } from "../state-store";
import { showUnits, startUnit, stopUnits } from "../systemd";
import { LOOK_SECONDS, TrialUnits } from "./trial-units";

/** The agent on trial may end so often; that the one before it ended, to make way, is not counted. */
export const MOST_ENDS = 5;
/**
 * The roll itself waits ten minutes until all is well, and each process of the agent begins them anew: as many as four
 * may wait in full, after reboots or ends of their own, before it is taken for one that hangs.
 */
export const LONGEST_TRIAL_MINUTES = 40;

/** Several times a desired state and the little beside it, which are what going back writes. */
const RESERVE_BYTES = 1 << 20;

/** What was taken over, and what ran before. */
interface TrialRecord {
  /** SHA-256 of the desired state, lower-case hexadecimal. */
  readonly sha256: string;
  /** That of the desired state before. */
  readonly before: string;
  /** How often it was looked at. */
  readonly looks: number;
  /** How often systemd had started the agent anew, at the lowest count seen: it begins at 0 again with a boot. */
  readonly fewestRestarts: number;
}

interface FallBackRecord {
  readonly sha256: string;
  /** One sentence without a full stop. */
  readonly reason: string;
}

/**
 * The trial of a desired state that was taken over, for the agent that it names: one that starts and falls, or hangs,
 * cannot go back by itself. Units of systemd look each minute, with the program of the agent before. They go back when
 * the agent ended five times, or when nobody has ended the trial for 40 minutes; the agent before, which the bootstrap
 * then starts, finds the reason here and writes it into the roll's lock.
 *
 * Every step may be cut and is done again with the next look.
 */
export class Trial {
  private readonly file: string;
  private readonly fallBackFile: string;
  private readonly reserveFile: string;

  public constructor(
    private readonly states: Pick<StateStore, "applied" | "previous" | "goBack">,
    private readonly units: TrialUnits,
    folder: string = STATE,
  ) {
    this.file = path.join(folder, path.basename(TRIAL_FILE));
    this.fallBackFile = path.join(folder, path.basename(FALL_BACK_FILE));
    this.reserveFile = path.join(folder, path.basename(TRIAL_RESERVE_FILE));
  }

  /** To be called before the state becomes the applied one. Fails where the disk has no room for going back. */
  public async begin(sha256: string, before: string): Promise<void> {
    await this.forgetFallBack();
    // What was taken over may fill the disk.
    await writeFileAtomically(this.reserveFile, Buffer.alloc(RESERVE_BYTES), 0o600);
    await this.write({ sha256, before, looks: 0, fewestRestarts: await restarts() });
    await this.units.start();
  }

  /** Whether this state was taken over here in place of that one, and is still on trial. */
  public async isOf(sha256: string, before: string): Promise<boolean> {
    const now = await readJson<TrialRecord>(this.file);
    return now?.sha256 === sha256 && now.before === before;
  }

  /** For going back, on a disk that what was taken over has filled. */
  public async makeRoom(): Promise<void> {
    await fs.rm(this.reserveFile, { force: true });
  }

  /** What was taken over holds, or the agent itself went back from it. */
  public async end(): Promise<void> {
    if (!(await readIfThere(this.file))) return;
    await this.units.remove();
    await this.makeRoom();
    await fs.rm(this.file, { force: true });
  }

  /** What is tried again is not what failed. */
  public async forgetFallBack(): Promise<void> {
    await fs.rm(this.fallBackFile, { force: true });
  }

  /** Why this machine went back from a state by itself; nothing where it did not. */
  public async fellBackFrom(sha256: string): Promise<string | undefined> {
    const found = await readJson<FallBackRecord>(this.fallBackFile);
    return found?.sha256 === sha256 ? found.reason : undefined;
  }

  /** One look at it, in a process of its own. */
  public async judge(): Promise<void> {
    const trial = await readJson<TrialRecord>(this.file);
    if (!trial) return this.units.remove();
    if ((await this.fellBackFrom(trial.sha256)) !== undefined) return this.goBack(trial);
    // Not taken over yet, or gone back from.
    if ((await this.appliedSha256()) !== trial.sha256) return;
    const now = await restarts();
    const fewestRestarts = Math.min(trial.fewestRestarts, now);
    const looks = trial.looks + 1;
    const reason = verdict(now - fewestRestarts - 1, looks);
    // The agent may have ended it since it was read, and then nothing shall bring it back.
    if (!(await this.isOf(trial.sha256, trial.before))) return;
    if (reason === undefined) return this.write({ ...trial, looks, fewestRestarts });
    if ((await this.states.previous())?.reference.sha256 !== trial.before) {
      log(`${reason}; what ran before is not on this machine any more`);
      return this.end();
    }
    log(`going back to the desired state before: ${reason}`);
    await this.makeRoom();
    // The reason first: with it the rest is done again wherever it is cut.
    await writeFileAtomically(this.fallBackFile, `${JSON.stringify({ sha256: trial.sha256, reason })}\n`, 0o600);
    return this.goBack(trial);
  }

  private async goBack({ sha256, before }: TrialRecord): Promise<void> {
    if ((await this.appliedSha256()) === sha256) {
      await stopUnits([AGENT_UNIT]);
      // From here on nobody ends it any more. What was ended before holds, and others may be changing already.
      if (!(await this.isOf(sha256, before))) {
        log("not going back: the trial was ended meanwhile");
        await this.forgetFallBack();
        return startUnit(AGENT_UNIT);
      }
      await this.states.goBack(before, new Date());
    }
    await startUnit(AGENT_UNIT);
    await this.end();
  }

  private async appliedSha256(): Promise<string | undefined> {
    return (await this.states.applied())?.reference.sha256;
  }

  private async write(trial: TrialRecord): Promise<void> {
    await writeFileAtomically(this.file, `${JSON.stringify(trial)}\n`, 0o600);
  }
}

function verdict(ends: number, looks: number): string | undefined {
  if (ends >= MOST_ENDS) return `its agent ended ${ends} times`;
  if (looks * LOOK_SECONDS < LONGEST_TRIAL_MINUTES * 60) return undefined;
  return `its agent did not say within ${LONGEST_TRIAL_MINUTES} minutes whether all is well`;
}

async function restarts(): Promise<number> {
  const [agent] = await showUnits([AGENT_UNIT]);
  return agent?.restarts ?? 0;
}

/** Nothing when it is not there, or damaged. */
async function readJson<T>(file: string): Promise<T | undefined> {
  const text = (await readIfThere(file))?.toString();
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
