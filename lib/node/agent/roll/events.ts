import { rollEventKey } from "../../../core/bucket-layout";
import type { RolledChange, RollEvent, RollEventName } from "../../roll";
import { describeError, log } from "../log";
import type { SharedObjects } from "../object-store";

/** What a roll did, for people: one small object per event, never written again. */
export class RollEvents {
  public constructor(
    private readonly objects: Pick<SharedObjects, "write">,
    private readonly place: { readonly bucket: string; readonly cluster: string; readonly node: string },
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Never fails: a roll does not stop because nobody could be told. */
  public async write(what: RollEventName, generation: number, change: RolledChange, reason?: string): Promise<void> {
    const { bucket, cluster, node } = this.place;
    const time = this.now().toISOString();
    const event: RollEvent = { schemaVersion: 1, time, node, what, generation, change, ...(reason ? { reason } : {}) };
    log(`rolling change to ${change.sha256.slice(0, 12)}…: ${what}${reason ? `: ${reason}` : ""}`);
    try {
      const key = rollEventKey(cluster, `${time}-${node}-${what}`);
      await this.objects.write(bucket, key, `${JSON.stringify(event)}\n`, "application/json");
    } catch (error) {
      log(`the event ${what} could not be written: ${describeError(error)}`);
    }
  }
}
