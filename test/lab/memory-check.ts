import { availableMemory } from "./host";

/** For the emulator, Terraform and the tests themselves. */
const RESERVE_BYTES = 2 * 1024 ** 3;

/**
 * How much more memory the machines may have together than the host has left: a Java heap is reserved whole and
 * filled by what the jobs keep, so a machine uses well under half of its memory in the tests. Nothing in the
 * machines is shrunk for it.
 */
const OVERCOMMIT = 1.5;

/** One machine that is to be booted. */
export interface MemoryDemand {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

function gibibytes(bytes: number): string {
  return `${Math.round((bytes / 1024 ** 3) * 10) / 10} GiB`;
}

/**
 * Why the host cannot hold these machines at once, as one sentence with the numbers; undefined where it can.
 * `available` is what programs can have, in bytes.
 */
export function memoryRefusal(
  demands: readonly MemoryDemand[],
  available: number = availableMemory(),
  overcommit = OVERCOMMIT,
): string | undefined {
  const wanted = demands.reduce((sum, demand) => sum + demand.bytes, 0);
  if (wanted <= (available - RESERVE_BYTES) * overcommit) return undefined;
  const list = demands.map((demand) => `${demand.name} (${demand.type}, ${gibibytes(demand.bytes)})`).join(", ");
  return (
    `the machines ${list} have ${gibibytes(wanted)} together, but this host, with ${gibibytes(available)} available, ` +
    `can hold machines of ${gibibytes((available - RESERVE_BYTES) * overcommit)}: use fewer or smaller machines, or a larger host`
  );
}
