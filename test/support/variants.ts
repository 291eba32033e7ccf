import { TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  DataBucket,
  DayOfWeek,
  Duration,
  Egress,
  FlinkCluster,
  FlinkClusterAlarms,
  FlinkMetricDashboards,
  FlinkNetwork,
  GrafanaDashboards,
  KafkaAuthentication,
  KafkaCluster,
  Key,
  LogDestination,
  LogIntegration,
  MaintenanceWindow,
  MetricsDestination,
  MetricsIntegration,
  OpenSearchAuthentication,
  OpenSearchCluster,
  Peer,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlGrant,
  PrometheusStore,
  RemovalPolicy,
  RoleRules,
  SoftwareBucket,
} from "../../lib";
import { cluster, KEY_ARN, publishedSoftware, someNetwork } from "../cluster/support";

/** Programs of one stack that differ from the ready stacks in what they create, by name. */
export const VARIANTS: Readonly<Record<string, (stack: TerraformStack) => void>> = {
  "existing-network-and-bucket": (stack) => cluster(stack),
  "one-node": (stack) => cluster(stack, { nodeCount: 1, terminationProtection: false }),
  "five-nodes": (stack) => cluster(stack, { nodeCount: 5, zooKeeperNodeCount: 5, tags: { team: "orders" } }),
  "software-bucket-and-access-logs": (stack) => {
    cluster(stack, {
      checkpointBucket: new CheckpointBucket(stack, "checkpoints", { accessLogs: true }),
      softwareBucket: new SoftwareBucket(stack, "software"),
    });
  },
  "keys-of-the-user": (stack) => {
    const key = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
    const flink = cluster(stack, {
      network: new FlinkNetwork(stack, "network", { flowLogEncryptionKey: key }),
      checkpointBucket: new CheckpointBucket(stack, "checkpoints", { encryptionKey: key }),
      softwareBucket: new SoftwareBucket(stack, "software", { encryptionKey: key }),
      volumeEncryptionKey: key,
    });
    new FlinkClusterAlarms(stack, "alarms", { cluster: flink, encryptionKey: key });
  },
  "as-a-company-asks": (stack) => {
    RoleRules.of(stack).apply({
      permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/teams/flink-boundary",
      path: "/teams/flink/",
    });
    const network = new FlinkNetwork(stack, "network", { availabilityZoneCount: 1 });
    const own = new OpenSearchCluster(stack, "search", { network: someNetwork(stack, "others") });
    const flink = cluster(stack, {
      network,
      additionalSecurityGroupIds: ["sg-0123456789abcdef0"],
      maintenanceWindow: MaintenanceWindow.weekly({
        ...{ day: DayOfWeek.SUNDAY, start: "02:00", duration: Duration.hours(3) },
      }),
      tags: { "cost-center": "4711" },
    });
    flink.writeTo(own.indices("orders-*"));
  },
  "files-of-others": (stack) => {
    const bucket = DataBucket.fromDataBucketAttributes(stack, "files", {
      bucketName: "company-files",
      encryptionKeyArn: KEY_ARN,
    });
    const flink = cluster(stack);
    flink.readFrom(bucket.prefix("in/"));
    flink.writeTo(bucket.prefix("out/"));
    flink.readWrite(bucket.prefix("scratch/"));
  },
  "kafka-of-others": (stack) => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_flink-AbCdEf";
    const kafka = KafkaCluster.fromKafkaClusterAttributes(stack, "kafka", {
      bootstrapServers: ["b-1.kafka.example.internal:9096", "b-2.kafka.example.internal:9096"],
      securityGroupId: "sg-0123456789abcdef0",
      authentication: KafkaAuthentication.scramSha512({ secretArn, encryptionKeyArn: KEY_ARN }),
    });
    const flink = cluster(stack);
    flink.readFrom(kafka.topics("orders"));
    flink.writeTo(kafka.topics("enriched", "rejected"));
    const msk = KafkaCluster.fromKafkaClusterAttributes(stack, "msk", {
      bootstrapServers: ["b-1.clicks.abc123.c2.kafka.eu-west-1.amazonaws.com:9098"],
      securityGroupId: "sg-0123456789abcdef1",
      authentication: KafkaAuthentication.iam({
        clusterArn: "arn:aws:kafka:eu-west-1:123456789012:cluster/clicks/01234567-89ab-cdef-0123-456789abcdef-2",
      }),
    });
    flink.readFrom(msk.topics("clicks"));
    const byCertificate = KafkaCluster.fromKafkaClusterAttributes(stack, "by-certificate", {
      bootstrapServers: ["b-1.bills.abc123.c2.kafka.eu-west-1.amazonaws.com:9094"],
      securityGroupId: "sg-0123456789abcdef2",
      authentication: KafkaAuthentication.clientCertificate({
        secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:bills-reader-AbCdEf",
        encryptionKeyArn: KEY_ARN,
      }),
    });
    flink.readFrom(byCertificate.topics("bills"));
  },
  "kafka-of-its-own": (stack) => {
    const network = someNetwork(stack);
    const key = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
    const orders = new KafkaCluster(stack, "orders", { network, encryptionKey: key, logEncryptionKey: key });
    const enriched = new KafkaCluster(stack, "enriched", { network, removalPolicy: RemovalPolicy.DESTROY });
    const flink = cluster(stack, { network });
    flink.readFrom(orders.topics("orders"));
    flink.writeTo(enriched.topics("enriched"));
    flink.writeTo(enriched.addTopic("totals", { partitions: 6, retention: Duration.days(30) }));
  },
  "databases-of-others": (stack) => {
    const secretOf = (name: string) => ({
      secretArn: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`,
      encryptionKeyArn: KEY_ARN,
    });
    const flink = cluster(stack);
    const reader = PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, "reader", {
      ...{ host: "analytics.example.internal", databaseName: "company", securityGroupId: "sg-0123456789abcdef0" },
      authentication: PostgreSqlAuthentication.password(secretOf("reader")),
    });
    flink.readFrom(reader.schema("source"));
    const rds = PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, "rds", {
      host: "company.abc123.eu-west-1.rds.amazonaws.com",
      ...{ port: 5433, databaseName: "company", securityGroupId: "sg-0123456789abcdef1" },
      authentication: PostgreSqlAuthentication.password(secretOf("writer")),
    });
    flink.writeTo(rds.schema("analytics"));
    const search = OpenSearchCluster.fromOpenSearchClusterAttributes(stack, "search", {
      ...{ host: "search.example.internal", port: 9200, securityGroupId: "sg-0123456789abcdef2" },
      authentication: OpenSearchAuthentication.basic(secretOf("search")),
    });
    flink.writeTo(search.indices("orders-*"));
    const domain = OpenSearchCluster.fromOpenSearchClusterAttributes(stack, "domain", {
      ...{ host: "vpc-search-abc123.eu-west-1.es.amazonaws.com", securityGroupId: "sg-0123456789abcdef3" },
      authentication: OpenSearchAuthentication.iam({ domainArn: "arn:aws:es:eu-west-1:123456789012:domain/search" }),
    });
    flink.writeTo(domain.indices("orders-*", "clicks"));
  },
  "systems-of-other-networks": (stack) => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:elsewhere-AbCdEf";
    const flink = cluster(stack, { network: new FlinkNetwork(stack, "network") });
    const kafka = KafkaCluster.fromKafkaClusterAttributes(stack, "kafka", {
      bootstrapServers: ["b1.orders.example.com:9092", "b2.orders.example.com:9093"],
      egress: Egress.privateLink({
        serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
        domain: "orders.example.com",
      }),
      authentication: KafkaAuthentication.scramSha512({ secretArn }),
    });
    flink.readFrom(kafka.topics("orders"));
    const rds = PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, "rds", {
      ...{ host: "company.abc123.us-east-1.rds.amazonaws.com", databaseName: "company" },
      egress: Egress.peered({
        cidrs: ["10.20.0.0/24", "10.20.1.0/24"],
        vpcPeeringConnectionId: "pcx-0123456789abcdef0",
      }),
      authentication: PostgreSqlAuthentication.password({ secretArn }),
    });
    flink.writeTo(rds.schema("analytics"));
    const search = OpenSearchCluster.fromOpenSearchClusterAttributes(stack, "search", {
      host: "vpc-search-abc123.us-east-1.es.amazonaws.com",
      egress: Egress.peered({ cidrs: ["100.64.7.0/24"], transitGatewayId: "tgw-0123456789abcdef0" }),
      authentication: OpenSearchAuthentication.iam({ domainArn: "arn:aws:es:us-east-1:123456789012:domain/search" }),
    });
    flink.writeTo(search.indices("orders-*"));
    const proxied = OpenSearchCluster.fromOpenSearchClusterAttributes(stack, "public-search", {
      host: "search-clicks-abc123.us-east-1.es.amazonaws.com",
      egress: Egress.proxy({ host: "proxy.example.internal", port: 3128, securityGroupId: "sg-0123456789abcdef0" }),
      authentication: OpenSearchAuthentication.basic({ secretArn }),
    });
    flink.writeTo(proxied.indices("clicks"));
  },
  "database-of-our-own": (stack) => {
    const network = someNetwork(stack);
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:analytics-writer-AbCdEf";
    const flink = cluster(stack, { network });
    const own = new PostgreSqlCluster(stack, "analytics", {
      network,
      databaseName: "analytics",
      authentication: PostgreSqlAuthentication.password({ secretArn, encryptionKeyArn: KEY_ARN }),
    });
    flink.readFrom(own.schema("orders"));
    flink.writeTo(own.schema("revenue"));
    own.addSchema("totals", { statements: ["CREATE TABLE IF NOT EXISTS totals (country text PRIMARY KEY)"] });
    flink.readWrite(own.addUser("totals", { grants: [PostgreSqlGrant.upsert("totals")] }).schema("totals"));
  },
  "search-of-our-own": (stack) => {
    const network = new FlinkNetwork(stack, "network");
    const flink = cluster(stack, { network });
    const search = new OpenSearchCluster(stack, "search", {
      network,
      masterUserArn: "arn:aws:iam::123456789012:role/search-admin",
    });
    flink.writeTo(search.indices("orders-*"));
  },
  "search-that-the-deploy-fills": (stack) => {
    const network = new FlinkNetwork(stack, "network");
    const source = cluster(stack, { network });
    const search = new OpenSearchCluster(stack, "search", { network, jobsMayAddFields: true });
    search.addIndexTemplate("orders", { patterns: ["orders-*"], mappings: '{"dynamic": true}' });
    search.grantAdministration("arn:aws:iam::123456789012:role/search-admin");
    source.writeTo(search.indices("orders-*"));
    new LogIntegration(stack, "logs", { source, destination: LogDestination.openSearchCluster(search) });
  },
  "logs-in-cloudwatch": (stack) => {
    const source = cluster(stack, { network: new FlinkNetwork(stack, "network") });
    new LogIntegration(stack, "logs", { source, destination: LogDestination.cloudWatch() });
  },
  "logs-in-search-of-others": (stack) => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:log-writer-AbCdEf";
    const destination = LogDestination.openSearch({
      ...{ host: "search.example.internal", port: 9200, securityGroupId: "sg-0123456789abcdef0" },
      authentication: OpenSearchAuthentication.basic({ secretArn, encryptionKeyArn: KEY_ARN }),
    });
    new LogIntegration(stack, "logs", { source: cluster(stack), destination });
  },
  "metrics-in-a-database-of-its-own": (stack) => {
    const network = new FlinkNetwork(stack, "network");
    const database = new PostgreSqlCluster(stack, "metrics-db", { network, databaseName: "metrics" });
    const source = cluster(stack, { network });
    new MetricsIntegration(stack, "metrics", { source, destination: MetricsDestination.postgreSqlCluster(database) });
  },
  "metrics-in-prometheus-of-amazon": (stack) => {
    const destination = MetricsDestination.amazonPrometheus({ workspaceId: "ws-12345678" });
    const source = cluster(stack, { network: new FlinkNetwork(stack, "network") });
    new MetricsIntegration(stack, "metrics", { source, destination });
  },
  "dashboards-in-a-grafana-of-others": (stack) => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-token-AbCdEf";
    const token = { secretArn, encryptionKeyArn: KEY_ARN };
    new GrafanaDashboards(stack, "dashboards", {
      network: new FlinkNetwork(stack, "network"),
      grafana: { host: "grafana.example.internal", securityGroupId: "sg-0123456789abcdef0", token },
      ...{ store: new PrometheusStore(), dashboards: new FlinkMetricDashboards().dashboards },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  },
  "everything-in-one-stack": (stack) => {
    const network = new FlinkNetwork(stack, "network", { availabilityZoneCount: 1 });
    const flink = new FlinkCluster(stack, "flink", {
      network,
      checkpointBucket: new CheckpointBucket(stack, "checkpoints"),
      software: publishedSoftware(),
    });
    flink.allowClientsFrom(Peer.cidr("10.9.0.0/16"), "office VPN");
    network.addInterfaceEndpoint("kms").allowFrom(Peer.securityGroup(flink.clientSecurityGroupId), "clients");
  },
};
