import { printable } from "../../../core/printable";
import { withoutSecrets } from "../../../core/without-secrets";
import type { LogExporterStatus } from "../../logs/log-exporter-status";
import { LOG_STATUS_FILE } from "../../paths";
import { readForeignFile } from "../shipping/foreign-file";

const LARGEST_BYTES = 16 << 10;
/** Of what the exporter says: it stands in the report, in one line. */
const LONGEST_PROBLEM = 400;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/**
 * What the exporter says of itself; nothing where it has not said anything. It is another user's file: it may be a link,
 * a pipe or anything else. Fails with a sentence without a full stop where it is not of the known form.
 */
export async function readExporterStatus(file: string = LOG_STATUS_FILE): Promise<LogExporterStatus | undefined> {
  const text = await readForeignFile(file, LARGEST_BYTES);
  if (text === undefined) return undefined;
  const status = asStatus(text);
  if (!status) throw new Error("it is not of the known form");
  return status;
}

function asStatus(text: string): LogExporterStatus | undefined {
  const found = parse(text);
  if (typeof found !== "object" || found === null) return undefined;
  const { schemaVersion, updatedAt, lastDeliveredAt, delivered, lost, rejected, problem } = found as LogExporterStatus;
  if (schemaVersion !== 1 || !isMoment(updatedAt) || ![delivered, lost, rejected].every(isCount)) return undefined;
  if (lastDeliveredAt !== undefined && !isMoment(lastDeliveredAt)) return undefined;
  if (problem !== undefined && typeof problem !== "string") return undefined;
  return {
    ...{ schemaVersion, updatedAt, delivered, lost, rejected },
    ...(lastDeliveredAt === undefined ? {} : { lastDeliveredAt }),
    ...(problem === undefined ? {} : { problem: withoutSecrets(printable(problem)).slice(0, LONGEST_PROBLEM) }),
  };
}

/** Its own words would quote what the file holds. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMoment(value: unknown): boolean {
  return typeof value === "string" && MOMENT.test(value) && !Number.isNaN(Date.parse(value));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
