import { refuse, requireMap } from "../core/validation";

/**
 * From which level on Flink writes what its loggers say (log4j's own names). DEBUG is not offered: what the S3 clients
 * write there holds credentials.
 */
export enum LogLevel {
  /** Failures only. */
  ERROR = "ERROR",
  /** And what may become one. */
  WARN = "WARN",
  /** And what happens: starts, checkpoints, recoveries. */
  INFO = "INFO",
}

/** Names of classes and packages, as Java has them; more of them than anybody sets by hand are a mistake. */
const LOGGER_NAME = /^(?=.{1,256}$)[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*$/;
const MOST_LOGGERS = 100;

/** Refuses anything but an object of loggers' names and members of `LogLevel`. */
export function requireLogLevels(property: string, levels: unknown): void {
  requireMap(property, levels);
  const names = Object.keys(levels);
  if (names.length > MOST_LOGGERS) {
    refuse({
      property,
      value: `${names.length} loggers`,
      allowed: `at most ${MOST_LOGGERS}`,
      remedy: "name a package in place of its classes",
    });
  }
  for (const name of names) {
    if (!LOGGER_NAME.test(name)) {
      refuse({
        property: `a key of ${property}`,
        value: name,
        allowed:
          "the name of a class or package such as org.apache.flink.runtime.checkpoint, of at most 256 characters",
        remedy: "use the name that stands in the lines of the log",
      });
    }
    if (name.toLowerCase() === "root") {
      refuse({
        property: `a key of ${property}`,
        value: name,
        allowed: "the name of a class or package, as logLevel is for all of them",
        remedy: "set logLevel in place of it",
      });
    }
    requireLogLevel(`${property}["${name}"]`, levels[name]);
  }
}

/** Refuses anything but a member of `LogLevel`. */
export function requireLogLevel(property: string, level: unknown): void {
  if (Object.values(LogLevel).includes(level as LogLevel)) return;
  refuse({
    property,
    value: level,
    allowed: "LogLevel.ERROR, LogLevel.WARN or LogLevel.INFO",
    remedy: "use one of them",
  });
}
