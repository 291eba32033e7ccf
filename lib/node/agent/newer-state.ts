import { desiredStateKey } from "../../core/bucket-layout";
import { LARGEST_STATE_BYTES } from "../desired-state";
import type { NodeIdentity } from "../identity";
import type { StateReference } from "../report";
import { readBounded } from "./bounded-read";
import type { ObjectStore } from "./object-store";
import { sha256Of, type StoredState } from "./state-store";

/**
 * Looks whether the bucket holds another desired state than the one given. The version id is cheap to ask for; the
 * bytes are read once per version, as a version may repeat them.
 */
export class NewerStateWatch {
  private lastSeen: StateReference;
  private newest: StoredState | undefined;

  public constructor(
    private readonly identity: NodeIdentity,
    private readonly store: ObjectStore,
    private readonly known: StateReference,
  ) {
    this.lastSeen = known;
  }

  /** What the bucket holds; nothing while that is what is known. */
  public async pending(): Promise<StoredState | undefined> {
    const { bucket, cluster } = this.identity;
    const key = desiredStateKey(cluster);
    if ((await this.store.currentVersion(bucket, key)) !== this.lastSeen.versionId) {
      const { body, versionId } = await this.store.open(bucket, key, 0);
      const bytes = await readBounded(body, LARGEST_STATE_BYTES, "it");
      this.lastSeen = { versionId, sha256: sha256Of(bytes), since: new Date().toISOString() };
      this.newest = this.lastSeen.sha256 === this.known.sha256 ? undefined : { bytes, reference: this.lastSeen };
    }
    return this.newest;
  }
}
