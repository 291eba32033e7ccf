/** Levels of log lines, the gravest first. */
export const LOG_LEVELS = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"] as const;

export type LogLineLevel = (typeof LOG_LEVELS)[number];

/** A level and all that are graver. */
export function atLeast(level: LogLineLevel): readonly LogLineLevel[] {
  return LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1);
}
