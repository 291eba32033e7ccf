import * as fs from "fs/promises";
import type { FileSpec } from "../desired-state";
import { isHostSetting, JOURNALD_FILE, SYSCTL_FILE, TIMESYNCD_FILE } from "../host-settings";
import { mustRun } from "./command";
import { showUnits, UnitState } from "./systemd";

/** The service that reads a file when it starts, and only then. */
const READERS: ReadonlyMap<string, string> = new Map([
  [JOURNALD_FILE, "systemd-journald.service"],
  [TIMESYNCD_FILE, "systemd-timesyncd.service"],
]);

/** Makes the operating system heed the settings among the files that were written. */
export async function applyHostSettings(files: readonly FileSpec[]): Promise<void> {
  for (const { path } of files.filter((file) => isHostSetting(file.path))) {
    // Not `sysctl -p`: this one goes on where a container keeps a setting to itself.
    if (path === SYSCTL_FILE) await mustRun("/usr/lib/systemd/systemd-sysctl", [path]);
    const reader = READERS.get(path);
    if (!reader) continue;
    const [state] = await showUnits([reader]);
    if (isOlderThan(state, (await fs.stat(path)).mtime)) await mustRun("systemctl", ["restart", reader]);
  }
}

/**
 * Whether a service runs since before a file was written. It is asked in this way and not whether the file was
 * just written, so that a restart that was cut is made up for. systemd tells whole seconds: one too many is no harm.
 */
export function isOlderThan(service: Pick<UnitState, "active" | "since">, written: Date): boolean {
  return service.active && service.since !== undefined && new Date(service.since).getTime() <= written.getTime();
}
