import { LOG_LINES_FILE_NAME, LOG_LINES_VARIABLE } from "../node/paths";

/** So many files share the bytes that are kept: the oldest of them goes as a whole. */
const FILES = 20;
/** A process that cannot start leaves a file each time, and each is looked at every second: half an hour of them is kept. */
const MOST_OLD_FILES = 200;
/** Characters of one text: a longer one ends there, with an ellipsis. */
const LONGEST_TEXT = 131_072;

/**
 * One event as one line of JSON. What tells lines apart comes first, as the collector knows a file by its first 1000 bytes:
 * the event's number in this run of the process, and the run, which is what systemd calls this start of the unit.
 */
const EVENT = {
  "@timestamp": { $resolver: "timestamp", pattern: { format: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", timeZone: "UTC" } },
  sequence: { $resolver: "pattern", pattern: "%sn", stackTraceEnabled: false },
  run: "${env:INVOCATION_ID}",
  level: { $resolver: "level", field: "name" },
  logger: { $resolver: "logger", field: "name" },
  thread: { $resolver: "thread", field: "name" },
  job_id: { $resolver: "mdc", key: "flink-job-id" },
  message: { $resolver: "message", stringified: true },
  exception: { $resolver: "exception", field: "className" },
  stack_trace: { $resolver: "exception", field: "stackTrace", stackTrace: { stringified: true } },
};

/**
 * An appender that writes events as JSON for the collector. The current file and the older ones hold at most so many
 * bytes together, and one event more: beyond them the oldest file goes, whether it was read or not. A start of the process
 * begins a new file, so that none is written on behind what a loss of power may have cut off.
 */
export function linesAppender(bufferBytes: number): readonly string[] {
  const folder = `\${env:${LOG_LINES_VARIABLE}}`;
  const file = `${folder}/${LOG_LINES_FILE_NAME}`;
  const fileBytes = Math.floor(bufferBytes / FILES);
  const old = "appender.lines.strategy.delete";
  return [
    "appender.lines.name = LinesAppender",
    "appender.lines.type = RollingFile",
    `appender.lines.fileName = ${file}`,
    `appender.lines.filePattern = ${file}.%i`,
    "appender.lines.layout.type = JsonTemplateLayout",
    `appender.lines.layout.eventTemplate = ${JSON.stringify(EVENT)}`,
    `appender.lines.layout.maxStringLength = ${LONGEST_TEXT}`,
    // Its default keeps buffers of that length for each thread that ever wrote.
    "appender.lines.layout.recyclerFactory = queue:capacity=8",
    "appender.lines.policies.type = Policies",
    "appender.lines.policies.size.type = SizeBasedTriggeringPolicy",
    `appender.lines.policies.size.size = ${fileBytes}`,
    "appender.lines.policies.startup.type = OnStartupTriggeringPolicy",
    "appender.lines.strategy.type = DefaultRolloverStrategy",
    // Names of old files never change: the number only grows.
    "appender.lines.strategy.fileIndex = nomax",
    `${old}.type = Delete`,
    `${old}.basePath = ${folder}`,
    `${old}.ifName.type = IfFileName`,
    `${old}.ifName.glob = ${LOG_LINES_FILE_NAME}.*`,
    `${old}.ifName.ifAny.type = IfAny`,
    `${old}.ifName.ifAny.bytes.type = IfAccumulatedFileSize`,
    `${old}.ifName.ifAny.bytes.exceeds = ${bufferBytes - fileBytes}`,
    `${old}.ifName.ifAny.count.type = IfAccumulatedFileCount`,
    `${old}.ifName.ifAny.count.exceeds = ${MOST_OLD_FILES}`,
  ];
}
