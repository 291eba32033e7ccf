import { Block, Synthesized } from "./synth";

const EC2_DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** Where a rule leads or comes from: exactly one of these is set. */
const PEERS = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];

/**
 * What the usual scanners and AWS itself would find wrong in what was synthesized, one sentence each. Whatever a
 * stack of ours holds, this is to be empty.
 */
export function findings(synthesized: Synthesized): string[] {
  const found: string[] = [];
  const check = (type: string, rule: string, holds: (block: Block) => boolean) => {
    for (const [id, block] of Object.entries(synthesized.resources(type))) {
      if (!holds(block)) found.push(`${type}.${id}: ${rule}`);
    }
  };
  // With an end, for 10.0.0.0/8 is no such thing.
  if (/(?<![\d.])0\.0\.0\.0\/0|::\/0/.test(synthesized.text)) found.push("an address block of the whole internet");
  for (const type of ["aws_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_key_pair"]) {
    check(type, "must not exist", () => false);
  }

  check("aws_security_group", "rules are resources of their own", (b) => !b.ingress && !b.egress);
  check("aws_default_security_group", "has no rules", (b) => !b.ingress && !b.egress);
  for (const type of [
    "aws_security_group",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
  ]) {
    check(type, "has a description that EC2 takes", (b) =>
      EC2_DESCRIPTION.test(((b.description as string | undefined) ?? "").replaceAll("$${", "${")),
    );
  }
  for (const type of ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"]) {
    check(type, "opens one TCP port", (b) => b.ip_protocol === "tcp" && b.from_port === b.to_port);
    check(type, "names exactly one peer", (b) => PEERS.filter((peer) => b[peer] !== undefined).length === 1);
  }
  check("aws_subnet", "gives no public addresses", (b) => b.map_public_ip_on_launch === false);

  // AWS rotates no keys that sign.
  check("aws_kms_key", "rotates", (b) => b.enable_key_rotation === true || b.key_usage === "SIGN_VERIFY");
  check("aws_kms_key", "keeps the account as administrator", (b) =>
    /"Action":"kms:\*"/.test(b.policy as string) ? /:root"/.test(b.policy as string) : false,
  );
  check("aws_cloudwatch_log_group", "is encrypted by a key of the customer", (b) => Boolean(b.kms_key_id));
  check("aws_cloudwatch_log_group", "keeps a year", (b) => Number(b.retention_in_days) >= 365);
  for (const [type, rule] of [
    ["aws_vpc", "aws_flow_log"],
    ["aws_vpc", "aws_default_security_group"],
    ["aws_s3_bucket", "aws_s3_bucket_public_access_block"],
    ["aws_s3_bucket", "aws_s3_bucket_versioning"],
    ["aws_s3_bucket", "aws_s3_bucket_server_side_encryption_configuration"],
    ["aws_s3_bucket", "aws_s3_bucket_ownership_controls"],
    ["aws_s3_bucket", "aws_s3_bucket_policy"],
    ["aws_s3_bucket", "aws_s3_bucket_lifecycle_configuration"],
  ] as const) {
    for (const id of Object.keys(synthesized.resources(type))) {
      const satellites = synthesized.all(rule).filter((b) => b.vpc_id === ref(type, id) || b.bucket === ref(type, id));
      if (satellites.length !== 1) found.push(`${type}.${id}: has one ${rule}`);
    }
  }
  check("aws_s3_bucket_public_access_block", "blocks all", (b) =>
    ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].every(
      (flag) => b[flag] === true,
    ),
  );
  check("aws_s3_bucket_policy", "refuses plain HTTP", (b) =>
    (b.policy as string).includes('{"Bool":{"aws:SecureTransport":"false"}}'),
  );
  check("aws_s3_bucket_versioning", "is on", (b) => (b.versioning_configuration as Block).status === "Enabled");
  return found;
}

function ref(type: string, id: string): string {
  return `\${${type}.${id}.id}`;
}
