/** What a document tells of a line of a log, beside its time (`@timestamp`) and its text (`message`), which all have. */
export enum LogField {
  /** Such as `WARN`. */
  LEVEL = "level",
  /** Who wrote it, such as `org.apache.flink.runtime.checkpoint.CheckpointCoordinator`. */
  LOGGER = "logger",
  /** The thread that wrote it. */
  THREAD = "thread",
  /** Class of the exception that it tells of. */
  EXCEPTION = "exception",
  /** The whole stack trace, in one text. */
  STACK_TRACE = "stack_trace",
  /** The job of Flink that it belongs to, 32 hexadecimal digits. */
  JOB_ID = "job_id",
  /** Fully qualified name of the machine in the network's private zone. */
  HOST = "host",
  /** Name of the machine, such as `orders-node-1`. */
  NODE = "node",
  /** Name of the Flink cluster. */
  CLUSTER = "cluster",
  /** What it comes from: `jobmanager`, `taskmanager`, `zookeeper`, `agent`, `kernel`, `audit` or `system`. */
  ROLE = "role",
  /** The unit of systemd, such as `flink-taskmanager.service`. */
  UNIT = "unit",
  /** One run of a process, from its start to its end. */
  RUN = "run",
  /** Number of the line in its run, from 1: none is missing, and lines of one millisecond have an order. */
  SEQUENCE = "sequence",
}
