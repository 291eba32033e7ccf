import * as fs from "fs/promises";
import * as os from "os";
import * as path from "path";

/**
 * Where systemd-timesyncd is found.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd-timesyncd.service.html#Files
 */
export interface TimesyncdPlaces {
  /** There while it runs. */
  readonly folder: string;
  /** Touched when it has set the clock right, by newer ones also each minute while they run; it outlives a stop. */
  readonly keptClock: string;
  /** Not there where another program sets the clock. */
  readonly program: string;
}

const PLACES: TimesyncdPlaces = {
  folder: "/run/systemd/timesync",
  keptClock: "/var/lib/systemd/timesync/clock",
  program: "/usr/lib/systemd/systemd-timesyncd",
};
/** Touched each time that it has set the clock right: half an hour apart at most, by default. */
const SYNCHRONIZED = "synchronized";

/**
 * For how many seconds nothing has set the machine's clock right: since its start, where nothing ever has, and where timesyncd was
 * stopped since about then. Undefined where that is left to another program, such as chrony on Amazon Linux.
 */
export async function secondsSinceClockWasSet(
  now: Date,
  { folder, keptClock, program }: TimesyncdPlaces = PLACES,
): Promise<number | undefined> {
  const stat = (file: string) => fs.stat(file).catch(() => undefined);
  const since = (file: { mtimeMs: number }): number => Math.max(0, (now.getTime() - file.mtimeMs) / 1000);
  const set = await stat(path.join(folder, SYNCHRONIZED));
  if (set !== undefined) return since(set);
  if ((await stat(folder)) !== undefined) return os.uptime();
  const kept = (await stat(program)) && (await stat(keptClock));
  return kept && since(kept);
}
