import { Command, InvalidArgumentError, Option } from "commander";
import { refuse } from "../lib/core/validation";
import { clusterOfState } from "../lib/local/cluster-of-state";
import { defaultCluster } from "../lib/local/default-cluster";
import { desiredStateOfFile, synthesizedState } from "../lib/local/desired-states";
import { localDown } from "../lib/local/down";
import { restUrl } from "../lib/local/flink-rest";
import { localFolder, localLayout } from "../lib/local/layout";
import { defaultMemoryMib } from "../lib/local/memory";
import type { ProductionCluster } from "../lib/local/production-cluster";
import { localStatus, renderLocalStatus } from "../lib/local/status";
import { localUp, type LocalUp } from "../lib/local/up";
import { requireFlinkVersion } from "../lib/settings/flink-version";
import { LOCK_FILE_NAME } from "../lib/software/lock-file";
import { ORIGINS, flinkLines, type OriginName } from "../lib/software/software-table";
import { duration, example, wholeNumber } from "./arguments";
import { FAILED } from "./failure";
import { withProgress } from "./with-progress";

const DEFAULT_LINE = "2.2";
const MOST_TASK_MANAGERS = 16;

/** Which local cluster a command is about. */
interface LocalFlags {
  readonly name: string;
  readonly dir?: string;
}

interface UpFlags extends LocalFlags {
  readonly flink?: string;
  readonly synthesized?: string;
  readonly cluster?: string;
  readonly desiredState?: string;
  readonly lockFile: string;
  readonly origin: OriginName;
  readonly port?: number;
  readonly memory?: number;
  readonly taskManagers?: number;
  readonly timeout: number;
}

/** Adds the commands for a cluster on the developer's own machine. */
export function addLocal(cli: Command): void {
  const local = cli
    .command("local")
    .summary("a cluster on this machine, with production's configuration")
    .description(
      "A Flink cluster on this machine to develop jobs against: plain processes of yours on loopback, with the configuration " +
        "that the nodes of a cluster have. It needs no root, on Linux and macOS.",
    );
  addUp(local);
  addDown(local);
  addLocalStatus(local);
}

function addUp(local: Command): void {
  withLocalOptions(local.command("up"))
    .summary("bring it up")
    .description(
      "Starts a JobManager and TaskManagers as processes of yours that listen on 127.0.0.1 alone, and ends when all are registered; " +
        "what is up stays as it is. The configuration is that of a synthesized cluster or of a desired state, or else what FlinkCluster " +
        "sets by default; where it differs, docs/local.md says why. It needs bash, and Java 17 where the cached one does not run.",
    )
    .option(
      "--flink <version>",
      `line or patch, of the lines ${flinkLines().join(", ")} (default: ${DEFAULT_LINE}, or the cluster's)`,
    )
    .option("--synthesized <folder>", "what cdktf synth wrote, such as cdktf.out: the configuration of a cluster in it")
    .option("--cluster <name>", "which one, where --synthesized holds several")
    .addOption(
      new Option("--desired-state <file>", "the configuration of the cluster whose desired state it is").conflicts([
        "synthesized",
        "cluster",
      ]),
    )
    .option(
      "--task-managers <number>",
      "TaskManagers (default: as many as parallelism.default needs)",
      wholeNumber(1, MOST_TASK_MANAGERS),
    )
    .option(
      "--memory <size>",
      "memory of all processes, such as 4g or 3072m (default: 960m and 1600m for each TaskManager)",
      memory,
    )
    .option(
      "--port <number>",
      "port of the web UI and the REST API (default: 8081, or the next that is free)",
      wholeNumber(1024, 65_535),
    )
    .addOption(
      new Option("--timeout <duration>", "how long it may take to come up")
        .argParser(duration)
        .default(duration("5m"), "5m"),
    )
    .addOption(new Option("--origin <name>", "where the software comes from").choices(ORIGINS).default("official"))
    .option("--lock-file <path>", "the lock file", LOCK_FILE_NAME)
    .addHelpText("after", example("local up --synthesized cdktf.out"))
    .action(async (flags: UpFlags) => {
      const production = productionOf(flags);
      const folder = localFolder(flags.name, flags.dir);
      const taskManagers = flags.taskManagers ?? taskManagersFor(production);
      const up = await withProgress((progress) =>
        localUp({
          ...flags,
          folder,
          production,
          taskManagers,
          memoryMib: flags.memory ?? defaultMemoryMib(taskManagers),
          timeoutMillis: flags.timeout,
          progress,
        }),
      );
      console.log(describeUp(up, folder, flags));
    });
}

function addDown(local: Command): void {
  withLocalOptions(local.command("down"))
    .summary("end it; checkpoints, savepoints and logs stay")
    .description("Ends the processes of the local cluster. Its folder stays, with checkpoints, savepoints and logs.")
    .addHelpText("after", example("local down"))
    .action(async (flags: LocalFlags) => {
      const folder = localFolder(flags.name, flags.dir);
      const ended = await localDown(folder);
      console.log(
        ended.length === 0
          ? `No process of a local cluster in ${folder} was running.`
          : `Ended: ${ended.join(", ")}. What it kept is in ${folder}.`,
      );
    });
}

function addLocalStatus(local: Command): void {
  withLocalOptions(local.command("status"))
    .summary("show its processes, slots, jobs and address")
    .description(
      "Shows the processes of the local cluster, its slots and jobs and the address of its web UI. Exit code 1 where none of its processes runs.",
    )
    .option("--json", "for programs", false)
    .addHelpText("after", example("local status"))
    .action(async (flags: LocalFlags & { readonly json: boolean }) => {
      const status = await localStatus(localFolder(flags.name, flags.dir));
      console.log(flags.json ? JSON.stringify(status, undefined, 2) : renderLocalStatus(status));
      if (status.state === "down") process.exitCode = FAILED;
    });
}

function withLocalOptions(command: Command): Command {
  return command
    .option("--name <name>", "of the local cluster", "local")
    .option("--dir <folder>", "where it lies (default: ~/.local/state/cdktf-flink/<name>)");
}

function productionOf({ flink, synthesized, cluster, desiredState }: UpFlags): ProductionCluster {
  if (flink !== undefined) requireFlinkVersion("--flink", flink, `name one of the lines ${flinkLines().join(", ")}`);
  if (cluster !== undefined && synthesized === undefined) {
    refuse({
      property: "--cluster",
      value: cluster,
      allowed: "left out where there is no --synthesized, whose clusters it tells apart",
      remedy: "name the folder with --synthesized too",
    });
  }
  const found =
    desiredState !== undefined
      ? clusterOfState(desiredStateOfFile(desiredState))
      : synthesized !== undefined
        ? clusterOfState(synthesizedState(synthesized, cluster))
        : defaultCluster(flink ?? DEFAULT_LINE);
  return flink === undefined ? found : { ...found, flink };
}

/** Jobs that say nothing of their parallelism shall find their slots. */
function taskManagersFor({ configuration }: ProductionCluster): number {
  const slots = Number(configuration["taskmanager.numberOfTaskSlots"] ?? 1);
  return Math.max(1, Math.ceil(Number(configuration["parallelism.default"] ?? 1) / slots));
}

function describeUp({ cluster, started }: LocalUp, folder: string, { name, dir }: LocalFlags): string {
  const { bin } = localLayout(folder);
  const which = dir !== undefined ? ` --dir ${dir}` : name === "local" ? "" : ` --name ${name}`;
  return [
    started.length === 0 ? "It is up already." : `Started: ${started.join(", ")}.`,
    `Web UI and REST API of Flink ${cluster.flink}: ${restUrl(cluster.restPort)}`,
    `Submit a job:  ${bin}/flink run JOB.jar, or ${bin}/sql-client`,
    `End it:        npx cdktf-flink local down${which}`,
  ].join("\n");
}

/** MiB of such as `4g` or `3072m`. */
function memory(text: string): number {
  const [, amount, unit] = /^(\d{1,7})([mg])$/.exec(text) ?? [];
  const mib = Number(amount) * (unit === "g" ? 1024 : 1);
  if (!(mib > 0)) throw new InvalidArgumentError("Give a size in MiB or GiB, such as 3072m or 4g.");
  return mib;
}
