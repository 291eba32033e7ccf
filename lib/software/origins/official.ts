import type { PartStore } from "../part-store";
import type { TablePart } from "../software-table";
import type { IOrigin, OriginContext } from "./origin";

export class OfficialSites implements IOrigin {
  public constructor(private readonly store: PartStore) {}
  public async obtain(part: TablePart, folder: string, context: OriginContext): Promise<string> {
    throw new Error(`todo ${this.store.folder} ${part.name} ${folder} ${String(context)}`);
  }
}
