import * as fs from "fs/promises";
import * as os from "os";
import * as path from "path";

/** Of systemd-timesyncd, there while it runs. */
const TIMESYNCD_FOLDER = "/run/systemd/timesync";
/** Touched each time that it has set the clock right: half an hour apart at most, by default. */
const SYNCHRONIZED = "synchronized";

/**
 * For how many seconds nothing has set the machine's clock right: since its start, where nothing ever has. Undefined where that is
 * left to another program, such as chrony on Amazon Linux.
 */
export async function secondsSinceClockWasSet(
  now: Date,
  folder: string = TIMESYNCD_FOLDER,
): Promise<number | undefined> {
  const stat = (file: string) => fs.stat(file).catch(() => undefined);
  const found = await stat(path.join(folder, SYNCHRONIZED));
  if (found !== undefined) return Math.max(0, (now.getTime() - found.mtimeMs) / 1000);
  return (await stat(folder)) === undefined ? undefined : os.uptime();
}
