import { setTimeout as sleep } from "timers/promises";
import { desiredStateKey } from "../../core/bucket-layout";
import type { NodeIdentity } from "../identity";
import type { StateReference } from "../report";
import { describeError, log } from "./log";
import type { ObjectStore } from "./object-store";
import { sha256Of } from "./state-store";

const POLL_MILLIS = 30_000;
const LARGEST_STATE_BYTES = 64 << 20;

/**
 * Looks every half minute whether the bucket holds another desired state than the one given. The version id is
 * cheap to ask for; the bytes are read once per version, as a version may repeat them.
 */
export class NewerStateWatch {
  private lastSeen: StateReference;

  public constructor(
    private readonly identity: NodeIdentity,
    private readonly store: ObjectStore,
    private readonly known: StateReference,
    private readonly pollMillis = POLL_MILLIS,
  ) {
    this.lastSeen = known;
  }

  /** Calls `onChange` with what is pending, or with nothing when the bucket is back at what is known. */
  public async run(onChange: (pending: StateReference | undefined) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const before = this.lastSeen;
        const now = await this.look();
        if (now.versionId !== before.versionId) onChange(now.sha256 === this.known.sha256 ? undefined : now);
      } catch (error) {
        log(`the desired state in the bucket could not be looked at: ${describeError(error)}`);
      }
      await sleep(this.pollMillis * (0.8 + Math.random() * 0.4), undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<StateReference> {
    const { bucket, cluster } = this.identity;
    const key = desiredStateKey(cluster);
    if ((await this.store.currentVersion(bucket, key)) !== this.lastSeen.versionId) {
      const { body, versionId } = await this.store.open(bucket, key, 0);
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        size += (chunk as Buffer).length;
        if (size > LARGEST_STATE_BYTES) throw new Error(`it has more than ${LARGEST_STATE_BYTES} bytes`);
        chunks.push(chunk as Buffer);
      }
      this.lastSeen = { versionId, sha256: sha256Of(Buffer.concat(chunks)), since: new Date().toISOString() };
    }
    return this.lastSeen;
  }
}
