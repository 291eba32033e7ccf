import { existsSync, readFileSync } from "fs";
import { delimiter, join } from "path";
import { run, tryRun } from "./command";

/** Programs that the lab runs on the host, or makes what it boots with, and the Debian package of each. */
const TOOLS: Readonly<Record<string, string>> = {
  debootstrap: "debootstrap",
  flock: "util-linux",
  go: "golang-go",
  ip: "iproute2",
  losetup: "mount",
  "mkfs.ext4": "e2fsprogs",
  mount: "mount",
  nft: "nftables",
  nsenter: "util-linux",
  prlimit: "util-linux",
  sysctl: "procps",
  "systemd-nspawn": "systemd-container",
  tcpdump: "tcpdump",
  unshare: "util-linux",
};

/** Directories that hold administrators' programs even where PATH leaves them out. */
const PROGRAM_FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

function missingPackages(): string[] {
  const missing = Object.keys(TOOLS).filter(
    (tool) => !PROGRAM_FOLDERS.some((folder) => existsSync(join(folder, tool))),
  );
  return [...new Set(missing.map((tool) => TOOLS[tool]))];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Why no machine can be booted here, as one sentence that says what to do; undefined where it can. */
export async function labUnavailableReason(): Promise<string | undefined> {
  if (process.platform !== "linux") {
    return `the lab needs Linux and this is ${process.platform}: run it in a Linux virtual machine`;
  }
  if (!isRoot()) return "the lab needs root, for namespaces, mounts and loop devices: run it as root";
  const missing = missingPackages();
  if (missing.length > 0) {
    return `the lab needs programs that are missing: apt-get install ${missing.join(" ")}`;
  }
  const rights = await tryRun(
    [
      "unshare",
      "--mount",
      "--net",
      "--pid",
      "--fork",
      "--uts",
      "--ipc",
      "--mount-proc",
      "sh",
      "-c",
      "mount -t tmpfs none /mnt && nft list ruleset && ip link add name lab0 type veth peer name lab1",
    ],
    { timeout: 20_000 },
  );
  if (rights.code !== 0) {
    const said = rights.stderr.trim().split("\n")[0];
    return `this environment does not permit machines (${said}): run on a host or in a privileged container`;
  }
  if (!existsSync("/dev/loop-control")) {
    return "this environment has no loop devices: run on a host or in a privileged container";
  }
  if (!readFileSync("/proc/filesystems", "utf8").includes("\toverlay\n")) {
    const loaded = await tryRun(["modprobe", "overlay"]).catch(() => ({ code: 1 }));
    if (loaded.code !== 0) return "this kernel has no overlayfs: run on a kernel that has it";
  }
  return undefined;
}

/** Installs what the lab needs on Debian and Ubuntu; does nothing where all is there or apt is not. */
export async function ensureTools(): Promise<void> {
  const missing = missingPackages();
  if (process.platform !== "linux" || !isRoot() || missing.length === 0) return;
  if (!existsSync("/usr/bin/apt-get")) return;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run(["apt-get", "update", "-qq"], { env, timeout: 300_000 });
  await run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...missing], { env, timeout: 600_000 });
}

/** Bytes of memory that programs can still have on this host. */
export function availableMemory(): number {
  const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"));
  if (!line) throw new Error("/proc/meminfo does not say how much memory is available");
  return Number(line[1]) * 1024;
}
