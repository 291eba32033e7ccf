import { join } from "path";
import { cacheDirectory } from "../../lib/software/cache";

/** Where the lab keeps what outlives a run. */
export function labCacheDirectory(): string {
  return join(cacheDirectory(), "lab");
}

/** Below it lies one folder per run: disks, sockets, logs. */
export function runsDirectory(): string {
  return join(labCacheDirectory(), "runs");
}

/** The name of a namespace of a run: of the fabric without a part, of a machine with one. */
export function namespaceName(run: string, part?: string): string {
  return part ? `${run}-${part}` : run;
}

/** Short and unique part of an AWS id: its last 8 characters. */
export function shortId(id: string): string {
  return id.slice(-8);
}
