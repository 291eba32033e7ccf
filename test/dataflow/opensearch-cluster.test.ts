import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { TerraformStack } from "cdktf";
import {
  Duration,
  FlinkNetwork,
  Key,
  OpenSearchCluster,
  OpenSearchClusterProps,
  OpenSearchInstanceType,
  OpenSearchVersion,
  RemovalPolicy,
  Size,
} from "../../lib";
import { cluster, desiredState, KEY_ARN, NETWORK_ATTRIBUTES, someNetwork } from "../cluster/support";
import { findings } from "../rules/findings";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../support/synth";

const MASTER = "arn:aws:iam::123456789012:role/search-admin";
const LOG_TYPES = ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"];

function search(stack: TerraformStack, given: Partial<OpenSearchClusterProps> = {}, id = "search"): OpenSearchCluster {
  const network = given.network ?? someNetwork(stack, `${id}-network`);
  return new OpenSearchCluster(stack, id, { masterUserArn: MASTER, ...given, network });
}

const domainOf = (synthesized: Synthesized): Block => synthesized.single("aws_opensearch_domain");
/** The only one of a type that has this at the beginning of its name in the program. */
const idOf = (synthesized: Synthesized, type: string, beginning: string): string =>
  Object.keys(synthesized.resources(type)).find((id) => id.startsWith(beginning))!;

test("a domain of three zones: a data node and a master node in each, in the subnets of the network", () => {
  const synthesized = synthesize((stack) => search(stack));
  expect(domainOf(synthesized)).toMatchObject({
    domain_name: "stack-search",
    engine_version: "OpenSearch_2.19",
    cluster_config: {
      instance_type: "r7g.large.search",
      instance_count: 3,
      dedicated_master_enabled: true,
      dedicated_master_type: "m7g.large.search",
      dedicated_master_count: 3,
      zone_awareness_enabled: true,
      zone_awareness_config: { availability_zone_count: 3 },
    },
    ebs_options: { ebs_enabled: true, volume_type: "gp3", volume_size: 100 },
    vpc_options: { subnet_ids: NETWORK_ATTRIBUTES.subnetIds },
    software_update_options: { auto_software_update_enabled: true },
    off_peak_window_options: { enabled: true },
  });
  expect(findings(synthesized)).toEqual([]);
});

test("what is stored is under a key of its own, and all that is sent under TLS 1.2 or newer", () => {
  const synthesized = synthesize((stack) => search(stack));
  const key = idOf(synthesized, "aws_kms_key", "search_Key_");
  expect(domainOf(synthesized)).toMatchObject({
    encrypt_at_rest: { enabled: true, kms_key_id: `\${aws_kms_key.${key}.arn}` },
    node_to_node_encryption: { enabled: true },
    domain_endpoint_options: { enforce_https: true, tls_security_policy: "Policy-Min-TLS-1-2-PFS-2023-10" },
  });
});

test("a role of IAM administers it, nobody has a password, and the account's own policies say who may call", () => {
  const domain = domainOf(synthesize((stack) => search(stack)));
  expect(domain.advanced_security_options).toEqual({
    enabled: true,
    anonymous_auth_enabled: false,
    internal_user_database_enabled: false,
    master_user_options: { master_user_arn: MASTER },
  });
  expect(domain.advanced_options).toEqual({ "rest.action.multi.allow_explicit_index": "false" });
  expect(Object.values(statements(domain.access_policies))).toEqual([
    {
      Sid: "ByPoliciesOfThisAccount",
      Effect: "Allow",
      Principal: { AWS: expect.stringMatching(/:iam::\$\{data\.aws_caller_identity\.\w+\.account_id\}:root$/) },
      Action: "es:ESHttp*",
      Resource: expect.stringMatching(/^arn:.+:es:.+:domain\/stack-search\/\*$/),
    },
  ]);
});

test("each kind of log has a log group under a key of the customer, which this domain alone may write", () => {
  const synthesized = synthesize((stack) => search(stack));
  const groups = Object.entries(synthesized.resources("aws_cloudwatch_log_group"));
  expect(groups.map(([, { name }]) => name as string).sort()).toEqual(
    ["audit", "errors", "index-slow", "search-slow"].map((name) => `/aws/opensearch/stack-search/${name}`),
  );
  for (const [, group] of groups) expect(group).toMatchObject({ retention_in_days: 365 });
  const published = domainOf(synthesized).log_publishing_options as Block[];
  expect(published.map(({ log_type }) => log_type as string).sort()).toEqual(LOG_TYPES);
  expect(published.every(({ enabled }) => enabled === true)).toBe(true);
  const arns = groups.map(([id]) => `\${aws_cloudwatch_log_group.${id}.arn}`);
  expect(new Set(published.map(({ cloudwatch_log_group_arn }) => cloudwatch_log_group_arn))).toEqual(new Set(arns));
  const [policy] = Object.values(
    statements(synthesized.single("aws_cloudwatch_log_resource_policy").policy_document),
  ) as { Resource: string[]; Principal: unknown; Condition: unknown }[];
  expect(new Set(policy.Resource)).toEqual(new Set(arns.map((arn) => `${arn}:*`)));
  expect(policy).toMatchObject({
    Principal: { Service: "es.amazonaws.com" },
    Condition: {
      StringEquals: {
        "aws:SourceAccount": expect.stringMatching(/^\$\{data\.aws_caller_identity\.\w+\.account_id\}$/),
      },
      ArnLike: { "aws:SourceArn": expect.stringMatching(/:domain\/stack-search$/) },
    },
  });
  const written = idOf(synthesized, "aws_cloudwatch_log_resource_policy", "search_Logs_");
  expect(domainOf(synthesized).depends_on).toContain(`aws_cloudwatch_log_resource_policy.${written}`);
});

test("its security group has no rule until a cluster uses it, and then one", () => {
  const alone = synthesize((stack) => search(stack));
  const group = idOf(alone, "aws_security_group", "search_SecurityGroup_");
  expect(alone.single("aws_security_group").revoke_rules_on_delete).toBe(true);
  expect(alone.all("aws_vpc_security_group_ingress_rule")).toEqual([]);
  const used = synthesize((stack) => cluster(stack, { nodeCount: 1 }).writeTo(search(stack).indices("orders-*")));
  const toDomain = used
    .all("aws_vpc_security_group_ingress_rule")
    .filter(({ security_group_id }) => security_group_id === `\${aws_security_group.${group}.id}`);
  expect(toDomain).toEqual([expect.objectContaining({ from_port: 443, to_port: 443, ip_protocol: "tcp" })]);
  expect((domainOf(used).vpc_options as Block).security_group_ids).toEqual([`\${aws_security_group.${group}.id}`]);
});

test("jobs are told of it, and may send documents to those of its indices", () => {
  const synthesized = synthesize((stack) => {
    cluster(stack, { nodeCount: 1 }).writeTo(search(stack).indices("orders-*", "clicks"));
  });
  const resource = `aws_opensearch_domain.${Object.keys(synthesized.resources("aws_opensearch_domain"))[0]}`;
  const file = desiredState(synthesized).files.find(({ path }) => path.endsWith("/connections/search.json"))!;
  expect(JSON.parse(file.content)).toEqual({
    kind: "opensearch",
    url: `https://\${${resource}.endpoint}:443`,
    authentication: "iam",
    region: "eu-west-1",
    indices: { write: ["clicks", "orders-*"] },
  });
  const { policy } = synthesized
    .all("aws_iam_role_policy")
    .find(({ name }) => (name as string).startsWith("write-opensearch-"))!;
  expect(statements(policy).WriteIndices).toMatchObject({
    Action: ["es:ESHttpPost"],
    Resource: [`\${${resource}.arn}/clicks/_bulk`, `\${${resource}.arn}/orders-*/_bulk`],
  });
  expect(findings(synthesized)).toEqual([]);
});

test("the role of jobs must not administer it: refused by its reference, and by Terraform whatever it is named by", () => {
  const stack = testStack();
  const flink = cluster(stack, { nodeCount: 1 });
  const role = stack.node
    .findAll()
    .find((each): each is IamRole => each instanceof IamRole && each.node.path.includes("/Job/"))!;
  const byArn = search(stack, { masterUserArn: role.arn }, "a");
  expect(() => flink.writeTo(byArn.indices("orders"))).toThrow(
    'stack/flink: writeTo is "opensearch stack/a orders", but must be of a system that the role of jobs does not administer: name another role or user as its administrator, such as masterUserArn of OpenSearch',
  );
  const masterUserArn = `arn:aws:iam::123456789012:role/${flink.jobRoleName}`;
  flink.writeTo(search(stack, { masterUserArn }, "b").indices("orders"));
  const { lifecycle } = synthesizeStack(stack)
    .all("aws_iam_role_policy")
    .find(({ name }) => (name as string).startsWith("write-opensearch-stack-b"))!;
  const conditions = (lifecycle as { precondition: Record<string, string>[] }).precondition;
  expect(conditions).toContainEqual({
    condition: expect.stringMatching(/role\/\$\{aws_iam_role\.(\w+)\.name\}" != aws_iam_role\.\1\.arn/) as string,
    error_message: expect.stringContaining("whose administrator is the role of jobs") as string,
  });
});

test("everything of it can be said", () => {
  const synthesized = synthesize((stack) => {
    const key = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
    search(stack, {
      domainName: "orders",
      version: OpenSearchVersion.V3_5,
      dataNodeType: OpenSearchInstanceType.of("r8g.large.search"),
      dataNodesPerZone: 2,
      storagePerDataNode: Size.gibibytes(500),
      masterNodeType: OpenSearchInstanceType.M7G_XLARGE,
      allowExplicitIndex: true,
      offPeakStartHour: 3,
      encryptionKey: key,
      logRetention: Duration.days(400),
      logEncryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
      connectionName: "documents",
    });
  });
  expect(domainOf(synthesized)).toMatchObject({
    domain_name: "orders",
    engine_version: "OpenSearch_3.5",
    cluster_config: {
      instance_type: "r8g.large.search",
      instance_count: 6,
      dedicated_master_type: "m7g.xlarge.search",
    },
    ebs_options: { volume_size: 500 },
    advanced_options: { "rest.action.multi.allow_explicit_index": "true" },
    off_peak_window_options: { off_peak_window: { window_start_time: { hours: 3, minutes: 0 } } },
    encrypt_at_rest: { kms_key_id: KEY_ARN },
  });
  for (const group of synthesized.all("aws_cloudwatch_log_group")) {
    expect(group).toMatchObject({ retention_in_days: 400, kms_key_id: KEY_ARN });
  }
  expect(synthesized.all("aws_kms_key")).toEqual([]);
});

test.each([
  [RemovalPolicy.RETAIN, true, 30],
  [RemovalPolicy.DESTROY, false, 7],
])("with %s, domain, key and alias are one unit", (removalPolicy, prevent_destroy, deletion_window_in_days) => {
  const synthesized = synthesize((stack) => search(stack, { removalPolicy }));
  const key = synthesized.resources("aws_kms_key")[idOf(synthesized, "aws_kms_key", "search_Key_")];
  const alias = synthesized.resources("aws_kms_alias")[idOf(synthesized, "aws_kms_alias", "search_Key_")];
  for (const held of [domainOf(synthesized), key, alias]) expect(held.lifecycle).toMatchObject({ prevent_destroy });
  for (const fixed of synthesized.all("terraform_data")) expect(fixed.lifecycle).toEqual({ prevent_destroy });
  expect(synthesized.all("terraform_data")).toHaveLength(2);
  expect(key).toMatchObject({ deletion_window_in_days });
});

test("an account without the service's role is told of it before anything is made", () => {
  const { lifecycle } = domainOf(synthesize((stack) => search(stack)));
  const [{ condition, error_message }] = (lifecycle as { precondition: Record<string, string>[] }).precondition;
  expect(condition).toMatch(/length\(.*data\.aws_iam_roles\.search_ServiceLinkedRoles_\w+\.names\)+ >= 1\)/);
  expect(error_message).toContain(
    "aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com",
  );
});

test("a name that is given, and one that is made of where it stands, are names that the service takes", () => {
  const names = (...ids: string[]) =>
    ids.map((id) => domainOf(synthesize((stack) => search(stack, {}, id))).domain_name as string);
  for (const name of names("x", "X".repeat(40), "č", "1", "search of orders")) {
    expect(name).toMatch(/^[a-z][a-z0-9-]{2,27}$/);
  }
});

test("a network of one zone is refused, and so is what no administrator is", () => {
  synthesize((stack) => {
    const network = new FlinkNetwork(stack, "one", { availabilityZoneCount: 1 });
    expect(() => search(stack, { network })).toThrow(
      'stack/search: network is "the construct stack/one", but must be a network of three zones, as each has a third of the nodes: create a FlinkNetwork with availabilityZoneCount 3, or name three subnets',
    );
    const masterUserArn = "arn:aws:sts::123456789012:assumed-role/search-admin/me";
    expect(() => search(stack, { masterUserArn }, "b")).toThrow("must be the ARN of a role or a user of IAM");
  });
});
