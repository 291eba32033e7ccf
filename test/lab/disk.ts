import { existsSync, statSync, truncateSync, writeFileSync } from "fs";
import { run } from "./command";

/** A disk: a sparse file behind a loop device of the host. It outlives the machine that it is attached to. */
export class Disk {
  private device: string | undefined;

  public constructor(
    private readonly file: string,
    bytes: number,
  ) {
    if (existsSync(file)) return;
    writeFileSync(file, "");
    truncateSync(file, bytes);
  }

  /** Attaches it to the host where it is not; gives the numbers of its device node. */
  public async open(): Promise<{ readonly major: number; readonly minor: number }> {
    this.device ??= (await run(["losetup", "--find", "--show", this.file])).trim();
    const { rdev } = statSync(this.device);
    return { major: (rdev >> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >> 12) & 0xfff00) };
  }

  public async close(): Promise<void> {
    if (!this.device) return;
    await run(["losetup", "--detach", this.device]);
    this.device = undefined;
  }

  /** Whether nothing was ever written to it. */
  public isUntouched(): boolean {
    return statSync(this.file).blocks === 0;
  }

  /** Gives it a file system, as a disk has that something lies on. */
  public async format(label: string): Promise<void> {
    await run(["mkfs.ext4", "-q", "-F", "-L", label, this.file]);
  }
}
