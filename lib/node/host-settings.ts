import type { FileSpec } from "./desired-state";

/** Of the operating system, each read by a program of its own. Nothing else outside of our prefix is ever written. */
const HOST_SETTING = /^\/etc\/(sysctl\.d|systemd\/(journald|coredump|timesyncd)\.conf\.d)\/90-cdktf-flink\.conf$/;

export const SYSCTL_FILE = "/etc/sysctl.d/90-cdktf-flink.conf";
export const JOURNALD_FILE = "/etc/systemd/journald.conf.d/90-cdktf-flink.conf";
export const COREDUMP_FILE = "/etc/systemd/coredump.conf.d/90-cdktf-flink.conf";
export const TIMESYNCD_FILE = "/etc/systemd/timesyncd.conf.d/90-cdktf-flink.conf";

/** Whether a file of a desired state may lie there, although it is not below the node's prefix. */
export function isHostSetting(path: string): boolean {
  return HOST_SETTING.test(path);
}

/** What every node sets of its operating system. */
export const HOST_SETTINGS: readonly FileSpec[] = [
  // What was in memory, keys among it, lies on no disk after a crash. With a program to pipe it to the kernel heeds
  // no limit of a process, so it is one that takes nothing.
  //
  // The cloud forgets idle connections after 350 seconds (EC2 User Guide, "Connection tracking", and NAT gateways):
  // the first question comes before, and a peer that is gone is found within 6 minutes.
  setting(SYSCTL_FILE, [
    "kernel.core_pattern = |/bin/false",
    "fs.suid_dumpable = 0",
    "net.ipv4.tcp_keepalive_time = 240",
    "net.ipv4.tcp_keepalive_intvl = 30",
    "net.ipv4.tcp_keepalive_probes = 4",
  ]),
  // The root disk is small, and processes of ours write to the journal.
  setting(JOURNALD_FILE, ["[Journal]", "SystemMaxUse=1G", "RuntimeMaxUse=128M"]),
  // For images that have systemd-coredump, which Debian's cloud image has not.
  setting(COREDUMP_FILE, ["[Coredump]", "Storage=none", "ProcessSizeMax=0"]),
  // Amazon Time Sync, on every machine at this address. Debian's image of the cloud names it for the case that no
  // other is known; the others are in the internet, where a node has no way to.
  setting(TIMESYNCD_FILE, ["[Time]", "NTP=169.254.169.123", "FallbackNTP="]),
];

function setting(path: string, lines: readonly string[]): FileSpec {
  return { path, owner: "root", group: "root", mode: "0644", content: [...lines, ""].join("\n") };
}
