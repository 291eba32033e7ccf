import { asFlinkReport } from "./flink-report-form";
import type { NodeReport } from "./report";

const STATUSES: ReadonlySet<unknown> = new Set<NodeReport["status"]>(["starting", "healthy", "unhealthy"]);

/**
 * A report as it was found in the bucket, where any node may have written it; nothing where it is not of the form that
 * is known. Lists that are not there are empty. What is told of the whole cluster is left out where it is of another form:
 * no node decides anything by it.
 */
export function asNodeReport(found: unknown): NodeReport | undefined {
  if (!isRecord(found) || found.schemaVersion !== 1 || !STATUSES.has(found.status)) return undefined;
  const report = { reasons: [], units: [], software: [], ...found };
  const isGood =
    ["string", "undefined"].includes(typeof found.imageId) &&
    areTexts(report.reasons) &&
    areTexts(report.software) &&
    areRecords(report.units) &&
    report.units.every(({ name }) => typeof name === "string") &&
    [found.running, found.pending, found.roll].every((part) => isAbsentOr(part, ["sha256"])) &&
    isAbsentOr(found.lineChange, ["lock", "standing"]) &&
    (!isRecord(found.roll) || ["string", "undefined"].includes(typeof found.roll.opensAt)) &&
    isGoodDataVolume(found.dataVolume) &&
    isAbsentOr(found.hostFirewall, ["lastRestoredAt"]) &&
    (found.connectionProblems === undefined || areTexts(found.connectionProblems)) &&
    isGoodShipping(found.logs, ["delivered", "lost", "rejected"], ["lastDeliveredAt", "problem"]) &&
    isGoodShipping(found.metrics, ["written", "lost", "waiting"], ["problem"]) &&
    isAbsentOr(found.certificates, ["nodeAuthority", "renewalDueAt"]) &&
    (!isRecord(found.certificates) || areRecords(found.certificates.issued));
  if (!isGood) return undefined;
  const { flink: told, ...rest } = report as typeof report & { readonly flink?: unknown };
  const flink = asFlinkReport(told);
  return { ...rest, ...(flink ? { flink } : {}) } as unknown as NodeReport;
}

function isGoodDataVolume(told: unknown): boolean {
  if (told === undefined) return true;
  const { sizeBytes, fileSystemBytes, problem } = isRecord(told) ? told : {};
  return [sizeBytes, fileSystemBytes].every(Number.isSafeInteger) && ["string", "undefined"].includes(typeof problem);
}

/** What is told of something that is shipped: counts that are there, and texts that may be. */
function isGoodShipping(told: unknown, counts: readonly string[], texts: readonly string[]): boolean {
  if (told === undefined) return true;
  if (!isRecord(told)) return false;
  const areCounts = counts.every((name) => Number.isSafeInteger(told[name]) && (told[name] as number) >= 0);
  return areCounts && texts.every((name) => told[name] === undefined || typeof told[name] === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areRecords(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every(isRecord);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** Whether it is not there, or an object with these texts. */
function isAbsentOr(value: unknown, texts: readonly string[]): boolean {
  return value === undefined || (isRecord(value) && texts.every((name) => typeof value[name] === "string"));
}
