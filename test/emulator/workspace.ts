import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Terraform } from "../support/terraform";
import { Emulator } from "./emulator";
import { emulatorOverride } from "./override";

/** A folder for one configuration, with Terraform in it and an emulator of its own behind it. */
export class Workspace {
  public static async create(): Promise<Workspace> {
    const dir = mkdtempSync(join(tmpdir(), "emulator-"));
    const emulator = await Emulator.start({ dir: join(dir, "emulator"), images: imagesIn(dir) });
    emulatorOverride(dir, emulator.endpoint!);
    return new Workspace(dir, emulator, new Terraform(dir));
  }

  private constructor(
    public readonly dir: string,
    private readonly emulator: Emulator,
    public readonly terraform: Terraform,
  ) {}

  /** Where the emulator answers over HTTP. */
  public get endpoint(): string {
    return this.emulator.endpoint!;
  }

  /** Where the emulator answers to clients. */
  public get socketPath(): string {
    return this.emulator.socketPath;
  }

  /** File for images that are published while it runs (see `publishImage`). */
  public get imagesFile(): string {
    return imagesIn(this.dir);
  }

  /** Ends the emulator and removes the folder. */
  public async remove(): Promise<void> {
    await this.emulator.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function imagesIn(dir: string): string {
  return join(dir, "images.json");
}
