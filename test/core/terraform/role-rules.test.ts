import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Construct } from "constructs";
import { TerraformStack } from "cdktf";
import { FlinkNetwork, OpenSearchCluster, PostgreSqlCluster, RoleRules } from "../../../lib";
import { cluster } from "../../cluster/support";
import { Synthesized, synthesizeStack, testStack } from "../../support/synth";

const BOUNDARY = "arn:aws:iam::123456789012:policy/teams/flink-boundary";

/** Everything of ours that makes a role: machines, jobs, flow logs, databases, domains, functions of the deploy. */
function everything(stack: TerraformStack): void {
  const network = new FlinkNetwork(stack, "network");
  const search = new OpenSearchCluster(stack, "search", { network });
  const database = new PostgreSqlCluster(stack, "analytics", { network, databaseName: "analytics" });
  database.addSchema("sales");
  cluster(stack, { network, nodeCount: 1 }).writeTo(search.indices("orders-*"));
}

const roles = (synthesized: Synthesized) => Object.entries(synthesized.resources("aws_iam_role"));

test("rules of a stack hold for every role that is made in it, and for the machines' profile", () => {
  const stack = testStack();
  everything(stack);
  RoleRules.of(stack).apply({ permissionsBoundaryArn: BOUNDARY, path: "/teams/flink/" });
  const synthesized = synthesizeStack(stack);
  const names = roles(synthesized).map(([name]) => name.replace(/_[0-9A-F]{8}$/, ""));
  expect(names.sort()).toEqual([
    "analytics_Monitoring_Role",
    "analytics_Provisioning_Provisioner_Role",
    "flink_Role",
    "flink_Role_Job",
    "network_FlowLogs_Role",
    "search_Provisioning_Administrator",
    "search_Provisioning_Provisioner_Role",
  ]);
  for (const [, role] of roles(synthesized)) {
    expect(role).toMatchObject({ path: "/teams/flink/", permissions_boundary: BOUNDARY });
  }
  expect(synthesized.all("aws_iam_instance_profile")).toMatchObject([{ path: "/teams/flink/" }]);
});

test("what names a role by its beginning knows its path", () => {
  const stack = testStack();
  everything(stack);
  RoleRules.of(stack).apply({ path: "/teams/flink/" });
  const text = JSON.stringify(synthesizeStack(stack).json);
  expect(text).toContain(":role/teams/flink/orders-job-");
  expect(text).not.toContain(":role/orders-job-");
});

test("without rules nothing is said of them", () => {
  const stack = testStack();
  everything(stack);
  const synthesized = synthesizeStack(stack);
  for (const [, role] of roles(synthesized)) {
    expect(role).not.toHaveProperty("path");
    expect(role).not.toHaveProperty("permissions_boundary");
  }
  expect(JSON.stringify(synthesized.json)).toContain(":role/orders-job-");
});

test("a wrong rule of the app is told without a place, which it has none", () => {
  const app = testStack().node.root;
  expect(() => RoleRules.of(app).apply({ path: "teams" })).toThrow(/^path is "teams", but must be a path/);
});

test("the nearest rule counts, for each of the two; roles of others are left alone", () => {
  const stack = testStack();
  const app = stack.node.root;
  const team = new Construct(stack, "team");
  RoleRules.of(app).apply({ path: "/company/", permissionsBoundaryArn: BOUNDARY });
  RoleRules.of(team).apply({ path: "/other/" });
  RoleRules.of(team).apply({ path: "/team/" });
  cluster(stack, { nodeCount: 1, clusterName: "company" });
  new FlinkNetwork(team, "network");
  new IamRole(stack, "own", { assumeRolePolicy: "{}" });
  const of = (name: string) => roles(synthesizeStack(stack)).find(([id]) => id.startsWith(name))![1];
  expect(of("flink_Role")).toMatchObject({ path: "/company/", permissions_boundary: BOUNDARY });
  expect(of("team_network")).toMatchObject({ path: "/team/", permissions_boundary: BOUNDARY });
  expect(of("own")).not.toHaveProperty("path");
});
