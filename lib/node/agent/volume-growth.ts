import * as fs from "fs/promises";
import type { DataVolumeReport } from "../report";
import { mustRun } from "./command";
import { describeError, log } from "./log";

/** How often a volume is looked at: it grows once in hours. */
const PAUSE_MILLIS = 10_000;

/** What the watch asks of the machine. */
export interface GrowingDisk {
  /** Bytes that the disk has. */
  size(): Promise<number>;
  /** Bytes of the file system on it. */
  fileSystemSize(): Promise<number>;
  /** Makes the file system as large as the disk, while it is used. */
  grow(): Promise<void>;
}

/** Sees that the data volume has grown, and uses what it has; without a new start of anything. */
export class VolumeGrowthWatch {
  private nextLook = 0;
  private isLooking = false;
  /** The size for which the file system was grown. */
  private grownTo?: number;
  private lastFailure?: string;

  public constructor(
    private readonly disk: GrowingDisk,
    private readonly onLooked: (report: DataVolumeReport) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Never fails; what goes wrong is in the report, and done again. */
  public async look(): Promise<void> {
    if (this.isLooking || this.clock() < this.nextLook) return;
    this.isLooking = true;
    try {
      await this.useAll();
      this.lastFailure = undefined;
    } catch (error) {
      this.tellFailure(describeError(error));
    } finally {
      this.isLooking = false;
      this.nextLook = this.clock() + PAUSE_MILLIS;
    }
  }

  /** When it is new: what is so all the time would fill the log. */
  private tellFailure(failure: string): void {
    if (failure !== this.lastFailure) log(`the data volume cannot be looked at: ${failure}`);
    this.lastFailure = failure;
  }

  private async useAll(): Promise<void> {
    const sizeBytes = await this.disk.size();
    let problem: string | undefined;
    if (this.grownTo !== sizeBytes) {
      try {
        await this.disk.grow();
        this.grownTo = sizeBytes;
      } catch (error) {
        problem = describeError(error);
      }
    }
    const fileSystemBytes = await this.disk.fileSystemSize();
    this.onLooked({ sizeBytes, fileSystemBytes, ...(problem === undefined ? {} : { problem }) });
  }
}

/** A disk that holds an ext4 file system, and where that is mounted. */
export function ext4Disk(device: string, folder: string): GrowingDisk {
  return {
    size: async () => Number((await mustRun("blockdev", ["--getsize64", device])).trim()),
    fileSystemSize: async () => {
      const { bsize, blocks } = await fs.statfs(folder);
      return bsize * blocks;
    },
    grow: async () => {
      await mustRun("resize2fs", [device], 900);
    },
  };
}
