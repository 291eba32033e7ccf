import type { LogLevel } from "./log-level";
import { linesAppender } from "./log4j-lines";

/** Largest log file and how many old ones are kept: at most 550 MB per process. */
const LARGEST_FILE = "50MB";
const OLD_FILES = 10;

/** What is written beside the level of all. */
export interface Log4jOptions {
  /** Levels of single loggers, by their names; those below them have the same. */
  readonly levels?: Readonly<Record<string, LogLevel>>;
  /** Whether the lines are shipped: then they are written as JSON too, of which so many bytes are kept. */
  readonly bufferBytes?: number;
}

/** Loggers that are named of old: by these ids the file that comes with Flink knows them. */
const NAMED: Readonly<Record<string, string>> = {
  pekko: "org.apache.pekko",
  kafka: "org.apache.kafka",
  hadoop: "org.apache.hadoop",
  zookeeper: "org.apache.flink.shaded.zookeeper3",
};

/** Its errors are those of clients that went away, which Flink reports by itself. */
const NETTY = "org.jboss.netty.channel.DefaultChannelPipeline";

/**
 * `log4j-console.properties`, which Flink's scripts use for a process in the foreground: a bounded, rolling
 * file that the web UI shows, and the console, which goes to the journal. Every stack trace line after the
 * first lacks the leading date: that is how a log shipper joins them. Where we ship the lines ourselves, JSON takes
 * the console's place.
 */
export function renderLog4jProperties(level: LogLevel, options: Log4jOptions = {}): string {
  const { levels = {}, bufferBytes } = options;
  const named = new Set([...Object.values(NAMED), NETTY]);
  const others = Object.entries(levels).filter(([name]) => !named.has(name));
  const pattern = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n";
  return `${[
    // Flink reads the file again this often (seconds), so that a level can be changed on a running node.
    "monitorInterval = 30",
    `rootLogger.level = ${level}`,
    ...(bufferBytes === undefined
      ? ["rootLogger.appenderRef.console.ref = ConsoleAppender"]
      : ["rootLogger.appenderRef.lines.ref = LinesAppender"]),
    "rootLogger.appenderRef.rolling.ref = RollingFileAppender",
    ...Object.entries(NAMED).flatMap(([id, name]) => logger(id, name, levels[name] ?? level)),
    ...logger("netty", NETTY, levels[NETTY] ?? "OFF"),
    ...others.flatMap(([name, own], index) => logger(`own${index}`, name, own)),
    ...(bufferBytes === undefined ? consoleAppender(pattern) : linesAppender(bufferBytes)),
    "appender.rolling.name = RollingFileAppender",
    "appender.rolling.type = RollingFile",
    "appender.rolling.append = true",
    "appender.rolling.fileName = ${sys:log.file}",
    "appender.rolling.filePattern = ${sys:log.file}.%i",
    "appender.rolling.layout.type = PatternLayout",
    `appender.rolling.layout.pattern = ${pattern}`,
    "appender.rolling.policies.type = Policies",
    "appender.rolling.policies.size.type = SizeBasedTriggeringPolicy",
    `appender.rolling.policies.size.size = ${LARGEST_FILE}`,
    "appender.rolling.policies.startup.type = OnStartupTriggeringPolicy",
    "appender.rolling.strategy.type = DefaultRolloverStrategy",
    `appender.rolling.strategy.max = ${OLD_FILES}`,
  ].join("\n")}\n`;
}

function logger(id: string, name: string, value: string): readonly string[] {
  return [`logger.${id}.name = ${name}`, `logger.${id}.level = ${value}`];
}

function consoleAppender(pattern: string): readonly string[] {
  return [
    "appender.console.name = ConsoleAppender",
    "appender.console.type = CONSOLE",
    "appender.console.layout.type = PatternLayout",
    `appender.console.layout.pattern = ${pattern}`,
  ];
}
