import { existsSync, readdirSync, readFileSync } from "fs";
import { runsDirectory } from "./paths";
import { loopDevicesBelow, mountsBelow } from "./sweep";

/** What a run could leave on the host, each with the name of the run in it. */
export interface HostTraces {
  readonly namespaces: readonly string[];
  readonly folders: readonly string[];
  readonly mounts: readonly string[];
  readonly loopDevices: readonly string[];
  readonly groups: readonly string[];
  readonly processes: readonly string[];
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Finds what the kernel and the file system still hold of a run, by other ways than the clean-up itself where there are some. */
export function tracesOf(run: string): HostTraces {
  const own = (name: string) => name === run || name.startsWith(`${run}-`);
  const folder = `${runsDirectory()}/${run}`;
  return {
    namespaces: [...namesIn("/run/netns"), ...namesIn("/etc/netns")].filter(own),
    folders: namesIn(runsDirectory()).filter((name) => name === run || name === `${run}.new`),
    mounts: mountsBelow(folder),
    loopDevices: loopDevicesBelow(folder),
    groups: namesIn("/sys/fs/cgroup")
      .flatMap((hierarchy) => namesIn(`/sys/fs/cgroup/${hierarchy}/cdktf-flink-lab`))
      .concat(namesIn("/sys/fs/cgroup/cdktf-flink-lab"))
      .filter(own),
    processes: processesThatName(folder),
  };
}

/** Nothing of a run. */
export const NO_TRACES: HostTraces = {
  namespaces: [],
  folders: [],
  mounts: [],
  loopDevices: [],
  groups: [],
  processes: [],
};

function processesThatName(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}
