import { Block, Synthesized } from "../support/synthesized";
import { each, nested, referredId, referringTo, Rule } from "./rule";

const NO_KEY = "is not encrypted by a key of the customer";

/** Types that name their key themselves, and where. */
const KEY_PROPERTIES: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: "kms_key_id",
  aws_s3_object: "kms_key_id",
  aws_secretsmanager_secret: "kms_key_id",
  aws_sns_topic: "kms_master_key_id",
  aws_sqs_queue: "kms_master_key_id",
};

/** Types that are encrypted only where they say so, and by the key that they name. */
const VOLUMES = ["aws_ebs_volume", "aws_ebs_snapshot_copy", "aws_ebs_snapshot_import", "aws_ami_copy"];

/**
 * Everything that keeps data keeps it under a customer-managed key: volumes and what is made of them, buckets and
 * objects, logs, secrets, parameters, queues and topics. No scanner looks at block devices of launch templates
 * (FSBP EC2.181), and none but for volumes asks whose key it is.
 */
export const customerManagedKeys: Rule = {
  name: "customer-managed-keys",
  *problems(stack) {
    const has = (key: unknown) => isCustomerKey(stack, key);
    const isEncrypted = (volume: Block) => String(volume.encrypted) === "true" && has(volume.kms_key_id);

    for (const [type, property] of Object.entries(KEY_PROPERTIES)) {
      for (const [address, block] of each(stack, type)) if (!has(block[property])) yield [address, NO_KEY];
    }
    for (const [address, block] of each(stack, ...VOLUMES)) if (!isEncrypted(block)) yield [address, NO_KEY];
    for (const [address, block] of each(stack, "aws_ebs_snapshot")) {
      if (!referredId(block.volume_id, "aws_ebs_volume")) yield [address, "is of a volume that is not of this program"];
    }
    for (const [address, block] of each(stack, "aws_instance")) {
      const roots = nested(block.root_block_device);
      // Said nowhere, the root volume is as the image has it.
      if (roots.length === 0) yield [address, "says nothing of its root volume"];
      for (const volume of [...roots, ...nested(block.ebs_block_device)]) {
        if (!isEncrypted(volume)) yield [address, `has a volume that ${NO_KEY}`];
      }
    }
    for (const [address, block] of each(stack, "aws_launch_template")) {
      const mappings = nested(block.block_device_mappings).flatMap((mapping) => nested(mapping.ebs));
      if (mappings.length === 0) yield [address, "says nothing of the root volume"];
      for (const volume of mappings) if (!isEncrypted(volume)) yield [address, `has a volume that ${NO_KEY}`];
    }
    for (const [address, block] of each(stack, "aws_opensearch_domain")) {
      const [encryption] = nested(block.encrypt_at_rest);
      if (encryption?.enabled !== true || !has(encryption.kms_key_id)) yield [address, NO_KEY];
    }
    for (const [address, { encryption_info }] of each(stack, "aws_msk_cluster")) {
      const keys = nested(encryption_info).map((info) => info.encryption_at_rest_kms_key_arn as unknown);
      if (keys.length !== 1 || !keys.every(has)) yield [address, NO_KEY];
    }
    for (const [address, block] of each(stack, "aws_db_instance")) {
      const { manage_master_user_password, master_user_secret_kms_key_id } = block;
      const { performance_insights_enabled, performance_insights_kms_key_id } = block;
      if (block.storage_encrypted !== true || !has(block.kms_key_id)) yield [address, NO_KEY];
      if (manage_master_user_password === true && !has(master_user_secret_kms_key_id)) {
        yield [address, `has a password of its administrator that ${NO_KEY}`];
      }
      if (performance_insights_enabled === true && !has(performance_insights_kms_key_id)) {
        yield [address, `has Performance Insights with what ${NO_KEY}`];
      }
    }
    for (const [address, block] of each(stack, "aws_ssm_parameter")) {
      if (block.type !== "SecureString" || !has(block.key_id)) yield [address, NO_KEY];
    }
    for (const [address] of each(stack, "aws_s3_bucket")) {
      const rules = referringTo(stack, "aws_s3_bucket_server_side_encryption_configuration", "bucket", address)
        .flatMap((configuration) => nested(configuration.rule))
        .flatMap((rule) => nested(rule.apply_server_side_encryption_by_default));
      const holds = ({ sse_algorithm, kms_master_key_id }: Block) =>
        sse_algorithm === "aws:kms" && has(kms_master_key_id);
      if (rules.length !== 1 || !rules.every(holds)) yield [address, NO_KEY];
    }
  },
};

/** A key of this program, of another stack of it, or an existing one by its ARN; never one of AWS's own. */
function isCustomerKey(stack: Synthesized, key: unknown): boolean {
  if (typeof key !== "string") return false;
  const own = referredId(key, "aws_kms_key");
  if (own !== undefined) return own in stack.resources("aws_kms_key");
  return (
    /^\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.cross-stack-output-aws_kms_key[\w-]+\}$/.test(key) ||
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(key)
  );
}
