import { TASK_MANAGER_PATHS } from "../../../lib/node/paths";
import { TASK_MANAGER_USER } from "../../../lib/node/users";
import type { Machine } from "../../lab/machine";

/** Where a job lays what it needs for a while. */
const BALLAST = `${TASK_MANAGER_PATHS.tmp}/ballast`;
/** For some hundred thousand files. */
const INODES_PATIENCE = 10 * 60_000;

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

const SMALL_FILES = `${TASK_MANAGER_PATHS.tmp}/small-files`;

/** Ten thousand files at a time, until so many percent of the inodes of a file system are in use. */
const FILL_INODES = `
import os, sys
folder, percent = sys.argv[1], int(sys.argv[2])
os.mkdir(folder)
made = 0
while (volume := os.statvfs(folder)).f_ffree * 100 > (100 - percent) * volume.f_files:
    for made in range(made, made + 10_000):
        os.close(os.open(f"{folder}/{made}", os.O_CREAT | os.O_WRONLY))
    made += 1
`;

/** Uses so many percent of the inodes of a node's data volume up, as a job can. */
export async function fillInodes(machine: Machine, percent: number): Promise<void> {
  const options = { user: TASK_MANAGER_USER, timeout: INODES_PATIENCE };
  await machine.run(["python3", "-c", FILL_INODES, SMALL_FILES, String(percent)], options);
}

/** Takes the files away. */
export async function freeInodes(machine: Machine): Promise<void> {
  await machine.run(["rm", "-r", SMALL_FILES], { user: TASK_MANAGER_USER, timeout: INODES_PATIENCE });
}
