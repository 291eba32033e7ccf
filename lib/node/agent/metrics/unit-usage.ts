import * as fs from "fs/promises";
import * as path from "path";

/** What the processes of a unit use, as the kernel counts it. */
export interface UnitUsage {
  readonly unit: string;
  readonly memoryBytes: number;
  /** Since the unit started. */
  readonly processorSeconds: number;
  readonly processes: number;
}

const MICROSECONDS = 1e6;

/** Of those units that run; by control groups of version 2. */
export async function readUnitUsage(
  units: readonly string[],
  folder = "/sys/fs/cgroup/system.slice",
): Promise<readonly UnitUsage[]> {
  const found = await Promise.all(units.map((unit) => usageOf(unit, path.join(folder, unit)).catch(() => undefined)));
  return found.filter((usage) => usage !== undefined);
}

async function usageOf(unit: string, folder: string): Promise<UnitUsage> {
  const read = (file: string) => fs.readFile(path.join(folder, file), "utf8");
  const [memory, processor, processes] = await Promise.all(["memory.current", "cpu.stat", "pids.current"].map(read));
  return {
    unit,
    memoryBytes: Number(memory),
    processorSeconds: Number(/^usage_usec (\d+)$/m.exec(processor)?.[1]) / MICROSECONDS,
    processes: Number(processes),
  };
}
