import { TerraformStack } from "cdktf";
import {
  KafkaAuthentication,
  KafkaCluster,
  KafkaClusterAttributes,
  OpenSearchAuthentication,
  OpenSearchCluster,
  OpenSearchClusterAttributes,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlClusterAttributes,
} from "../../../lib";

export const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_orders-AbCdEf";
export const MSK_ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-cdef-0123-456789abcdef-2";
export const SCRAM = KafkaAuthentication.scramSha512({ secretArn: SECRET_ARN });

export const KAFKA_ATTRIBUTES: KafkaClusterAttributes = {
  bootstrapServers: ["b-1.example.internal:9096"],
  securityGroupId: "sg-01234567",
  authentication: SCRAM,
};

export const existingKafka = (stack: TerraformStack, id: string, given: KafkaClusterAttributes) =>
  KafkaCluster.fromKafkaClusterAttributes(stack, id, given);

export const PASSWORD = PostgreSqlAuthentication.password({ secretArn: SECRET_ARN });

export const POSTGRESQL_ATTRIBUTES: PostgreSqlClusterAttributes = {
  host: "analytics.example.internal",
  databaseName: "analytics",
  securityGroupId: "sg-01234567",
  authentication: PASSWORD,
};

export const existingPostgreSql = (stack: TerraformStack, id: string, given: PostgreSqlClusterAttributes) =>
  PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, id, given);

export const DOMAIN_ARN = "arn:aws:es:eu-west-1:123456789012:domain/search";

export const OPENSEARCH_ATTRIBUTES: OpenSearchClusterAttributes = {
  host: "search.example.internal",
  securityGroupId: "sg-01234567",
  authentication: OpenSearchAuthentication.basic({ secretArn: SECRET_ARN }),
};

export const existingOpenSearch = (stack: TerraformStack, id: string, given: OpenSearchClusterAttributes) =>
  OpenSearchCluster.fromOpenSearchClusterAttributes(stack, id, given);
