import type { LogDocument } from "../../../lib/node/log-exporter/log-document";
import {
  at,
  BROKEN_INVOICE,
  CLUSTER,
  DAY,
  END,
  ENRICHMENT,
  failsCheckpoint,
  INVOICES,
  Job,
  JOBS,
  leaderAt,
  NODES,
  ONE,
  OUT_OF_MEMORY,
  randomNumbers,
  ROLL,
  SESSIONS,
  SILENCE,
  slowDatabaseFailures,
  THREE,
  TWO,
} from "../made-up-day";

const MINUTE = 60_000;
const FLINK = "org.apache.flink.runtime";
const GRAPH = `${FLINK}.executiongraph.ExecutionGraph`;
const COORDINATOR = `${FLINK}.checkpoint.CheckpointCoordinator`;

/** From when on each process of a node is a new one. */
const STARTS: Readonly<Record<string, readonly number[]>> = {
  [`${ONE} jobmanager`]: [0, ROLL[ONE]],
  [`${ONE} taskmanager`]: [0, ROLL[ONE]],
  [`${TWO} jobmanager`]: [0, ROLL[TWO]],
  [`${TWO} taskmanager`]: [0, at("06:41"), ROLL[TWO]],
  [`${THREE} jobmanager`]: [0, ROLL[THREE]],
  [`${THREE} taskmanager`]: [0, ROLL[THREE]],
};
/** The process of before the day had written lines already. */
const WRITTEN_BEFORE = 20_000;
/** Its files were full while OpenSearch was away: the oldest lines went. */
const LOST = { process: `${THREE} taskmanager`, from: at("08:10"), to: at("09:05") };

interface Said extends Omit<LogDocument, "@timestamp" | "cluster" | "host" | "run" | "sequence"> {
  readonly minute: number;
  readonly node: string;
  readonly role: NonNullable<LogDocument["role"]>;
}

/** Lines of the made-up day. */
export function dayOfLogs(): LogDocument[] {
  const lines = [...quietDay(), ...lostTaskManager(), ...slowDatabase(), ...brokenInvoice(), ...roll(), ...silence()]
    .filter(({ node, minute }) => node !== THREE || minute < SILENCE)
    .sort((one, other) => one.minute - other.minute);
  const numbers = new Map<string, number>();
  return lines.flatMap((said) => {
    const { minute, ...line } = said;
    const process = `${line.node} ${line.role}`;
    const start = (STARTS[process] ?? []).filter((each) => each <= minute).length - 1;
    const time = new Date(Date.parse(DAY.from) + Math.round(minute * MINUTE)).toISOString();
    const document = { "@timestamp": time, ...line, cluster: CLUSTER, host: `${line.node}.orders.internal` };
    if (start < 0) return [document];
    const run = runOf(process, start);
    const sequence = (numbers.get(run) ?? (start === 0 ? WRITTEN_BEFORE : 0)) + 1;
    numbers.set(run, sequence);
    const isLost = process === LOST.process && minute > LOST.from && minute < LOST.to;
    return isLost ? [] : [{ ...document, run, sequence }];
  });
}

/** Checkpoints, look-ups, renewals: more of it by day than by night. */
function quietDay(): Said[] {
  const random = randomNumbers(20261129);
  const lines: Said[] = [];
  for (let minute = 1; minute < END; minute += 1) {
    const busy = 1 + Math.sin(((minute - 8 * 60) / END) * 2 * Math.PI);
    JOBS.forEach((job, index) => {
      if (minute >= (job.until ?? END) || minute % 10 !== index) return;
      const node = leaderAt(minute);
      const number = 10_000 + Math.floor(minute / 10);
      lines.push(
        jobManager(minute, node, COORDINATOR, `Triggering checkpoint ${number} for job ${job.id}.`, job),
        jobManager(minute + 0.1, node, COORDINATOR, `Completed checkpoint ${number} for job ${job.id}.`, job),
      );
    });
    NODES.forEach((node, index) => {
      if (random() < 0.35 * busy) {
        const logger = "com.example.orders.CustomerLookup";
        const message = `looked up ${Math.round(2_000 * random())} customers`;
        lines.push(taskManager(minute + random() / 2, node, "INFO", logger, message, ENRICHMENT));
      }
      if (random() < 0.08 * busy) {
        const logger = "com.example.clicks.SessionWindow";
        const message = `event is ${Math.round(60 + 300 * random())} s late and was left out`;
        lines.push(taskManager(minute + random() / 2, node, "WARN", logger, message, SESSIONS));
      }
      if (minute % 30 === 5 * index) lines.push(agent(minute, node, "agent: renewed the credentials of Flink"));
      if (minute % 60 === 7 * index + 3) lines.push(zooKeeper(minute, node));
    });
  }
  return lines;
}

function lostTaskManager(): Said[] {
  const minute = OUT_OF_MEMORY;
  const exception = `${FLINK}.jobmaster.JobMasterException`;
  return [
    { minute, node: TWO, role: "kernel", level: "ERROR", message: "Out of memory: Killed process 2411 (java)" },
    ...JOBS.flatMap((job, index) => [
      failedTask(minute + 0.2 + index / 100, job, ONE, exception, `TaskManager ${TWO} is no longer reachable.`),
      restart(minute + 0.3 + index / 100, job),
      failedCheckpoint(minute + 0.4 + index / 100, job),
    ]),
  ];
}

function slowDatabase(): Said[] {
  const exception = "java.net.SocketTimeoutException";
  const lines: Said[] = [];
  for (const minute of slowDatabaseFailures()) {
    NODES.forEach((node, index) => {
      const logger = "com.example.orders.CustomerLookup";
      const said = taskManager(minute + index / 10, node, "ERROR", logger, "looking up customers failed", ENRICHMENT);
      lines.push({ ...said, exception, stack_trace: traceOf(exception, "Read timed out") });
    });
    lines.push(
      failedTask(minute + 0.5, ENRICHMENT, THREE, exception, "Read timed out"),
      restart(minute + 0.6, ENRICHMENT),
    );
    if (failsCheckpoint(minute)) lines.push(failedCheckpoint(minute + 3, ENRICHMENT));
  }
  return lines;
}

function brokenInvoice(): Said[] {
  const exception = "java.lang.NumberFormatException";
  const message = 'For input string: "12,50 EUR"';
  return BROKEN_INVOICE.flatMap((minute, index) => [
    failedTask(minute, INVOICES, TWO, exception, message),
    index < BROKEN_INVOICE.length - 1
      ? restart(minute + 0.1, INVOICES)
      : {
          ...jobManager(minute + 0.1, leaderAt(minute), GRAPH, switched(INVOICES, "FAILING", "FAILED"), INVOICES),
          ...{ exception, stack_trace: traceOf(exception, message) },
        },
  ]);
}

function roll(): Said[] {
  return Object.entries(ROLL).flatMap(([node, minute]) => [
    agent(minute - 0.5, node, "agent: takes over the desired state 7"),
    ...JOBS.filter((job) => minute < (job.until ?? END)).map((job, index) => restart(minute + 0.2 + index / 100, job)),
    agent(minute + 3, node, "agent: runs the desired state 7, and is healthy"),
    ...(node === ONE ? handOver(minute + 0.1, ONE, TWO) : []),
  ]);
}

function silence(): Said[] {
  const exception = `${FLINK}.jobmaster.JobMasterException`;
  return JOBS.filter((job) => job.until === undefined).flatMap((job, index) => [
    failedTask(SILENCE + 0.8 + index / 100, job, TWO, exception, `TaskManager ${THREE} is no longer reachable.`),
    restart(SILENCE + 0.9 + index / 100, job),
    failedCheckpoint(SILENCE + 1 + index / 100, job),
  ]);
}

function handOver(minute: number, from: string, to: string): Said[] {
  const parts = ["dispatcher.DispatcherRestEndpoint", "resourcemanager.ResourceManagerServiceImpl"];
  return parts.flatMap((part, index) => [
    jobManager(minute + index / 100, from, `${FLINK}.${part}`, `https://${from}:8081 lost leadership`),
    jobManager(
      minute + 0.05 + index / 100,
      to,
      `${FLINK}.${part}`,
      `https://${to}:8081 was granted leadership with leaderSessionID 5b0c`,
    ),
  ]);
}

function failedTask(minute: number, job: Job, on: string, exception: string, why: string): Said {
  const message = `${job.name} -> Sink (1/2) switched from RUNNING to FAILED on ${on}.`;
  const line = jobManager(minute, leaderAt(minute), GRAPH, message, job);
  return { ...line, level: "WARN", exception, stack_trace: traceOf(exception, why) };
}

function restart(minute: number, job: Job): Said {
  return jobManager(minute, leaderAt(minute), GRAPH, switched(job, "RUNNING", "RESTARTING"), job);
}

function failedCheckpoint(minute: number, job: Job): Said {
  const exception = `${FLINK}.checkpoint.CheckpointException`;
  const message = `Failed to trigger or complete checkpoint ${10_000 + Math.floor(minute / 10)} for job ${job.id}.`;
  const line = jobManager(minute, leaderAt(minute), `${FLINK}.checkpoint.CheckpointFailureManager`, message, job);
  return {
    ...line,
    level: "WARN",
    exception,
    stack_trace: traceOf(exception, "Checkpoint expired before completing."),
  };
}

function switched({ name, id }: Job, from: string, to: string): string {
  return `Job ${name} (${id}) switched from state ${from} to ${to}.`;
}

function jobManager(minute: number, node: string, logger: string, message: string, job?: Job): Said {
  const ofJob = job ? { job_id: job.id } : {};
  return {
    minute,
    node,
    role: "jobmanager",
    level: "INFO",
    logger,
    message,
    unit: "flink-jobmanager.service",
    ...ofJob,
  };
}

function taskManager(minute: number, node: string, level: string, logger: string, message: string, job: Job): Said {
  const unit = "flink-taskmanager.service";
  return { minute, node, role: "taskmanager", level, logger, message, unit, job_id: job.id };
}

function agent(minute: number, node: string, message: string): Said {
  return { minute, node, role: "agent", level: "INFO", message, unit: "flink-agent.service" };
}

function zooKeeper(minute: number, node: string): Said {
  const [logger, message] = ["org.apache.zookeeper.server.DatadirCleanupManager", "Purge task completed."];
  return { minute, node, role: "zookeeper", level: "INFO", logger, message, unit: "zookeeper.service" };
}

function traceOf(exception: string, message: string): string {
  return `${exception}: ${message}\n\tat com.example.orders.Main.run(Main.java:42)`;
}

/** As the log's lines name it. */
function runOf(process: string, start: number): string {
  return `${process.replace(/\W/g, "-")}-${start + 1}`;
}
