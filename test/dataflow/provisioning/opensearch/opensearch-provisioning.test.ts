import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { CheckpointBucket, FlinkNetwork, OpenSearchCluster, OpenSearchClusterProps } from "../../../../lib";
import { functionPackage } from "../../../../lib/dataflow/provisioning/function-package";
import type { DomainRequest } from "../../../../lib/dataflow/provisioning/opensearch/domain-request";
import { cluster, KEY_ARN, someNetwork } from "../../../cluster/support";
import { findings } from "../../../rules/findings";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../../../support/synth";
import { reference } from "../reference";

const MASTER = "arn:aws:iam::123456789012:role/search-admin";
const PEOPLE = "arn:aws:iam::123456789012:role/people";
const TEMPLATE = { patterns: ["orders-*"], mappings: JSON.stringify({ properties: { id: { type: "long" } } }) };

function search(stack: TerraformStack, given: Partial<OpenSearchClusterProps> = {}): OpenSearchCluster {
  return new OpenSearchCluster(stack, "search", { network: someNetwork(stack, "search-network"), ...given });
}

/** The call that makes what the domain is to have, and those that let somebody in. */
function invocations(synthesized: Synthesized): { order: DomainRequest; admissions: Block[] } {
  const all = synthesized.all("aws_lambda_invocation");
  const [ordered] = all.filter(({ input }) => (input as string).startsWith("{"));
  return {
    order: JSON.parse(ordered.input as string) as DomainRequest,
    admissions: all.filter((one) => one !== ordered),
  };
}

const domainOf = (synthesized: Synthesized): Block => synthesized.single("aws_opensearch_domain");
const roleArn = (synthesized: Synthesized, beginning: string) =>
  reference(synthesized, "aws_iam_role", beginning, "arn");

test("without masterUserArn a role of the domain's own administers it, which the deploy's function alone takes on", () => {
  const synthesized = synthesize((stack) => search(stack));
  const administrator = roleArn(synthesized, "search_Provisioning_Administrator_");
  expect(domainOf(synthesized).advanced_security_options).toMatchObject({
    master_user_options: { master_user_arn: administrator },
  });
  const { assume_role_policy } = synthesized.named("aws_iam_role", "search_Provisioning_Administrator_");
  const functionRole = roleArn(synthesized, "search_Provisioning_Provisioner_");
  expect(Object.values(statements(assume_role_policy))).toEqual([
    { Sid: "Administrators", Effect: "Allow", Principal: { AWS: [functionRole] }, Action: "sts:AssumeRole" },
  ]);
  const may = statements(synthesized.named("aws_iam_role_policy", "search_Provisioning_Administrator_").policy);
  expect(Object.values(may)).toEqual([
    expect.objectContaining({
      Action: ["Delete", "Get", "Head", "Patch", "Post", "Put"].map((method) => `es:ESHttp${method}`),
      Resource: [expect.stringMatching(/:es:.+:domain\/stack-search\/\*$/)],
    }),
  ]);
  const ofFunction = statements(synthesized.named("aws_iam_role_policy", "search_Provisioning_Provisioner_").policy);
  expect(ofFunction.BecomeAdministrator).toMatchObject({ Action: ["sts:AssumeRole"], Resource: [administrator] });
  expect(Object.keys(ofFunction).sort()).toEqual(["BecomeAdministrator", "Log", "LookAtNetwork", "NetworkInterfaces"]);
  expect(findings(synthesized)).toEqual([]);
});

test("with masterUserArn there is no function and no role, and nobody is let in by the deploy", () => {
  const synthesized = synthesize((stack) => {
    const own = search(stack, { masterUserArn: MASTER });
    cluster(stack, { nodeCount: 1 }).writeTo(own.indices("orders-*"));
    expect(own.administratorArn).toBe(MASTER);
  });
  expect(synthesized.all("aws_lambda_function")).toEqual([]);
  expect(synthesized.all("aws_lambda_invocation")).toEqual([]);
});

test("each cluster that writes has a role of OpenSearch for its indices, which is given to its jobs' role", () => {
  const synthesized = synthesize((stack) => {
    const own = search(stack);
    const flink = cluster(stack, { nodeCount: 1 });
    flink.writeTo(own.indices("orders-*"));
    flink.writeTo(own.indices("clicks", "orders-*"));
  });
  const { order, admissions } = invocations(synthesized);
  const domain = `aws_opensearch_domain.${Object.keys(synthesized.resources("aws_opensearch_domain"))[0]}`;
  expect(order).toEqual({
    region: expect.stringMatching(/^\$\{data\.aws_region\..+\.id\}$/) as string,
    stsEndpoint: expect.stringMatching(/^https:\/\/sts\.\$\{data\.aws_region\..+\.id\}\.\$\{.+\}$/) as string,
    url: `https://\${${domain}.endpoint}`,
    administratorRoleArn: roleArn(synthesized, "search_Provisioning_Administrator_"),
    roles: [
      {
        name: "flink-orders-jobs",
        indices: ["clicks", "orders-*"],
        mayDelete: true,
        mayAddFields: false,
        writerArnPrefix: expect.stringMatching(/^arn:\$\{.+\}:iam::\$\{.+\}:role\/orders-job-$/) as string,
      },
    ],
    templates: [],
    policies: [],
  } satisfies DomainRequest);
  const [{ input, function_name, triggers }, ...others] = admissions;
  expect(others).toEqual([]);
  const jobs = synthesized.resources("aws_iam_role");
  const [jobRole] = Object.keys(jobs).filter((id) => jobs[id].name_prefix === "orders-job-");
  const [call] = Object.keys(synthesized.resources("aws_lambda_invocation")).filter((id) => id.startsWith("search_"));
  // After the role of OpenSearch, and again with each new order.
  expect(input).toBe(
    `\${jsonencode({"order" = aws_lambda_invocation.${call}.input, "admit" = {"role" = "flink-orders-jobs", "writerArn" = aws_iam_role.${jobRole}.arn}})}`,
  );
  expect(function_name).toBe(reference(synthesized, "aws_lambda_function", "search_Provisioning_", "function_name"));
  const code = reference(synthesized, "aws_lambda_function", "search_Provisioning_", "source_code_hash");
  expect(triggers).toEqual({ code });
  expect(synthesized.single("aws_lambda_function").environment).toEqual({
    variables: { ORDER_SHA256: expect.stringMatching(/^\$\{sha256\(local\.search_Provisioning_\w+\)\}$/) as string },
  });
  expect(findings(synthesized)).toEqual([]);
});

test("a cluster of a stack that comes later is let in from there", () => {
  const outdir = mkdtempSync(join(tmpdir(), "opensearch-provisioning-"));
  try {
    const app = new App({ outdir });
    const [network, sinks, streaming] = ["network", "sinks", "streaming"].map((id) => testStack(id, app));
    const own = search(sinks, { network: new FlinkNetwork(network, "network") });
    cluster(streaming, { nodeCount: 1 }).writeTo(own.indices("orders-*"));
    // What stacks know of each other is settled when all of them are synthesized.
    app.synth();
    const made = (stack: TerraformStack) =>
      new Synthesized(JSON.parse(readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8")) as Block);
    const { order, admissions } = invocations(made(sinks));
    expect(order.roles.map(({ name }) => name)).toEqual(["flink-orders-jobs"]);
    expect(admissions).toEqual([]);
    expect(made(streaming).single("aws_lambda_invocation").input).toMatch(
      /"order" = data\.terraform_remote_state\.\S+-input-sinks\.outputs\.\S+invocation\S+input,.+"writerArn" = aws_iam_role\.\w+\.arn/,
    );
    expect(sinks.dependsOn(streaming)).toBe(false);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});

test("two clusters of one name are refused, as they would take the role from each other", () => {
  synthesize((stack) => {
    const own = search(stack);
    cluster(stack, { nodeCount: 1 }, "a").writeTo(own.indices("orders-*"));
    const checkpointBucket = CheckpointBucket.fromCheckpointBucketAttributes(stack, "others", {
      ...{ bucketName: "others", encryptionKeyArn: KEY_ARN },
    });
    const elsewhere = new TerraformStack(stack.node.root, "elsewhere");
    // Of one account and region they are refused before.
    new AwsProvider(elsewhere, "aws", { region: "eu-west-1", allowedAccountIds: ["210987654321"] });
    const twin = cluster(elsewhere, { nodeCount: 1, checkpointBucket }, "b");
    expect(() => twin.writeTo(own.indices("orders-*"))).toThrow(
      'elsewhere/b: clusterName is "orders", but must be a name that no other Flink cluster has that writes into the domain stack-search: give one of the two another clusterName',
    );
  });
});

test("fields that no mapping has are added where that is said", () => {
  const synthesized = synthesize((stack) => {
    cluster(stack, { nodeCount: 1 }).writeTo(search(stack, { jobsMayAddFields: true }).indices("orders-*"));
  });
  expect(invocations(synthesized).order.roles).toMatchObject([{ mayAddFields: true }]);
});

test("index templates are handed over as they were written", () => {
  const synthesized = synthesize((stack) => {
    const own = search(stack);
    own.addIndexTemplate("orders", TEMPLATE);
    own.addIndexTemplate("clicks", {
      patterns: ["clicks", "clicks-*", "clicks"],
      settings: '{"index": {"number_of_shards": 3, "default_pipeline": "${x}"}}',
      priority: 7,
    });
    expect(() => own.addIndexTemplate("orders", TEMPLATE)).toThrow(
      'stack/search: name is "orders", but must be another one, as there is an index template of this name in the program already: say all of the index template at one place',
    );
  });
  const { input } = synthesized.single("aws_lambda_invocation");
  expect(input).toContain('"default_pipeline":"$${x}"');
  expect(invocations(synthesized).order.templates).toEqual([
    {
      name: "orders",
      body: {
        ...{ index_patterns: ["orders-*"], priority: 100 },
        template: { mappings: { properties: { id: { type: "long" } } } },
      },
    },
    {
      name: "clicks",
      body: {
        ...{ index_patterns: ["clicks", "clicks-*"], priority: 7 },
        template: { settings: { index: { number_of_shards: 3, default_pipeline: "$${x}" } } },
      },
    },
  ]);
});

test("people are let administer it by name, and no writer is", () => {
  const stack = testStack();
  const own = search(stack);
  own.grantAdministration(PEOPLE);
  own.grantAdministration(PEOPLE);
  const flink = cluster(stack, { nodeCount: 1 });
  flink.writeTo(own.indices("orders-*"));
  const { assume_role_policy } = synthesizeStack(stack).named("aws_iam_role", "search_Provisioning_Administrator_");
  expect(statements(assume_role_policy).Administrators.Principal).toEqual({ AWS: [expect.any(String), PEOPLE] });
  const jobRole = stack.node
    .findAll()
    .find((each): each is IamRole => each instanceof IamRole && each.node.path.includes("/Job/"))!;
  own.grantAdministration(jobRole.arn);
  expect(() => synthesizeStack(stack)).toThrow(
    "flink-orders-jobs writes into stack-search, whose administrator it may become: name another one to grantAdministration",
  );
});

test("of people whom only Terraform knows, it looks that they are no wildcard", () => {
  const roleOf = (...arns: ((stack: TerraformStack) => string)[]) =>
    synthesize((stack) => {
      const own = search(stack);
      for (const arn of arns) own.grantAdministration(arn(stack));
    }).named("aws_iam_role", "search_Provisioning_Administrator_");
  const people = (stack: TerraformStack) => new TerraformVariable(stack, "people", { type: "string" }).stringValue;
  expect(roleOf(() => PEOPLE, people).lifecycle).toEqual({
    precondition: [
      {
        condition:
          '${can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]{1,576}$", var.people))}',
        error_message:
          "grantAdministration of the domain stack-search must be given the ARN of a role or a user of IAM, and is given another text: correct the value, as a wildcard would trust everybody.",
      },
    ],
  });
  expect(roleOf(() => PEOPLE)).not.toHaveProperty("lifecycle");
});

test("it reaches the domain and AWS STS and nothing else, and nobody reaches it", () => {
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    search(stack, { network });
  });
  const group = reference(synthesized, "aws_security_group", "search_Provisioning_", "id");
  const ofDomain = reference(synthesized, "aws_security_group", "search_SecurityGroup_", "id");
  const ofSts = reference(synthesized, "aws_security_group", "network_endpoint-sts_", "id");
  const doors = (type: string) =>
    synthesized
      .all(type)
      .filter((rule) => [rule.security_group_id, rule.referenced_security_group_id].includes(group))
      .map((rule) => [rule.security_group_id, rule.referenced_security_group_id, rule.from_port, rule.to_port])
      .sort();
  const both = (doorsOf: (other: string) => unknown[]) => [ofDomain, ofSts].map(doorsOf).sort();
  expect(doors("aws_vpc_security_group_egress_rule")).toEqual(both((other) => [group, other, 443, 443]));
  expect(doors("aws_vpc_security_group_ingress_rule")).toEqual(both((other) => [other, group, 443, 443]));
  expect(findings(synthesized)).toEqual([]);
});

test("what it runs comes with this package, and never because of a destroy; what was made is told by an attribute", () => {
  const synthesized = synthesize((stack) => {
    new TerraformOutput(stack, "provisioning", { value: search(stack).provisioningReport });
  });
  expect(synthesized.single("aws_lambda_function")).toMatchObject({
    function_name: "stack-search-opensearch-provisioner",
    source_code_hash: functionPackage("opensearch-provisioner").hash,
  });
  expect(synthesized.single("aws_lambda_invocation")).not.toHaveProperty("lifecycle_scope");
  const output = synthesized.json.output as Record<string, Block>;
  expect(output.provisioning.value).toBe(
    reference(synthesized, "aws_lambda_invocation", "search_Provisioning_", "result"),
  );
});

test("what the library's own administrator does is refused where the user named one", () => {
  synthesize((stack) => {
    const own = search(stack, { masterUserArn: MASTER });
    const sentence = (begin: string) =>
      `stack/search: ${begin}, but must be used where the deploy administers OpenSearch, and here masterUserArn does: leave masterUserArn out, or do it as that role or user (docs/opensearch.md)`;
    expect(() => own.addIndexTemplate("orders", TEMPLATE)).toThrow(sentence('addIndexTemplate is "orders"'));
    expect(() => own.grantAdministration(PEOPLE)).toThrow(sentence(`grantAdministration is "${PEOPLE}"`));
    expect(() => own.provisioningReport).toThrow(sentence("provisioningReport is undefined"));
  });
});
