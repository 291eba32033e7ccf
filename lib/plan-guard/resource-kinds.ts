/**
 * What a kind of resource is to the guard:
 *
 * - `machine`: a process runs on it.
 * - `attachment`: what a machine is stopped for when it goes.
 * - `data`: it holds what no program makes again, or is the key to it.
 * - `door`: it lets packets through, or says who may.
 * - `permission`: it says who may do what.
 * - `remade`: the program says all of it, and an apply makes it again.
 */
export type ResourceKind = "machine" | "attachment" | "data" | "door" | "permission" | "remade";

/** Every type of resource that this library makes. A test fails for one that is not here. */
const OURS: Readonly<Record<string, ResourceKind>> = {
  aws_appautoscaling_policy: "remade",
  aws_appautoscaling_target: "remade",
  aws_cloudwatch_event_rule: "remade",
  aws_cloudwatch_event_target: "remade",
  aws_cloudwatch_log_group: "data",
  aws_cloudwatch_log_resource_policy: "permission",
  aws_cloudwatch_metric_alarm: "remade",
  aws_db_instance: "data",
  aws_db_parameter_group: "remade",
  aws_db_subnet_group: "remade",
  aws_default_security_group: "door",
  aws_ebs_volume: "data",
  aws_flow_log: "remade",
  aws_iam_instance_profile: "remade",
  aws_iam_openid_connect_provider: "permission",
  aws_iam_role: "permission",
  aws_iam_role_policy: "permission",
  aws_instance: "machine",
  aws_kms_alias: "remade",
  aws_kms_key: "data",
  aws_lambda_function: "remade",
  aws_lambda_invocation: "remade",
  aws_msk_cluster: "data",
  aws_msk_configuration: "remade",
  aws_network_interface: "remade",
  aws_opensearch_domain: "data",
  aws_resourcegroups_group: "remade",
  aws_route: "remade",
  aws_route53_record: "remade",
  aws_route53_zone: "remade",
  aws_route_table: "remade",
  aws_route_table_association: "remade",
  aws_s3_bucket: "data",
  aws_s3_bucket_lifecycle_configuration: "remade",
  aws_s3_bucket_logging: "remade",
  aws_s3_bucket_ownership_controls: "remade",
  aws_s3_bucket_policy: "permission",
  aws_s3_bucket_public_access_block: "remade",
  aws_s3_bucket_server_side_encryption_configuration: "remade",
  aws_s3_bucket_versioning: "remade",
  aws_s3_object: "data",
  aws_secretsmanager_secret: "data",
  aws_security_group: "door",
  aws_sns_topic: "remade",
  aws_sns_topic_policy: "permission",
  aws_sns_topic_subscription: "remade",
  aws_subnet: "remade",
  aws_volume_attachment: "attachment",
  aws_vpc: "remade",
  aws_vpc_endpoint: "permission",
  aws_vpc_peering_connection: "remade",
  aws_vpc_security_group_egress_rule: "door",
  aws_vpc_security_group_ingress_rule: "door",
  terraform_data: "remade",
};

/** Types of others that stand beside ours and hold data; the list is not all of them. */
const OTHERS: Readonly<Record<string, ResourceKind>> = {
  aws_acmpca_certificate_authority: "data",
  aws_docdb_cluster: "data",
  aws_dynamodb_table: "data",
  aws_ebs_snapshot: "data",
  aws_ec2_managed_prefix_list: "door",
  aws_ec2_managed_prefix_list_entry: "door",
  aws_ecr_repository: "data",
  aws_efs_file_system: "data",
  aws_elasticache_replication_group: "data",
  aws_fsx_lustre_file_system: "data",
  aws_iam_group_policy: "permission",
  aws_iam_group_policy_attachment: "permission",
  aws_iam_policy: "permission",
  aws_iam_role_policy_attachment: "permission",
  aws_iam_user_policy: "permission",
  aws_iam_user_policy_attachment: "permission",
  aws_keyspaces_table: "data",
  aws_kinesis_stream: "data",
  aws_kms_external_key: "data",
  aws_kms_key_policy: "permission",
  aws_kms_replica_key: "data",
  aws_lambda_permission: "permission",
  aws_mq_broker: "data",
  aws_msk_serverless_cluster: "data",
  aws_neptune_cluster: "data",
  aws_opensearch_domain_policy: "permission",
  aws_opensearchserverless_collection: "data",
  aws_rds_cluster: "data",
  aws_redshift_cluster: "data",
  aws_s3_directory_bucket: "data",
  aws_s3tables_table: "data",
  aws_s3tables_table_bucket: "data",
  aws_secretsmanager_secret_policy: "permission",
  aws_secretsmanager_secret_version: "data",
  aws_security_group_rule: "door",
  aws_sqs_queue: "data",
  aws_sqs_queue_policy: "permission",
  aws_ssm_parameter: "data",
  aws_timestreamwrite_table: "data",
};

/** What a type is to the guard; nothing where it is not known here. */
export function kindOf(type: string): ResourceKind | undefined {
  return OURS[type] ?? OTHERS[type];
}
