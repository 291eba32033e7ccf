import { METADATA_ADDRESSES } from "./host-firewall";
import { BOOTSTRAP_FILE, DATA, IDENTITY_FILE, STATE } from "./paths";
import { environmentAssignment, execArgument } from "./systemd-text";

/** What differs between the hardened units of our processes. */
export interface ServiceUnitInput {
  readonly description: string;
  readonly user: string;
  /** Program and arguments, as the process shall get them: escaping is done here. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Files with further assignments, which systemd reads as root; none by default. */
  readonly environmentFiles?: readonly string[];
  /** The only folders that it may write, besides /tmp. */
  readonly writableFolders: readonly string[];
  /** What it cannot even see, whatever their modes: folders of other processes. */
  readonly hiddenPaths: readonly string[];
  /**
   * Folder that it sees as /tmp, emptied before each start. Absent: a private one of the system, which is for processes
   * in which no job runs, as it lies in the machine's memory or on its root volume.
   */
  readonly temporaryFolder?: string;
  /** Absent: none. */
  readonly capability?: "CAP_NET_BIND_SERVICE";
  /** Whether it may ask the kernel for the machine's network interfaces (netlink); default false. */
  readonly seesInterfaces?: boolean;
  /** TCP ports of others on which it cannot listen; none by default. */
  readonly portsOfOthers?: readonly number[];
  /** Bytes beyond which it is ended and started anew; absent: no bound but the machine's. */
  readonly memoryBytes?: number;
  readonly priority: Priority;
  /** Absent: it is asked to end, by SIGTERM. */
  readonly stopSignal?: "SIGKILL";
  /** Seconds that it gets to stop before it is killed. */
  readonly stopTimeoutSeconds: number;
}

/** Who gets the processor first, and whom the out-of-memory killer takes last. */
export interface Priority {
  /** Share where all want the processor; systemd's default is 100. */
  readonly cpuWeight: number;
  /** Not below 0, so that none comes before the machine's own services. */
  readonly nice: number;
  /** -1000 never, 1000 first. */
  readonly oomScoreAdjust: number;
}

/** ZooKeeper first: without it nobody is leader. Then the JobManager, without which no task is restarted. */
export const ZOOKEEPER_PRIORITY: Priority = { cpuWeight: 800, nice: 0, oomScoreAdjust: -800 };
export const JOB_MANAGER_PRIORITY: Priority = { cpuWeight: 400, nice: 2, oomScoreAdjust: -500 };
export const TASK_MANAGER_PRIORITY: Priority = { cpuWeight: 100, nice: 5, oomScoreAdjust: 200 };

/** After all of them: a node that has no room for what it tells of itself loses that first. */
export const SHIPPING_PRIORITY: Priority = { cpuWeight: 20, nice: 10, oomScoreAdjust: 500 };

/** The agent's own; and the bus by which systemd tells anybody the environment and commands of all units. */
const HIDDEN_FROM_ALL = [STATE, IDENTITY_FILE, BOOTSTRAP_FILE, "/run/dbus"];

/**
 * A systemd service: restarted for ever, unprivileged, and shut in. There is no [Install] section: after a
 * boot the agent starts it, once the data volume is mounted and everything it reads is in place.
 */
export function renderServiceUnit(input: ServiceUnitInput): string {
  const environment = Object.entries(input.environment).map(
    ([name, value]) => `Environment=${environmentAssignment(name, value)}`,
  );
  const hidden = [...HIDDEN_FROM_ALL, ...input.hiddenPaths];
  const { temporaryFolder } = input;
  return [
    "[Unit]",
    `Description=${input.description.replace(/%/g, "%%")}`,
    "Wants=network-online.target",
    "After=network-online.target nss-lookup.target",
    `RequiresMountsFor=${DATA}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    `User=${input.user}`,
    `Group=${input.user}`,
    ...environment,
    ...(input.environmentFiles ?? []).map((file) => `EnvironmentFile=${file}`),
    ...(temporaryFolder === undefined ? [] : ["ExecStartPre=-/usr/bin/find /tmp -xdev -mindepth 1 -delete"]),
    `ExecStart=${input.command.map(execArgument).join(" ")}`,
    "Restart=always",
    "RestartSec=3",
    // The JVM ends with it on SIGTERM.
    "SuccessExitStatus=143",
    ...(input.stopSignal === undefined ? [] : [`KillSignal=${input.stopSignal}`]),
    `TimeoutStopSec=${input.stopTimeoutSeconds}`,
    "LimitNOFILE=262144",
    "LimitCORE=0",
    "TasksMax=16384",
    "UMask=0027",
    "",
    `CPUWeight=${input.priority.cpuWeight}`,
    `Nice=${input.priority.nice}`,
    `OOMScoreAdjust=${input.priority.oomScoreAdjust}`,
    ...(input.memoryBytes === undefined ? [] : [`MemoryMax=${input.memoryBytes}`, "MemorySwapMax=0"]),
    // The out-of-memory killer takes one process of the unit; the rest of it is of no use.
    "OOMPolicy=stop",
    "",
    "NoNewPrivileges=yes",
    `CapabilityBoundingSet=${input.capability ?? ""}`,
    `AmbientCapabilities=${input.capability ?? ""}`,
    "ProtectSystem=strict",
    `ReadWritePaths=${input.writableFolders.join(" ")}`,
    // A path that is not there is none to hide.
    `InaccessiblePaths=${hidden.map((path) => `-${path}`).join(" ")}`,
    "ProtectHome=yes",
    temporaryFolder === undefined ? "PrivateTmp=yes" : `BindPaths=${temporaryFolder}:/tmp`,
    "PrivateDevices=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "RemoveIPC=yes",
    `RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX${input.seesInterfaces ? " AF_NETLINK" : ""}`,
    // The host firewall says so for all users; this holds where its rules were taken away.
    `IPAddressDeny=${Object.values(METADATA_ADDRESSES).join(" ")}`,
    ...(input.portsOfOthers ?? []).map((port) => `SocketBindDeny=tcp:${port}`),
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    // By it native code makes sockets that no filter of calls sees.
    "SystemCallFilter=~io_uring_setup io_uring_enter io_uring_register",
    "SystemCallErrorNumber=EPERM",
    // The JVM makes code as it runs.
    "MemoryDenyWriteExecute=no",
    "",
  ].join("\n");
}
