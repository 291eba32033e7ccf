import { rollLockKey } from "../../../core/bucket-layout";
import type { ClusterBefore, RolledChange, RollLockRecord, RollPhase, StoppedRoll } from "../../roll";
import type { SharedObjects } from "../object-store";

/** The lock as it was read; with it it can be replaced, if nobody else did meanwhile. */
export interface SeenLock {
  readonly record?: RollLockRecord;
  readonly etag?: string;
  /** Seconds since it was written, by the bucket's clock; absent where there is none. */
  readonly ageSeconds?: number;
}

export interface HeldPhase {
  readonly phase: RollPhase;
  readonly change: RolledChange;
  readonly reason?: string;
  readonly before?: ClusterBefore;
}

/** The lock of one cluster's rolling changes, as one of its nodes takes, keeps and releases it. */
export class RollLock {
  public constructor(
    private readonly objects: Pick<SharedObjects, "read" | "replace">,
    private readonly place: { readonly bucket: string; readonly cluster: string; readonly node: string },
    private readonly now: () => Date = () => new Date(),
  ) {}

  public async read(): Promise<SeenLock> {
    const found = await this.objects.read(this.place.bucket, this.key);
    if (!found) return {};
    const record = JSON.parse(Buffer.from(found.bytes).toString("utf8")) as RollLockRecord;
    // Another format is of a newer release: only that knows what is meant.
    if ((record as { schemaVersion: unknown }).schemaVersion !== 1) {
      throw new Error(`the lock ${this.key} has a format that this agent does not know`);
    }
    return { record, etag: found.etag, ageSeconds: found.ageSeconds };
  }

  /**
   * Takes a lock that was seen free, or begins anew in one that is this node's. `stopped` is what it is given back to.
   * False: somebody else was faster.
   */
  public take(seen: SeenLock, change: RolledChange, stopped?: StoppedRoll): Promise<boolean> {
    const generation = (seen.record?.generation ?? 0) + 1;
    return this.replace(seen, { ...this.held({ phase: "preparing", change }, stopped), generation });
  }

  /** Writes how far this node is. False: it is not this node's any more. */
  public keep(seen: SeenLock, held: HeldPhase): Promise<boolean> {
    return this.replace(seen, { ...this.held(held, seen.record?.stopped), generation: seen.record?.generation ?? 0 });
  }

  /** Writes how far all nodes are that hold it together, whoever took it. False: somebody else was faster. */
  public async advance(seen: SeenLock, { phase, reason, before }: Omit<HeldPhase, "change">): Promise<boolean> {
    const { record } = seen;
    if (!record) return false;
    const since = this.since();
    return this.replace(seen, { ...record, since, phase, reason, ...(before ? { before } : {}) });
  }

  /** Writes it again as it is, so that it is young. False: it is not the one that was seen any more. */
  public async renew(seen: SeenLock): Promise<boolean> {
    return seen.record !== undefined && (await this.replace(seen, seen.record));
  }

  /** Makes it free, or what it was when it was taken. */
  public release(seen: SeenLock): Promise<boolean> {
    const { generation = 0, change, stopped } = seen.record ?? {};
    if (stopped) return this.replace(seen, { schemaVersion: 1, generation, phase: "failed", ...stopped });
    return this.replace(seen, { schemaVersion: 1, owner: null, generation, since: this.since(), change });
  }

  private get key(): string {
    return rollLockKey(this.place.cluster);
  }

  private held(held: HeldPhase, stopped: StoppedRoll | undefined): Omit<RollLockRecord, "generation"> {
    const { node: owner } = this.place;
    return { schemaVersion: 1, owner, since: this.since(), ...held, ...(stopped ? { stopped } : {}) };
  }

  private since(): string {
    return this.now().toISOString();
  }

  private async replace(seen: SeenLock, record: RollLockRecord): Promise<boolean> {
    const content = `${JSON.stringify(record, undefined, 1)}\n`;
    return (await this.objects.replace(this.place.bucket, this.key, content, seen.etag)) !== undefined;
  }
}
