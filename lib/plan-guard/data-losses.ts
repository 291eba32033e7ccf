import { nameTag } from "./clusters";
import { kindOf } from "./resource-kinds";
import { lossByKeeping } from "./shorter-keeping";
import { isKnownLater, isSensitive, KNOWN_LATER, SENSITIVE, shownText } from "./shown-value";
import type { Attributes, PlannedAction, ResourceChange } from "./terraform-plan";

/** Something that holds data, or is the key to it, and goes. */
export interface DataLoss {
  readonly address: string;
  readonly type: string;
  /** What it is, and its name or what it is for. */
  readonly what: string;
  readonly action: "delete" | "replace" | "disable" | "shorten";
  /** What that means, and whether it can be undone: one sentence without a full stop. */
  readonly meaning: string;
}

const NAMES = ["key", "description", "bucket", "name", "cluster_name", "domain_name", "identifier"];
const WORDS: Readonly<Record<string, string | undefined>> = {
  aws_cloudwatch_log_group: "log group",
  aws_db_instance: "database",
  aws_ebs_volume: "volume",
  aws_kms_key: "key",
  aws_msk_cluster: "Kafka cluster",
  aws_msk_configuration: "topics of brokers with the configuration",
  aws_opensearch_domain: "domain",
  aws_s3_bucket: "bucket",
  aws_s3_bucket_lifecycle_configuration: "bucket",
  aws_s3_object: "object",
  aws_secretsmanager_secret: "secret",
};

/** All of it that a plan deletes, replaces or makes unusable, and what keeps less of it than before. */
export function dataLosses(changes: readonly ResourceChange[]): readonly DataLoss[] {
  return [
    ...changes.filter(({ type }) => kindOf(type) === "data").flatMap(dataLoss),
    ...changes.flatMap((change) => shorterKeeping(change, changes)),
  ];
}

function shorterKeeping(change: ResourceChange, changes: readonly ResourceChange[]): DataLoss[] {
  const meaning = lossByKeeping(change, changes);
  if (meaning === undefined) return [];
  const { address, type } = change;
  return [{ address, type, what: `how long is kept what is in ${nameOf(change)}`, action: "shorten", meaning }];
}

function dataLoss(change: ResourceChange): DataLoss[] {
  const { address, type, action } = change;
  const lost = { address, type, what: nameOf(change) };
  if (action === "delete" || action === "replace") {
    return [{ ...lost, action, meaning: meaningOf(change) }];
  }
  return isDisabled(change, action)
    ? [{ ...lost, action: "disable", meaning: "nothing under it can be read until it is enabled again" }]
    : [];
}

function isDisabled(change: ResourceChange, action: PlannedAction): boolean {
  const { type, before, after } = change;
  if (type !== "aws_kms_key" || action !== "update" || before.is_enabled === false) return false;
  return after.is_enabled === false || isKnownLater(change, "is_enabled");
}

/** By what people know it best. */
function nameOf(change: ResourceChange): string {
  const { type } = change;
  const before = { ...change.after, ...change.before };
  const known = NAMES.find((attribute) => isNamedBy(type, attribute) && typeof before[attribute] === "string");
  const own = known === undefined ? nameTag(change) : (before[known] as string);
  const id = typeof before.id === "string" && !isSensitive(change, "id") ? before.id : KNOWN_LATER;
  const name = known !== undefined && isSensitive(change, known) ? SENSITIVE : shownText(own ?? id);
  return `the ${WORDS[type] ?? type} "${name}"`;
}

/** A key has no name, and an object has that of its bucket too. */
function isNamedBy(type: string, attribute: string): boolean {
  if (type === "aws_kms_key") return attribute === "description";
  return type === "aws_s3_object" ? attribute === "key" : attribute !== "description" && attribute !== "key";
}

function meaningOf({ type, before }: ResourceChange): string {
  switch (type) {
    case "aws_ebs_volume":
      return "what is on the volume cannot be brought back";
    case "aws_kms_key":
      return `${keyMeaning(before)}; it can be kept for ${days(before.deletion_window_in_days, 30)} (kms:CancelKeyDeletion), and after that never`;
    case "aws_s3_bucket":
      return before.force_destroy === true
        ? "all objects in it go with it, in all versions, and cannot be brought back"
        : "AWS refuses that while anything is in it, and the apply ends half-way; an empty one loses its name";
    case "aws_s3_object":
      return "the object goes; a bucket with versioning keeps what it was";
    case "aws_secretsmanager_secret":
      return `whoever reads it is refused; it can be restored for ${days(before.recovery_window_in_days, 30)}, and after that never`;
    case "aws_cloudwatch_log_group":
      return "all lines in it go, and cannot be brought back";
    case "aws_db_instance":
      return before.skip_final_snapshot === false
        ? "the database goes; AWS takes a last snapshot, and what comes in its place is empty"
        : "the database goes without a last snapshot, and cannot be brought back";
    default:
      return "all data in it goes, and cannot be brought back";
  }
}

function keyMeaning({ key_usage: usage }: Attributes): string {
  return usage === "SIGN_VERIFY"
    ? "no certificate of this authority is renewed any more, and none of it is trusted by what takes its place"
    : "nothing under it can be read any more, whatever holds it";
}

function days(value: unknown, usual: number): string {
  return `${typeof value === "number" ? value : usual} days`;
}
