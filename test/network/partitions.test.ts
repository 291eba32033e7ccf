import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import {
  CheckpointBucket,
  DataBucket,
  FlinkClusterAlarms,
  FlinkNetwork,
  KafkaCluster,
  LogDestination,
  LogIntegration,
  OpenSearchCluster,
  PostgreSqlCluster,
} from "../../lib";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";
import { cluster } from "../cluster/support";
import { Synthesized, synthesizeStack } from "../support/synth";

/** Everything that this library makes of AWS, as whoever deploys it to a region would. */
function everythingIn(region: string | undefined): Synthesized {
  const stack = new TerraformStack(Testing.app(), "stack");
  new AwsProvider(stack, "aws", { region });
  const network = new FlinkNetwork(stack, "network");
  const search = new OpenSearchCluster(stack, "search", { network });
  // Those of the regions of the other partitions are not among what this library knows by itself.
  const certificateAuthorities = rdsAuthorities("eu-west-1");
  const database = new PostgreSqlCluster(stack, "analytics", {
    network,
    databaseName: "analytics",
    certificateAuthorities,
  });
  database.addSchema("sales");
  const kafka = new KafkaCluster(stack, "kafka", { network });
  kafka.addTopic("orders", { partitions: 6 });
  const checkpointBucket = new CheckpointBucket(stack, "checkpoints", { accessLogs: true });
  const flink = cluster(stack, { network, checkpointBucket, nodeCount: 1 });
  flink.readFrom(kafka.topics("orders"));
  flink.writeTo(search.indices("orders-*"));
  flink.writeTo(new DataBucket(stack, "data").prefix("out/"));
  new LogIntegration(stack, "logs", { source: flink, destination: LogDestination.cloudWatch() });
  new FlinkClusterAlarms(stack, "alarms", { cluster: flink });
  return synthesizeStack(stack);
}

/** Every text of a configuration, with the JSON in it as texts of their own. */
function texts(value: unknown): string[] {
  if (typeof value === "string") {
    const parsed = parse(value);
    return typeof parsed === "object" ? texts(parsed) : [value];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [key, ...texts(each)]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Most services of AWS are called so in policies, and where somebody makes a role for one, wherever they are. */
const PRINCIPAL = /(?:^|--aws-service-name )(?:[a-z-]+\.)?[a-z0-9-]+\.amazonaws\.com(?:$|, )/;
const ENDPOINT_OF_S3 = /^com\.amazonaws\.\$\{[^}]+\}\.s3$/;

const endpoints = (synthesized: Synthesized): Record<string, string> =>
  Object.fromEntries(
    synthesized
      .all("aws_vpc_endpoint")
      .map(({ service_name: name }) => name as string)
      .map((name) => [
        name.slice(name.lastIndexOf(".") + 1),
        name.slice(0, name.lastIndexOf(".")).replace(/\$\{data\.aws_region.*?\}/, "REGION"),
      ]),
  );

describe.each(["cn-north-1", "us-gov-west-1", "eusc-de-east-1", undefined])("a program for %s", (region) => {
  let synthesized: Synthesized;
  beforeAll(() => (synthesized = everythingIn(region)));

  test("names no ARN of another partition", () => {
    const all = texts(synthesized.json);
    expect(all.length).toBeGreaterThan(1000);
    expect(all.filter((text) => text.includes("arn:aws"))).toEqual([]);
    expect(all.filter((text) => text.includes("arn:${")).length).toBeGreaterThan(40);
  });

  test("names no host and no service by another partition's domain", () => {
    const named = texts(synthesized.json).filter((text) => /amazonaws\.com(?!\w)/.test(text));
    expect(named.filter((text) => !PRINCIPAL.test(text) && !ENDPOINT_OF_S3.test(text))).toEqual([]);
  });

  test("lets CloudWatch Logs use keys by the name that it has there", () => {
    const principals = texts(synthesized.all("aws_kms_key")).filter((text) => text.startsWith("logs."));
    expect(principals.length).toBeGreaterThan(2);
    for (const each of principals)
      expect(each).toMatch(/^logs\.\$\{data\.aws_region\..*\}\.\$\{data\.aws_partition\..*\}$/);
  });
});

test("interface endpoints are called by the names that they have there", () => {
  const { sts, kms, s3 } = endpoints(everythingIn("cn-north-1"));
  expect({ sts, kms, s3 }).toEqual({
    sts: "cn.com.amazonaws.REGION",
    kms: "com.amazonaws.REGION",
    s3: "com.amazonaws.REGION",
  });
  for (const region of ["eu-west-1", "us-gov-west-1"]) {
    expect(new Set(Object.values(endpoints(everythingIn(region))))).toEqual(new Set(["com.amazonaws.REGION"]));
  }
  expect(endpoints(everythingIn(undefined)).sts).toMatch(
    /^\$\{\(?data\.aws_partition\.\S+\.partition == "aws-cn"\)? \? "cn\.com\.amazonaws" : "com\.amazonaws"\}\.REGION$/,
  );
});
