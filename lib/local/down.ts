import { withFolder } from "./folder";
import { endPrograms } from "./programs";
import { runningOf } from "./running";

/** As long as the services of a node have. */
export const END_PATIENCE_MILLIS = 30_000;

/** Ends the processes of a local cluster; gives the names of those that ran. Checkpoints, savepoints and logs stay. */
export async function localDown(folder: string): Promise<readonly string[]> {
  // Nothing is to be locked in a folder that is none of a local cluster.
  if (runningOf(folder).size === 0) return [];
  return withFolder(folder, async () => {
    const running = runningOf(folder);
    await endPrograms([...running.values()], END_PATIENCE_MILLIS);
    return [...running.keys()];
  });
}
