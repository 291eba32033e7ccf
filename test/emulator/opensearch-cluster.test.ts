import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { OpenSearchCluster, RemovalPolicy } from "../../lib";
import { functionPackage } from "../../lib/dataflow/provisioning/function-package";
import { cluster, someNetwork } from "../cluster/support";
import { synthesize } from "../support/synth";
import { EmulatorClients, REGION } from "./clients";
import { networkOfThreeZones } from "./three-zones";
import { Workspace } from "./workspace";

const MINUTES = 60_000;
/** As Amazon OpenSearch Service names it, under its former name and under this one. */
const ROLE = "AWSServiceRoleForAmazonOpenSearchService";
const OLD_ROLE = "AWSServiceRoleForAmazonElasticsearchService";

let workspace: Workspace;
let aws: EmulatorClients;
/** Of the domain and what it cannot be without: the rest of the program wants a network that is there. */
let ofDomain: string;

beforeEach(async () => {
  workspace = await Workspace.create();
  aws = new EmulatorClients(REGION, workspace.socketPath);
  const synthesized = synthesize((stack) => {
    const network = someNetwork(stack);
    const search = new OpenSearchCluster(stack, "search", {
      network,
      masterUserArn: "arn:aws:iam::123456789012:role/search-admin",
    });
    cluster(stack, { network, nodeCount: 1 }).writeTo(search.indices("orders-*"));
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  ofDomain = `-target=aws_opensearch_domain.${Object.keys(synthesized.resources("aws_opensearch_domain"))[0]}`;
  await workspace.terraform.init();
}, 5 * MINUTES);

afterEach(async () => {
  aws?.destroy();
  await workspace?.remove();
});

async function createRole(name: string): Promise<void> {
  const Path = "/aws-service-role/opensearchservice.amazonaws.com/";
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  await aws.iam.send(new CreateRoleCommand({ RoleName: name, Path, AssumeRolePolicyDocument }));
}

test(
  "an account without the service's role is refused with the command that makes it",
  async () => {
    await createRole("AWSServiceRoleForSomethingElse");
    const { message } = await workspace.terraform.plan(ofDomain).then(
      () => new Error("the plan was made"),
      (failure: Error) => failure,
    );
    expect(message.replace(/[\s│]+/g, " ")).toContain(
      "The account has no service-linked role of Amazon OpenSearch Service, without which it makes no domain in a network: make it once with aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com, and plan again.",
    );
  },
  5 * MINUTES,
);

test.each([ROLE, OLD_ROLE])(
  "where there is %s, the plan makes the domain after its log groups and the leave to write them",
  async (role) => {
    await createRole(role);
    await workspace.terraform.validate();
    const actions = await workspace.terraform.planActions(ofDomain);
    const made = Object.entries(actions).map(([address, action]) => `${action} ${address.split(".")[0]}`);
    expect(made.sort()).toEqual([
      ...Array<string>(4).fill("create aws_cloudwatch_log_group"),
      "create aws_cloudwatch_log_resource_policy",
      ...["create aws_kms_key", "create aws_kms_key"],
      "create aws_opensearch_domain",
      "create aws_security_group",
    ]);
  },
  5 * MINUTES,
);

/** Nobody plays functions here: what they make is shown in test/dataflow/provisioning. */
test(
  "what the deploy is to make in a domain is planned, as the provider takes it, with the call that lets jobs in",
  async () => {
    await createRole(ROLE);
    const synthesized = synthesize((stack) => {
      const network = someNetwork(stack);
      const search = new OpenSearchCluster(stack, "search", { network });
      search.addIndexTemplate("orders", { patterns: ["orders-*"], mappings: '{"dynamic": "strict"}' });
      cluster(stack, { network, nodeCount: 1 }).writeTo(search.indices("orders-*"));
    });
    writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
    await workspace.terraform.validate();
    const calls = Object.keys(synthesized.resources("aws_lambda_invocation"));
    const { resource_changes: changes = [] } = await workspace.terraform.plan(
      ...calls.map((call) => `-target=aws_lambda_invocation.${call}`),
    );
    const planned = (type: string) => changes.filter((one) => one.type === type).map(({ change }) => change.after!);
    const call = {
      function_name: "stack-search-opensearch-provisioner",
      triggers: { code: functionPackage("opensearch-provisioner").hash },
      lifecycle_scope: "CREATE_ONLY",
    };
    expect(planned("aws_lambda_invocation")).toEqual([expect.objectContaining(call), expect.objectContaining(call)]);
    expect(
      planned("aws_iam_role")
        .map(({ name_prefix }) => name_prefix as string)
        .sort(),
    ).toEqual([
      "orders-job-",
      "orders-node-",
      "search-provisioning-administrator-",
      "search-provisioning-provisioner-role-",
    ]);
    expect(planned("aws_iam_role_policy").map(({ name }) => name as string)).toContain("provision");
  },
  5 * MINUTES,
);

/**
 * The provider waits for ten minutes before it first looks whether a domain is there (hashicorp/terraform-provider-aws
 * #45244): `make prove` alone does it.
 */
if (process.env.PROVE === "1") {
  test(
    "a domain of one's own is applied, a second plan is empty, and a destroy leaves nothing",
    async () => {
      await createRole(ROLE);
      const { terraform } = workspace;
      const synthesized = synthesize((stack) => {
        const network = networkOfThreeZones(stack);
        const masterUserArn = "arn:aws:iam::123456789012:role/search-admin";
        new OpenSearchCluster(stack, "search", { network, masterUserArn, removalPolicy: RemovalPolicy.DESTROY });
      });
      writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
      await terraform.apply();
      const { values } = (await terraform.show()) as {
        values: { root_module: { resources: { type: string; values: Record<string, unknown> }[] } };
      };
      const domain = values.root_module.resources.find(({ type }) => type === "aws_opensearch_domain")!.values;
      expect(domain).toMatchObject({
        node_to_node_encryption: [{ enabled: true }],
        encrypt_at_rest: [expect.objectContaining({ enabled: true })],
        domain_endpoint_options: [expect.objectContaining({ enforce_https: true })],
        advanced_security_options: [expect.objectContaining({ enabled: true })],
      });
      expect(await terraform.planActions()).toEqual({});
      await terraform.destroy();
      expect(await terraform.stateList()).toEqual([]);
    },
    40 * MINUTES,
  );
}
