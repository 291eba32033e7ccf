import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "fs";
import { join } from "path";
import { runSync } from "./command";
import { ControlGroup } from "./control-group";
import { runsDirectory } from "./paths";

/** Who a run belongs to; the start time tells a process from a later one with the same number. */
interface Owner {
  readonly pid: number;
  readonly startTime: string;
}

function startTimeOf(pid: number): string | undefined {
  try {
    // The command's name may hold spaces and parentheses; the fields are counted after it.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()?.split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Makes the folder of a run, with its owner in it from the first moment. */
export function createRun(name: string): string {
  const folder = join(runsDirectory(), name);
  mkdirSync(runsDirectory(), { recursive: true });
  const born = `${folder}.new`;
  rmSync(born, { recursive: true, force: true });
  mkdirSync(born, { mode: 0o700 });
  const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? "" };
  writeFileSync(join(born, "owner.json"), JSON.stringify(owner));
  renameSync(born, folder);
  return folder;
}

/** Ends what is left of runs whose process is gone. Gives their names. */
export function sweepStaleRuns(): string[] {
  if (!existsSync(runsDirectory())) return [];
  const stale = readdirSync(runsDirectory()).filter((name) => !name.endsWith(".new") && !ownerLives(name));
  for (const name of stale) sweepRun(name);
  return stale;
}

function ownerLives(name: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(join(runsDirectory(), name, "owner.json"), "utf8")) as Owner;
    return startTimeOf(owner.pid) === owner.startTime;
  } catch {
    return false;
  }
}

/**
 * Ends a run by what the kernel knows of it: processes by cgroup, mounts and loop devices by folder,
 * namespaces by name. Synchronous and repeatable, so that it serves a failing or interrupted run as well.
 */
export function sweepRun(name: string): void {
  const folder = join(runsDirectory(), name);
  const group = new ControlGroup(name);
  group.kill();
  for (const mount of mountsBelow(folder)) {
    if (runSync(["umount", mount]) === undefined) runSync(["umount", "--lazy", mount]);
  }
  for (const device of loopDevicesBelow(folder)) runSync(["losetup", "--detach", device]);
  for (const namespace of namespacesOf(name)) runSync(["ip", "netns", "delete", namespace]);
  rmSync(join("/etc/netns", name), { recursive: true, force: true });
  group.remove();
  rmSync(folder, { recursive: true, force: true });
}

/** Deepest first, so that none is in another's way. */
export function mountsBelow(folder: string): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4]?.replace(/\\040/g, " "))
    .filter((path) => path?.startsWith(`${folder}/`))
    .reverse();
}

export function loopDevicesBelow(folder: string): string[] {
  const listed = runSync(["losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE"]) ?? "";
  return listed
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, file]) => file?.startsWith(`${folder}/`))
    .map(([device]) => device);
}

export function namespacesOf(name: string): string[] {
  const folder = "/run/netns";
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((entry) => entry === name || entry.startsWith(`${name}-`));
}
