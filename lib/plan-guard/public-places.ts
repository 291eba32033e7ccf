import { type Statement, statementsOf } from "./policies";
import { policiesOf } from "./planned-policies";
import { isKnownLater, isSame } from "./shown-value";
import type { ResourceChange } from "./terraform-plan";

/** Something of AWS that the whole world may reach, and did not before. */
export interface PublicPlace {
  readonly address: string;
  /** One sentence without a full stop and without its subject. */
  readonly what: string;
}

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
/** Who reaches these passes a firewall first; a domain of OpenSearch asks for a login besides. */
const BEHIND_A_FIREWALL = ["aws_vpc_endpoint", "aws_opensearch_domain", "aws_opensearch_domain_policy"];

/** What a plan makes public. */
export function publicPlaces(changes: readonly ResourceChange[]): readonly PublicPlace[] {
  return changes
    .filter(({ action }) => action !== "none" && action !== "forget")
    .flatMap((change) => [byAddress(change), byLiftedBlock(change, changes), byPolicy(change)])
    .filter((place) => place !== undefined);
}

function byAddress(change: ResourceChange): PublicPlace | undefined {
  const { address, type, before, after } = change;
  if (type !== "aws_db_instance" || before.publicly_accessible === true) return undefined;
  return after.publicly_accessible === true
    ? { address, what: "gives the database an address in the internet" }
    : undefined;
}

/** One that goes with its bucket lets nobody in. */
function byLiftedBlock(change: ResourceChange, changes: readonly ResourceChange[]): PublicPlace | undefined {
  const { address, type, action, before, after } = change;
  if (type !== "aws_s3_bucket_public_access_block") return undefined;
  const goesAlong = changes.some(
    (bucket) =>
      bucket.type === "aws_s3_bucket" && bucket.action === "delete" && isSame(bucket.before.id, before.bucket),
  );
  if (action === "delete" && goesAlong) return undefined;
  const lifted = BLOCKS.filter(
    (block) => before[block] === true && (after[block] !== true || isKnownLater(change, block)),
  );
  return lifted.length > 0
    ? { address, what: `no longer keeps a bucket from being public: ${lifted.join(", ")}` }
    : undefined;
}

function byPolicy(change: ResourceChange): PublicPlace | undefined {
  const { address, type } = change;
  if (BEHIND_A_FIREWALL.includes(type)) return undefined;
  const [was, is] = (["before", "after"] as const).map((when) =>
    policiesOf(type).flatMap(({ textOf }) => openStatements(textOf(change, when))),
  );
  const isNew = is.some((statement) => !was.some((other) => isSame(statement, other)));
  return isNew
    ? { address, what: "allows everybody in the world, by a policy with * and without a condition" }
    : undefined;
}

function openStatements(policy: string | undefined): readonly Statement[] {
  return ((policy !== undefined && statementsOf(policy)) || []).filter(
    ({ effect, principals, condition }) =>
      effect === "Allow" && condition === undefined && principals.some((each) => each === "*" || each === "AWS *"),
  );
}
