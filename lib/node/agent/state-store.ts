import { createHash } from "crypto";
import * as fs from "fs/promises";
import * as path from "path";
import type { StateReference } from "../report";
import {
  APPLIED_STATE_FILE,
  APPLIED_VERSION_FILE,
  FETCHED_STATE_FILE,
  FETCHED_VERSION_FILE,
  PREVIOUS_STATE_FILE,
  PREVIOUS_VERSION_FILE,
  STATE,
  WAS_HEALTHY_FILE,
} from "../paths";
import { readIfThere, writeFileAtomically } from "./files";

/** A desired state as it came from the bucket. */
export interface StoredState {
  readonly bytes: Buffer;
  readonly reference: StateReference;
}

/** Files in which a state is kept: its bytes, and which version of the object they are. */
interface Place {
  readonly state: string;
  readonly version: string;
}

/** The desired states on this machine's own disk: with them it starts without the bucket. */
export class StateStore {
  private readonly places: Readonly<Record<"fetched" | "applied" | "previous", Place>>;
  private readonly wasHealthyFile: string;

  public constructor(folder: string = STATE) {
    const inFolder = (file: string) => path.join(folder, path.basename(file));
    this.places = {
      fetched: { state: inFolder(FETCHED_STATE_FILE), version: inFolder(FETCHED_VERSION_FILE) },
      applied: { state: inFolder(APPLIED_STATE_FILE), version: inFolder(APPLIED_VERSION_FILE) },
      previous: { state: inFolder(PREVIOUS_STATE_FILE), version: inFolder(PREVIOUS_VERSION_FILE) },
    };
    this.wasHealthyFile = inFolder(WAS_HEALTHY_FILE);
  }

  /** What this node runs. */
  public applied(): Promise<StoredState | undefined> {
    return load(this.places.applied);
  }

  /** What the bootstrap fetched, because nothing was applied. */
  public fetched(): Promise<StoredState | undefined> {
    return load(this.places.fetched);
  }

  /** From now on the node runs this state; the one before is kept. */
  public async recordApplied(state: StoredState): Promise<void> {
    const before = await this.applied();
    if (before && before.reference.sha256 !== state.reference.sha256) {
      await save(this.places.previous, before);
      await fs.rm(this.wasHealthyFile, { force: true });
    }
    await save(this.places.applied, state);
  }

  /**
   * Back to what ran before, which stays the previous one too: at no moment is there only the state that is left.
   * False: that is not here any more.
   */
  public async goBack(sha256: string, now: Date): Promise<boolean> {
    const before = await this.previous();
    if (before?.reference.sha256 !== sha256) return false;
    await save(this.places.applied, { ...before, reference: { ...before.reference, since: now.toISOString() } });
    // A roll begins on nodes that are healthy only.
    await this.recordHealthy(now);
    return true;
  }

  /** Nothing is applied any more: the bootstrap fetches anew. */
  public async forgetApplied(): Promise<void> {
    const before = await this.applied();
    if (before) await save(this.places.previous, before);
    await fs.rm(this.wasHealthyFile, { force: true });
    await fs.rm(this.places.applied.state, { force: true });
  }

  /** Whether the applied state was ever healthy here. */
  public async wasHealthy(): Promise<boolean> {
    return (await readIfThere(this.wasHealthyFile)) !== undefined;
  }

  /** What ran before the applied state. */
  public previous(): Promise<StoredState | undefined> {
    return load(this.places.previous);
  }

  public async recordHealthy(now: Date): Promise<void> {
    await writeFileAtomically(this.wasHealthyFile, `${now.toISOString()}\n`);
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The version first: a state without one is taken for none, never for another. */
async function save(place: Place, state: StoredState): Promise<void> {
  await writeFileAtomically(place.version, JSON.stringify(state.reference) + "\n", 0o600);
  await writeFileAtomically(place.state, state.bytes, 0o600);
}

async function load(place: Place): Promise<StoredState | undefined> {
  const bytes = await readIfThere(place.state);
  if (bytes === undefined) return undefined;
  const sha256 = sha256Of(bytes);
  const about = parseReference((await readIfThere(place.version))?.toString());
  const known = about?.sha256 === sha256 ? about : undefined;
  const since = known?.since ?? (await fs.stat(place.state)).mtime.toISOString();
  return { bytes, reference: { versionId: known?.versionId ?? "unknown", sha256, since } };
}

function parseReference(text: string | undefined): Partial<StateReference> | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Partial<StateReference>);
  } catch {
    return undefined;
  }
}
