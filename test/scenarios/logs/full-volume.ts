import { TASK_MANAGER_PATHS } from "../../../lib/node/paths";
import { TASK_MANAGER_USER } from "../../../lib/node/users";
import type { Machine } from "../../lab/machine";

/** Where a job lays what it needs for a while. */
const BALLAST = `${TASK_MANAGER_PATHS.tmp}/ballast`;

/** Nothing is written: the disk of the host has as much room as before. */
const FILL = `
free=$(stat --file-system --format='%a * %S' "$1")
fallocate --length $(( $free - $2 )) "$1/ballast"
`;

/** Fills a node's data volume, as a job can, but for so many bytes. */
export async function fillDataVolume(machine: Machine, freeBytes: number): Promise<void> {
  const argv = ["sh", "-e", "-c", FILL, "sh", TASK_MANAGER_PATHS.tmp, String(freeBytes)];
  await machine.run(argv, { user: TASK_MANAGER_USER });
}

/** Takes away what fills it. */
export async function freeDataVolume(machine: Machine): Promise<void> {
  await machine.run(["rm", BALLAST], { user: TASK_MANAGER_USER });
}
