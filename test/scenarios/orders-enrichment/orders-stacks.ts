import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  KafkaAuthentication,
  KafkaCluster,
  LoginSecret,
  OpenSearchAuthentication,
  OpenSearchCluster,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
} from "../../../lib";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import { labImage } from "../lab-image";
import { addOthersMachine } from "../others/others-machine";
import { addUserSecrets } from "../others/user-secrets";
import { OPENSEARCH_HOST, OPENSEARCH_PORT } from "../opensearch/opensearch-stacks";
import { POSTGRESQL_HOST, POSTGRESQL_PORT } from "../postgresql/postgresql-stacks";

/** What examples/orders-enrichment/job.sql takes to be there. */
export const DATABASE = "company";
export const SCHEMA = "analytics";
export const INDEX = "orders-enriched";
export const TOPICS = { orders: "orders", customers: "customers", enriched: "orders-enriched" } as const;

/** A machine of each system that is not Flink's, by what it is for the job. Amazon MSK's ports, for each way to log in. */
export const SYSTEMS = {
  source: { machine: "source-broker", host: "b-1.source.example.internal", port: 9096 },
  sink: { machine: "sink-broker", host: "b-1.sink.example.internal", port: 9094 },
  analytics: { machine: "analytics-server", host: POSTGRESQL_HOST, port: POSTGRESQL_PORT },
  search: { machine: "search-server", host: OPENSEARCH_HOST, port: OPENSEARCH_PORT },
} as const;
export type SystemName = keyof typeof SYSTEMS;
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];

/** By which a job comes into each system, in AWS Secrets Manager. */
export const SECRETS: Readonly<Record<SystemName, string>> = {
  source: "AmazonMSK_orders_reader",
  sink: "orders/sink/certificate",
  analytics: "orders/analytics/writer",
  search: "orders/search/writer",
};

/** What others keep before there is a cluster: the secrets, without values, which are no business of Terraform. */
export class OrdersSecretsStack extends TerraformStack {
  public readonly secrets: Readonly<Record<SystemName, LoginSecret>>;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const names = SYSTEM_NAMES.map((name) => SECRETS[name]);
    const made = addUserSecrets(this, { system: "what orders need", keyAlias: "alias/orders-users", names });
    this.secrets = Object.fromEntries(SYSTEM_NAMES.map((name, at) => [name, made[at]])) as Record<
      SystemName,
      LoginSecret
    >;
  }
}

/** What a test says of the systems. */
export interface OrdersSettings {
  /** PEM of who signed the certificate of OpenSearch: not known to the machines' operating system. */
  readonly searchAuthority: string;
}

/**
 * Lets jobs into the systems as examples/orders-enrichment does, under the same names, of servers that are each in no group
 * but one of its own; gives the ids of these.
 */
export function connectToOrders(
  streaming: StreamingStack,
  { secrets }: OrdersSecretsStack,
  { searchAuthority }: OrdersSettings,
): Readonly<Record<SystemName, string>> {
  const groups = Object.fromEntries(
    SYSTEM_NAMES.map((name) => [
      name,
      new SecurityGroup(streaming, `${name}-servers`, {
        vpcId: streaming.network.vpcId,
        description: `Servers of ${name}`,
        revokeRulesOnDelete: true,
      }).id,
    ]),
  ) as Record<SystemName, string>;
  const { flink } = streaming;
  const source = KafkaCluster.fromKafkaClusterAttributes(streaming, "source", {
    bootstrapServers: [`${SYSTEMS.source.host}:${SYSTEMS.source.port}`],
    securityGroupId: groups.source,
    authentication: KafkaAuthentication.scramSha512(secrets.source),
  });
  const sink = KafkaCluster.fromKafkaClusterAttributes(streaming, "sink", {
    bootstrapServers: [`${SYSTEMS.sink.host}:${SYSTEMS.sink.port}`],
    securityGroupId: groups.sink,
    authentication: KafkaAuthentication.clientCertificate(secrets.sink),
  });
  const analytics = PostgreSqlCluster.fromPostgreSqlClusterAttributes(streaming, "analytics", {
    ...{ host: SYSTEMS.analytics.host, port: SYSTEMS.analytics.port, databaseName: DATABASE },
    securityGroupId: groups.analytics,
    authentication: PostgreSqlAuthentication.password(secrets.analytics),
  });
  const search = OpenSearchCluster.fromOpenSearchClusterAttributes(streaming, "search", {
    ...{ host: SYSTEMS.search.host, port: SYSTEMS.search.port, securityGroupId: groups.search },
    authentication: OpenSearchAuthentication.basic(secrets.search),
    certificateAuthorities: searchAuthority,
  });
  flink.readFrom(source.topics(TOPICS.orders, TOPICS.customers));
  flink.writeTo(sink.topics(TOPICS.enriched));
  flink.writeTo(analytics.schema(SCHEMA));
  flink.writeTo(search.indices("orders-*"));
  new TerraformOutput(streaming, "connection_tables", { value: flink.connectionTables });
  return groups;
}

/** Somebody else's machines in the same network, and their names. */
export class OrdersSystemsStack extends TerraformStack {
  public constructor(
    scope: Construct,
    id: string,
    region: string,
    { network }: StreamingStack,
    groups: Readonly<Record<SystemName, string>>,
  ) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const ami = labImage(this);
    for (const system of SYSTEM_NAMES) {
      const { machine: name, host } = SYSTEMS[system];
      const place = { network, ami, securityGroupId: groups[system] };
      addOthersMachine(new Construct(this, system), { name, host }, place);
    }
  }
}
