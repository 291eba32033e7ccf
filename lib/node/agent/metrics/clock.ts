import * as fs from "fs/promises";
import * as os from "os";

/** systemd-timesyncd touches it each time that it has set the clock right: half an hour apart at most, by default. */
const SYNCHRONIZED_FILE = "/run/systemd/timesync/synchronized";

/** For how many seconds nothing has set the machine's clock right: since its start, where nothing ever has. */
export async function secondsSinceClockWasSet(now: Date, file: string = SYNCHRONIZED_FILE): Promise<number> {
  const found = await fs.stat(file).catch(() => undefined);
  return found === undefined ? os.uptime() : Math.max(0, (now.getTime() - found.mtimeMs) / 1000);
}
