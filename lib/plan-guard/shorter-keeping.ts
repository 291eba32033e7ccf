import { isKnownLater, isSame } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** A rule by which S3 deletes objects. */
interface ExpiryRule {
  /** Of which objects. */
  readonly of: unknown;
  /** After how many days of an object, and of what was overwritten or deleted; none: never. */
  readonly days: readonly (number | undefined)[];
  /** A day at which objects go; none: no such. */
  readonly date?: unknown;
}

const FOR_EVER = Infinity;
/** Of a broker, the finer one first: it counts where both are there. */
const RETENTION_MILLIS: readonly (readonly [string, number])[] = [
  ["log.retention.ms", 1],
  ["log.retention.minutes", 60_000],
  ["log.retention.hours", 3_600_000],
];
const USUAL_RETENTION_MILLIS = 168 * 3_600_000;

/**
 * What goes as a resource that stays keeps data for a shorter time, or by other rules: one sentence without a full stop; nothing where
 * it keeps all that it kept.
 */
export function lossByKeeping(change: ResourceChange, changes: readonly ResourceChange[]): string | undefined {
  const { type, action, before, after } = change;
  if (type === "aws_s3_bucket_lifecycle_configuration") {
    const isFirst = action === "create" && isOfNewBucket(change, changes);
    return (action === "create" || action === "update" || action === "replace") && !isFirst
      ? lossByExpiry(change)
      : undefined;
  }
  if (action !== "update") return undefined;
  switch (type) {
    case "aws_cloudwatch_log_group":
      return isShorter(change, "retention_in_days", FOR_EVER)
        ? `lines older than ${daysText(after.retention_in_days)} go, and cannot be brought back`
        : undefined;
    case "aws_db_instance":
      return isShorter(change, "backup_retention_period", 0)
        ? `backups older than ${daysText(after.backup_retention_period)} go, and cannot be brought back`
        : undefined;
    case "aws_msk_configuration":
      return lossByBrokers(change, before.server_properties, after.server_properties);
    default:
      return undefined;
  }
}

/** A bucket that comes with its rules has nothing yet that these could delete. */
function isOfNewBucket({ after, references }: ResourceChange, changes: readonly ResourceChange[]): boolean {
  return changes.some(
    ({ type, action, address, after: bucket }) =>
      type === "aws_s3_bucket" &&
      (action === "create" || action === "replace") &&
      (address === references.bucket || (typeof after.bucket === "string" && after.bucket === bucket.bucket)),
  );
}

function lossByExpiry(change: ResourceChange): string | undefined {
  const { before, after } = change;
  const [had, has] = [before.rule, after.rule].map(expiryRules);
  const isMore = has.some((rule) => !had.some((old) => coversAll(old, rule)));
  // Where a part of the rules is known later, what Terraform shows of them is the rest.
  const isHidden = isKnownLater(change, "rule") && !isSame(before.rule, after.rule);
  return isMore || isHidden
    ? "S3 deletes objects, or what they were before, that it would have kept: they cannot be brought back"
    : undefined;
}

function expiryRules(rules: unknown): readonly ExpiryRule[] {
  const all = Array.isArray(rules) ? (rules as Attributes[]) : [];
  return all
    .filter(({ status }) => status !== "Disabled")
    .map(({ prefix, filter, expiration, noncurrent_version_expiration: older }) => {
      const [own, old] = [first(expiration), first(older)];
      return {
        of: [prefix || null, filter],
        days: [daysOf(own.days), daysOf(old.noncurrent_days ?? old.days), daysOf(old.newer_noncurrent_versions)],
        date: own.date || undefined,
      };
    })
    .filter(({ days, date }) => date !== undefined || days.slice(0, 2).some((each) => each !== undefined));
}

/** Whether all that a rule deletes went by the other one already. */
function coversAll(old: ExpiryRule, rule: ExpiryRule): boolean {
  const isSooner = rule.days.slice(0, 2).some((days, index) => (days ?? FOR_EVER) < (old.days[index] ?? FOR_EVER));
  const keepsFewer = (rule.days[2] ?? 0) < (old.days[2] ?? 0);
  return (
    isSame(old.of, rule.of) && (rule.date === undefined || isSame(old.date, rule.date)) && !isSooner && !keepsFewer
  );
}

function first(blocks: unknown): Attributes {
  return Array.isArray(blocks) ? ((blocks[0] ?? {}) as Attributes) : {};
}

/** Terraform shows 0 where nothing was said. */
function daysOf(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}

function isShorter(change: ResourceChange, attribute: string, zero: number): boolean {
  const length = (value: unknown): number => (typeof value === "number" && value > 0 ? value : zero);
  const [was, is] = [change.before[attribute], change.after[attribute]].map(length);
  return isKnownLater(change, attribute) ? was > 0 : is < was;
}

function daysText(days: unknown): string {
  return typeof days === "number" ? `${days} days` : "what is known after the apply only";
}

function lossByBrokers(change: ResourceChange, before: unknown, after: unknown): string | undefined {
  if (isKnownLater(change, "server_properties"))
    return "rows of topics may go: how long brokers keep them is known after the apply only";
  const [was, is] = [before, after].map(brokerSettings);
  const [had, has] = [was, is].map(retentionMillis);
  const [hadBytes, hasBytes] = [was, is].map((settings) => orForEver(settings.get("log.retention.bytes") ?? "-1"));
  const isOther = (was.get("log.cleanup.policy") ?? "delete") !== (is.get("log.cleanup.policy") ?? "delete");
  return has < had || hasBytes < hadBytes || isOther
    ? "rows of topics without a setting of their own go, and cannot be brought back"
    : undefined;
}

function brokerSettings(text: unknown): ReadonlyMap<string, string> {
  const lines = typeof text === "string" ? text.split("\n") : [];
  return new Map(
    lines
      .filter((line) => /^\s*[^#\s]/.test(line))
      .map((line) => {
        const [name, ...value] = line.split("=");
        return [name.trim(), value.join("=").trim()];
      }),
  );
}

function retentionMillis(settings: ReadonlyMap<string, string>): number {
  const [said] = RETENTION_MILLIS.filter(([name]) => settings.has(name));
  return said === undefined ? USUAL_RETENTION_MILLIS : orForEver(settings.get(said[0])!) * said[1];
}

/** Of Kafka: -1 is no limit. */
function orForEver(value: string): number {
  return Number(value) < 0 ? FOR_EVER : Number(value);
}
