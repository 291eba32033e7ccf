import { TerraformStack } from "cdktf";
import {
  AccountPolicies,
  FULL_ACCESS,
  KeyPolicies,
  PolicyDocument,
  RolePolicies,
  statementsOf,
} from "../lab/judge/policies";
import { Vpc } from "../lab/account";
import { Block, Synthesized } from "../support/synthesized";
import { synthesize } from "../support/synth";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";

/** The policies, and the networks that calls come from. */
export interface SynthesizedAccount extends AccountPolicies {
  readonly vpcs: readonly Vpc[];
}

/** What a stack would be in an account, as far as policies go: what the judge reads from the emulator in the lab. */
export function policiesOf(build: (stack: TerraformStack) => void): SynthesizedAccount {
  return accountOf(synthesize(build));
}

export function accountOf(synthesized: Synthesized): SynthesizedAccount {
  const locals = (synthesized.json.locals ?? {}) as Readonly<Record<string, string>>;
  const text = (value: unknown) => resolve(withoutLocals(String(value), locals));
  // Two dollar signs are Terraform's way to write one, such as of a variable that IAM reads.
  const document = (value: unknown) => JSON.parse(text(value).replaceAll("$${", "${")) as PolicyDocument;
  const entries = (type: string) => Object.entries(synthesized.resources(type));
  const ownPolicies = (role: string) =>
    entries("aws_iam_role_policy")
      .filter(([, policy]) => text(policy.role) === role)
      .map(([, policy]) => ({ name: text(policy.name), document: document(policy.policy) }));
  const roles = entries("aws_iam_role").map(([id, role]): RolePolicies => {
    const [name, arn] = [attribute("aws_iam_role", id, "name"), attribute("aws_iam_role", id, "arn")];
    const trust = document(role.assume_role_policy);
    return { name, arn, id: `AROA${name}`, tags: {}, trust, identity: ownPolicies(name) };
  });
  const ofBucket = (type: string, bucket: string) =>
    entries(type).find(([, block]) => text(block.bucket) === bucket)?.[1];
  const buckets = entries("aws_s3_bucket").map(([id]) => {
    const name = attribute("aws_s3_bucket", id, "id");
    const rule = ofBucket("aws_s3_bucket_server_side_encryption_configuration", name)?.rule?.[0] as Block | undefined;
    const key = rule?.apply_server_side_encryption_by_default?.kms_master_key_id as string | undefined;
    const policy = ofBucket("aws_s3_bucket_policy", name)?.policy as unknown;
    return {
      ...{ name, bucketKey: Boolean(rule?.bucket_key_enabled) },
      ...(key !== undefined && { key: text(key) }),
      ...(policy !== undefined && { policy: document(policy) }),
    };
  });
  const keys = entries("aws_kms_key").map(([id, key]): KeyPolicies => {
    const keyId = attribute("aws_kms_key", id, "key_id");
    const aliases = entries("aws_kms_alias").filter(([, alias]) => text(alias.target_key_id) === keyId);
    return {
      ...{ arn: attribute("aws_kms_key", id, "arn"), policy: document(key.policy) },
      aliases: aliases.map(([, alias]) => text(alias.name ?? `${String(alias.name_prefix)}1`)),
    };
  });
  const endpoints = entries("aws_vpc_endpoint").map(([id, endpoint], index) => ({
    ...{ id: `vpce-${id.replace(/[^a-z0-9]/gi, "")}`, vpcId: text(endpoint.vpc_id) },
    ...{ service: text(endpoint.service_name), type: text(endpoint.vpc_endpoint_type) },
    policy: endpoint.policy === undefined ? FULL_ACCESS : document(endpoint.policy),
    addresses: endpoint.vpc_endpoint_type === "Interface" ? [`10.40.0.${200 + index}`] : [],
  }));
  const vpcs = entries("aws_vpc").map(([id, vpc]) => ({
    id: attribute("aws_vpc", id, "id"),
    cidr: text(vpc.cidr_block),
  }));
  const secrets = [
    ...entries("aws_secretsmanager_secret").map(([id, { kms_key_id }]) => ({
      ...{ arn: attribute("aws_secretsmanager_secret", id, "arn"), name: id, key: text(kms_key_id) },
    })),
    ...entries("aws_db_instance").map(([id, { master_user_secret_kms_key_id }]) => ({
      ...{ arn: attribute("aws_db_instance", id, MASTER_SECRET), name: `rds!${id}` },
      key: text(master_user_secret_kms_key_id),
    })),
  ];
  const account = { accountId: ACCOUNT, region: REGION, roles, buckets, keys, secrets, endpoints, vpcs };
  requireResolved(account);
  return account;
}

/** What Amazon RDS calls the secret of who administers a database. */
const MASTER_SECRET = "master_user_secret[0].secret_arn";

/** What Terraform would put for a reference. */
function attribute(type: string, id: string, name: string): string {
  const plain = id.toLowerCase().replace(/[^a-z0-9]/g, "-");
  const values: Record<string, string> = {
    "aws_s3_bucket.id": plain,
    "aws_s3_bucket.bucket": plain,
    "aws_s3_bucket.arn": `arn:aws:s3:::${plain}`,
    "aws_kms_key.key_id": plain,
    "aws_kms_key.arn": `arn:aws:kms:${REGION}:${ACCOUNT}:key/${plain}`,
    "aws_iam_role.name": plain,
    "aws_iam_role.arn": `arn:aws:iam::${ACCOUNT}:role/${plain}`,
    "aws_cloudwatch_log_group.arn": `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${plain}`,
    "aws_msk_cluster.arn": `arn:aws:kafka:${REGION}:${ACCOUNT}:cluster/${plain}/01234567-89ab-cdef-0123-456789abcdef-2`,
    "aws_opensearch_domain.arn": `arn:aws:es:${REGION}:${ACCOUNT}:domain/${plain}`,
    "aws_secretsmanager_secret.arn": `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${plain}-AbCdEf`,
    [`aws_db_instance.${MASTER_SECRET}`]: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds!db-${plain}-AbCdEf`,
    "aws_vpc.id": `vpc-${plain}`,
  };
  return values[`${type}.${name}`] ?? `\${${type}.${id}.${name}}`;
}

/** What Terraform would put for texts that have a name; of functions it knows the one that they use. */
function withoutLocals(text: string, locals: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{local\.([\w-]+)\}/g, (whole, id: string) => {
    const [, value, from, to] = /^\$\{replace\((.+), "(.*)", "(.*)"\)\}$/.exec(locals[id]) ?? [];
    return value === undefined ? whole : resolve(`\${${value}}`).replaceAll(from, to);
  });
}

function resolve(text: string): string {
  const data: Record<string, string> = {
    ...{ "aws_caller_identity.account_id": ACCOUNT, "aws_region.id": REGION },
    ...{ "aws_partition.partition": "aws", "aws_partition.dns_suffix": "amazonaws.com" },
  };
  return text
    .replace(
      /\$\{data\.(\w+)\.[\w-]+\.(\w+)\}/g,
      (whole, type: string, name: string) => data[`${type}.${name}`] ?? whole,
    )
    .replace(/\$\{(aws_\w+)\.([\w-]+)\.([\w[\].]+)\}/g, (_, type: string, id: string, name: string) =>
      attribute(type, id, name),
    );
}

/** A reference that was left as it is, other than a variable of IAM, would match nothing, and a test of refusals would prove nothing. */
function requireResolved(account: AccountPolicies): void {
  const left = JSON.stringify(account).match(/\$\{(?!aws:)[^}]*\}/g);
  if (left) throw new Error(`not resolved: ${[...new Set(left)].join(", ")}`);
}

/** Every statement of a role, for tests that look at one. */
export function statementsOfRole(role: RolePolicies): ReturnType<typeof statementsOf> {
  return role.identity.flatMap(({ document }) => statementsOf(document));
}
