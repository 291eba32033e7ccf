import { TASK_MANAGER_PATHS } from "../../../lib/node/paths";
import { TASK_MANAGER_USER } from "../../../lib/node/users";
import type { Machine } from "../../lab/machine";

/** Where a job lays what it needs for a while. */
const BALLAST = `${TASK_MANAGER_PATHS.tmp}/ballast`;

/** Takes all that is free, in pieces that become smaller. Nothing is written: the disk of the host has less room. */
const FILL = `
mkdir "$1"
number=0
bytes=$(( $(stat --file-system --format='%a * %S' "$1") ))
while [ "$bytes" -ge 4096 ]; do
  if fallocate --length "$bytes" "$1/$number" 2>/dev/null; then number=$(( number + 1 ))
  else rm -f "$1/$number"; bytes=$(( bytes / 2 )); fi
done
`;

/** Fills a node's data volume, as a job can: what is kept for ZooKeeper stays free. */
export async function fillDataVolume(machine: Machine): Promise<void> {
  await machine.run(["sh", "-c", FILL, "sh", BALLAST], { user: TASK_MANAGER_USER });
}

/** Takes away what fills it. */
export async function freeDataVolume(machine: Machine): Promise<void> {
  await machine.run(["rm", "-r", BALLAST], { user: TASK_MANAGER_USER });
}
