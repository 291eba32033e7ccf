import { Block } from "../support/synthesized";
import { customerManagedKeys } from "./customer-managed-keys";
import { only, resources, testRule } from "./test-rule";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const AWS_KEY = "arn:aws:kms:eu-west-1:123456789012:alias/aws/ebs";
const encrypted = { encrypted: true, kms_key_id: KEY };

function bucketWith(rule: Block) {
  return resources({
    aws_s3_bucket: { it: {} },
    aws_s3_bucket_server_side_encryption_configuration: {
      its: { bucket: "${aws_s3_bucket.it.id}", rule: [{ apply_server_side_encryption_by_default: rule }] },
    },
  });
}

testRule(customerManagedKeys, {
  compliant: {
    "a key of the program": resources({
      aws_kms_key: { key: {} },
      aws_ebs_volume: { it: { encrypted: true, kms_key_id: "${aws_kms_key.key.arn}" } },
    }),
    "a key of another stack": only("aws_cloudwatch_log_group", {
      kms_key_id:
        "${data.terraform_remote_state.cross-stack-reference-input-a.outputs.cross-stack-output-aws_kms_keyk1arn}",
    }),
    "an existing key": only("aws_ebs_volume", encrypted),
    "a machine": only("aws_instance", { root_block_device: encrypted, ebs_block_device: [encrypted] }),
    "a launch template": only("aws_launch_template", {
      block_device_mappings: [{ ebs: { ...encrypted, encrypted: "true" } }],
    }),
    "a snapshot of a volume": resources({
      aws_ebs_volume: { disk: encrypted },
      aws_ebs_snapshot: { it: { volume_id: "${aws_ebs_volume.disk.id}" } },
    }),
    "a bucket": bucketWith({ sse_algorithm: "aws:kms", kms_master_key_id: KEY }),
    "an object": only("aws_s3_object", { kms_key_id: KEY }),
    "brokers of Kafka": only("aws_msk_cluster", { encryption_info: { encryption_at_rest_kms_key_arn: KEY } }),
    "a database": only("aws_db_instance", {
      storage_encrypted: true,
      kms_key_id: KEY,
      manage_master_user_password: true,
      master_user_secret_kms_key_id: KEY,
      performance_insights_enabled: true,
      performance_insights_kms_key_id: KEY,
    }),
    "a parameter": only("aws_ssm_parameter", { type: "SecureString", key_id: KEY }),
    "a queue": only("aws_sqs_queue", { kms_master_key_id: KEY }),
    "a domain of OpenSearch": only("aws_opensearch_domain", { encrypt_at_rest: { enabled: true, kms_key_id: KEY } }),
  },
  nonCompliant: {
    "a volume without a key": only("aws_ebs_volume", { encrypted: true }),
    "a volume that is not encrypted": only("aws_ebs_volume", { kms_key_id: KEY }),
    "a key of AWS": only("aws_ebs_volume", { encrypted: true, kms_key_id: AWS_KEY }),
    "a key that is nowhere": only("aws_ebs_volume", { encrypted: true, kms_key_id: "${aws_kms_key.key.arn}" }),
    "a machine that leaves its root volume to the image": only("aws_instance", {}),
    "a root volume without a key": only("aws_instance", { root_block_device: { encrypted: true } }),
    "a second volume without a key": only("aws_instance", { root_block_device: encrypted, ebs_block_device: [{}] }),
    "a launch template without volumes": only("aws_launch_template", {}),
    "a block device mapping without a key": only("aws_launch_template", { block_device_mappings: [{ ebs: {} }] }),
    "a snapshot of a volume of others": only("aws_ebs_snapshot", { volume_id: "vol-1" }),
    "a copy of a snapshot": only("aws_ebs_snapshot_copy", {}),
    "a bucket that says nothing": only("aws_s3_bucket", {}),
    "a bucket under keys of S3": bucketWith({ sse_algorithm: "AES256" }),
    "a bucket under AWS's key": bucketWith({ sse_algorithm: "aws:kms" }),
    "an object": only("aws_s3_object", { server_side_encryption: "AES256" }),
    "a log group": only("aws_cloudwatch_log_group", {}),
    "a secret": only("aws_secretsmanager_secret", {}),
    "brokers of Kafka": only("aws_msk_cluster", {}),
    "brokers of Kafka under AWS's key": only("aws_msk_cluster", { encryption_info: {} }),
    "a database": only("aws_db_instance", { kms_key_id: KEY }),
    "a database under AWS's key": only("aws_db_instance", { storage_encrypted: true }),
    "an administrator's password": only("aws_db_instance", {
      storage_encrypted: true,
      kms_key_id: KEY,
      manage_master_user_password: true,
    }),
    "statements of a database": only("aws_db_instance", {
      storage_encrypted: true,
      kms_key_id: KEY,
      performance_insights_enabled: true,
    }),
    "a plain parameter": only("aws_ssm_parameter", { type: "String", key_id: KEY }),
    "a parameter under AWS's key": only("aws_ssm_parameter", { type: "SecureString" }),
    "a domain of OpenSearch": only("aws_opensearch_domain", {}),
    "a domain under AWS's key": only("aws_opensearch_domain", { encrypt_at_rest: { enabled: true } }),
    "a domain that has a key and does not use it": only("aws_opensearch_domain", {
      encrypt_at_rest: { enabled: false, kms_key_id: KEY },
    }),
    "a queue under SQS's own key": only("aws_sqs_queue", { sqs_managed_sse_enabled: true }),
    "a topic": only("aws_sns_topic", { kms_master_key_id: "alias/aws/sns" }),
  },
});
