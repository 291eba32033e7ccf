import type { LogRole } from "../logs/log-exporter-configuration";
import type { LineContent } from "./log-document";
import { readZooKeeperLine } from "./zookeeper-line";

export interface JournalEntry {
  readonly cursor?: string;
  readonly content: LineContent;
}

/** The unit of systemd itself. */
const SYSTEMD = "init.scope";
/** By syslog's priorities, 0 to 7. */
const LEVELS = ["FATAL", "FATAL", "FATAL", "ERROR", "WARN", "INFO", "INFO", "DEBUG"];

/**
 * Reads an entry of the journal.
 *
 * @param roles of units; lines of others are the system's
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
 */
export function readJournalEntry(
  fields: Readonly<Record<string, unknown>>,
  roles: Readonly<Record<string, LogRole>>,
): JournalEntry {
  const text = (name: string): string | undefined => textOf(fields[name]) || undefined;
  const writer = text("_SYSTEMD_UNIT");
  const role = roleOf(text("_TRANSPORT"), writer, roles);
  // What systemd itself says of a unit is filed under that unit; anybody else may write the same field.
  const unit = (writer === SYSTEMD ? text("UNIT") : undefined) ?? writer;
  const run = text("_SYSTEMD_INVOCATION_ID") ?? text("INVOCATION_ID");
  const level = LEVELS[Number(text("PRIORITY") ?? NaN)];
  const logger = text("SYSLOG_IDENTIFIER") ?? text("_COMM");
  const message = textOf(fields.MESSAGE) ?? "";
  return {
    cursor: text("__CURSOR"),
    content: {
      message,
      role,
      ...(level !== undefined && { level }),
      ...(logger !== undefined && { logger }),
      ...(unit !== undefined && { unit }),
      ...(run !== undefined && { run }),
      ...(role === "zookeeper" && readZooKeeperLine(message)),
    },
  };
}

function roleOf(
  transport: string | undefined,
  unit: string | undefined,
  roles: Readonly<Record<string, LogRole>>,
): LogRole {
  if (transport === "kernel" || transport === "audit") return transport;
  return (unit !== undefined && Object.hasOwn(roles, unit) && roles[unit]) || "system";
}

/** A text, or the bytes of what is none (journalctl's JSON); of a field that is there several times, all. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value)) return undefined;
  if (value.every((each) => typeof each === "number")) return Buffer.from(value).toString("utf8");
  return value.map(textOf).join("\n");
}
