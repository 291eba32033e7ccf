import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IOrigin } from "../../lib/software/origins/origin";
import type { TablePart } from "../../lib/software/software-table";

/** Gives every part as a short text; it remembers what was asked for. */
export class WrittenOrigin implements IOrigin {
  public readonly asked: TablePart[] = [];

  public async obtain(part: TablePart, folder: string): Promise<string> {
    this.asked.push(part);
    const file = join(folder, part.fileName);
    writeFileSync(file, `${part.name} ${part.version}`);
    return file;
  }
}
