import { existsSync, mkdtempSync, readFileSync, rmSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { createAuthority } from "../lab/authority";
import { FLINK_SETTINGS_VARIABLE, ONE_STACK, synthesizeLabStacks, synthesizeOneStack } from "./lab-stacks";
import { FOREIGN_ROLES, OPERATORS_ROLE } from "./operators/operator-roles";
import { PackageCopy } from "./package-copy";

const environment = { ...process.env };
let folder: string;
let outdir: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lab-stacks-"));
  outdir = path.join(folder, "cdktf.out");
  Object.assign(process.env, { FLINK_SOFTWARE_ORIGIN: "package-registries", FLINK_BUCKET_NAME: "some-bucket" });
});

afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

/** All resources of a type that a stack holds. */
function blocks(stack: string, type: string): Record<string, unknown>[] {
  const text = readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, Record<string, unknown>>> };
  return Object.values(resource[type] ?? {});
}

/** What the long form of private authorities applies. */
test("a user's own authorities come from a stack of their own", () => {
  process.env[FLINK_SETTINGS_VARIABLE] = JSON.stringify({ privateAuthorities: true });
  synthesizeLabStacks(outdir, "eu-west-1");
  const textOf = (stack: string) => readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
  const { resource } = JSON.parse(textOf("authorities")) as { resource: Record<string, object> };
  expect(Object.keys(resource.aws_acmpca_certificate_authority)).toHaveLength(3);
  expect(textOf("streaming")).not.toContain("Authorities_NodeKey");
  expect(textOf("streaming")).toContain("terraform_remote_state.cross-stack-reference-input-authorities");
});

/** What the long form of Kafka applies. */
test("somebody else's Kafka comes from stacks of its own, and is open to nodes alone", () => {
  process.env[FLINK_SETTINGS_VARIABLE] = JSON.stringify({ kafkaTopics: ["orders", "other"] });
  synthesizeLabStacks(outdir, "eu-west-1");
  expect(blocks("kafka-users", "aws_secretsmanager_secret")).toHaveLength(3);
  // A value in Terraform would be in its state.
  expect(blocks("kafka-users", "aws_secretsmanager_secret_version")).toEqual([]);
  const brokers = "${aws_security_group.brokers.id}";
  const ofBrokers = ["ingress", "egress"].flatMap((direction) =>
    blocks("streaming", `aws_vpc_security_group_${direction}_rule`).filter(
      (rule) => rule.security_group_id === brokers,
    ),
  );
  expect(ofBrokers.map(({ from_port, to_port, cidr_ipv4 }) => [from_port, to_port, cidr_ipv4])).toEqual([
    [9096, 9096, undefined],
  ]);
  const [{ vpc_security_group_ids }] = blocks("kafka", "aws_instance");
  expect(vpc_security_group_ids).toHaveLength(1);
});

/** What the long form of OpenSearch applies. */
test("somebody else's OpenSearch comes from stacks of its own, and is open to nodes alone", async () => {
  const { certificate } = await createAuthority();
  process.env[FLINK_SETTINGS_VARIABLE] = JSON.stringify({
    openSearch: { authority: certificate, indices: ["orders-*"] },
  });
  synthesizeLabStacks(outdir, "eu-west-1");
  expect(blocks("opensearch-users", "aws_secretsmanager_secret")).toHaveLength(2);
  // A value in Terraform would be in its state.
  expect(blocks("opensearch-users", "aws_secretsmanager_secret_version")).toEqual([]);
  const servers = "${aws_security_group.search-servers.id}";
  const ofServers = ["ingress", "egress"].flatMap((direction) =>
    blocks("streaming", `aws_vpc_security_group_${direction}_rule`).filter(
      (rule) => rule.security_group_id === servers,
    ),
  );
  expect(ofServers.map(({ from_port, to_port, cidr_ipv4 }) => [from_port, to_port, cidr_ipv4])).toEqual([
    [9200, 9200, undefined],
  ]);
  const [{ vpc_security_group_ids }] = blocks("opensearch", "aws_instance");
  expect(vpc_security_group_ids).toHaveLength(1);
});

/** What the long form of PostgreSQL applies. */
test("somebody else's PostgreSQL comes from stacks of its own, and is open to nodes alone", async () => {
  const { certificate } = await createAuthority();
  process.env[FLINK_SETTINGS_VARIABLE] = JSON.stringify({
    postgreSql: { authority: certificate, schemas: ["source"] },
  });
  synthesizeLabStacks(outdir, "eu-west-1");
  expect(blocks("postgresql-users", "aws_secretsmanager_secret")).toHaveLength(3);
  // A value in Terraform would be in its state.
  expect(blocks("postgresql-users", "aws_secretsmanager_secret_version")).toEqual([]);
  const servers = "${aws_security_group.database-servers.id}";
  const ofServers = ["ingress", "egress"].flatMap((direction) =>
    blocks("streaming", `aws_vpc_security_group_${direction}_rule`).filter(
      (rule) => rule.security_group_id === servers,
    ),
  );
  // The two connections are one port.
  expect(ofServers.map(({ from_port, to_port, cidr_ipv4 }) => [from_port, to_port, cidr_ipv4])).toEqual([
    [5432, 5432, undefined],
  ]);
  const [{ vpc_security_group_ids }] = blocks("postgresql", "aws_instance");
  expect(vpc_security_group_ids).toHaveLength(1);
});

test("a copy of the package holds all that synthesizing them reads", async () => {
  const copy = PackageCopy.create(path.join(folder, "package"));
  await copy.buildAgent();
  await copy.synthesize(outdir, "eu-west-1");
  expect(existsSync(path.join(outdir, "stacks", "streaming", "cdk.tf.json"))).toBe(true);
}, 120_000);

/** What `make demo` applies, which no other test does. */
describe("everything in one stack", () => {
  beforeEach(() => {
    Object.assign(process.env, { FLINK_REMOVAL_POLICY: "destroy", FLINK_TERMINATION_PROTECTION: "false" });
  });

  test("can be destroyed whole, and needs nothing of another stack", () => {
    synthesizeOneStack(outdir, "eu-west-1");
    const text = readFileSync(path.join(outdir, "stacks", ONE_STACK, "cdk.tf.json"), "utf8");
    const { resource, data } = JSON.parse(text) as {
      resource: Record<string, Record<string, Record<string, unknown>>>;
      data: Record<string, unknown>;
    };
    expect(Object.values(resource.aws_s3_bucket).map((bucket) => bucket.force_destroy)).toEqual([true, true]);
    expect(text).not.toMatch(/"prevent_destroy": *true/);
    expect(data).not.toHaveProperty("terraform_remote_state");
    expect(Object.keys(resource.aws_instance)).toHaveLength(4);
  });
});

/** What the long form of the command line applies. */
test("people take roles to operate the cluster, and reach it by its client", () => {
  process.env[FLINK_SETTINGS_VARIABLE] = JSON.stringify({ operators: true });
  synthesizeLabStacks(outdir, "eu-west-1");
  const names = (type: string) => blocks("streaming", type).map(({ name }) => String(name));
  expect(names("aws_iam_role")).toEqual(expect.arrayContaining([OPERATORS_ROLE, ...FOREIGN_ROLES]));
  const granted = names("aws_iam_role_policy").filter((name) => name.endsWith("-operate"));
  expect(granted).toHaveLength(2);
  expect(granted).toContain("others-operate");
  const [client] = blocks("client", "aws_instance").filter(({ tags }) => (tags as { Name: string }).Name === "client");
  expect(client.tags).toMatchObject({ "cdktf-flink:client-of": expect.any(String) });
});
