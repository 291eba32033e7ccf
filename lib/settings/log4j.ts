import type { LogLevel } from "./log-level";

/** Largest log file and how many old ones are kept: at most 550 MB per process. */
const LARGEST_FILE = "50MB";
const OLD_FILES = 10;

/**
 * `log4j-console.properties`, which Flink's scripts use for a process in the foreground: a bounded, rolling
 * file that the web UI shows, and the console, which goes to the journal. Every stack trace line after the
 * first lacks the leading date: that is how a log shipper joins them.
 */
export function renderLog4jProperties(level: LogLevel): string {
  const pattern = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n";
  return `${[
    // Flink reads the file again this often (seconds), so that a level can be changed on a running node.
    "monitorInterval = 30",
    `rootLogger.level = ${level}`,
    "rootLogger.appenderRef.console.ref = ConsoleAppender",
    "rootLogger.appenderRef.rolling.ref = RollingFileAppender",
    ...logger("pekko", "org.apache.pekko", level),
    ...logger("kafka", "org.apache.kafka", level),
    ...logger("hadoop", "org.apache.hadoop", level),
    ...logger("zookeeper", "org.apache.flink.shaded.zookeeper3", level),
    // Its errors are those of clients that went away, which Flink reports by itself.
    ...logger("netty", "org.jboss.netty.channel.DefaultChannelPipeline", "OFF"),
    "appender.console.name = ConsoleAppender",
    "appender.console.type = CONSOLE",
    "appender.console.layout.type = PatternLayout",
    `appender.console.layout.pattern = ${pattern}`,
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
