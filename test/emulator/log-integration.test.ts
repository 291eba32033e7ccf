import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CheckpointBucket,
  FlinkNetwork,
  LogDestination,
  LogIntegration,
  OpenSearchAuthentication,
  RemovalPolicy,
} from "../../lib";
import { closedSecurityGroup } from "../../lib/dataflow/closed-security-group";
import { cluster, KEY_ARN } from "../cluster/support";
import { Synthesized, synthesize } from "../support/synth";
import { Workspace } from "./workspace";

const MINUTES = 60_000;
const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:log-writer-AbCdEf";
/** What is made for logs, by its place in the program or by what it opens. */
const OF_LOGS = /(^|_)(log-group|open-search|Logs)_|endpoint-(logs|secretsmanager)|9200/;

let workspace: Workspace;
let synthesized: Synthesized;
/** The machines want software that is there: the rest of the clusters is made in the lab. */
let targets: string[];

function program(): Synthesized {
  return synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const checkpointBucket = new CheckpointBucket(stack, "checkpoints", { removalPolicy: RemovalPolicy.DESTROY });
    const clusterOf = (clusterName: string) =>
      cluster(
        stack,
        { clusterName, network, checkpointBucket, nodeCount: 1, terminationProtection: false },
        clusterName,
      );
    new LogIntegration(stack, "log-group", { source: clusterOf("orders"), destination: LogDestination.cloudWatch() });
    const place = { vpcId: network.vpcId, name: "search", description: "Search" };
    new LogIntegration(stack, "open-search", {
      source: clusterOf("bills"),
      destination: LogDestination.openSearch({
        ...{ host: "search.example.internal", port: 9200, securityGroupId: closedSecurityGroup(stack, place) },
        authentication: OpenSearchAuthentication.basic({ secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN }),
      }),
    });
  });
}

beforeAll(async () => {
  workspace = await Workspace.create();
  synthesized = program();
  targets = Object.entries(synthesized.json.resource as Record<string, object>).flatMap(([type, resources]) =>
    Object.keys(resources)
      .filter((id) => OF_LOGS.test(id))
      .map((id) => `-target=${type}.${id}`),
  );
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  await workspace.terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

test(
  "what logs need is applied, a second plan of it is empty, and a destroy leaves nothing",
  async () => {
    const { terraform } = workspace;
    const types = new Set(targets.map((target) => target.replace(/^-target=|\..*$/g, "")));
    expect([...types].sort()).toEqual(
      expect.arrayContaining([
        ...["aws_cloudwatch_log_group", "aws_iam_role", "aws_iam_role_policy", "aws_kms_alias", "aws_kms_key"],
        ...["aws_vpc_endpoint", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"],
      ]),
    );
    await terraform.apply({ arguments: targets });
    const made = await terraform.stateList();
    for (const target of targets) expect(made).toContain(target.replace("-target=", ""));
    expect(await terraform.planActions(...targets)).toEqual({});
    await terraform.destroy();
    expect(await terraform.stateList()).toEqual([]);
  },
  10 * MINUTES,
);
