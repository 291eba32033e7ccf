import { refuse } from "../core/validation";

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
