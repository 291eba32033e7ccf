import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { Duration, Egress, FlinkNetwork, RemovalPolicy } from "../../../lib";
import { functionPackage } from "../../../lib/dataflow/provisioning/function-package";
import type { GrafanaRequest } from "../../../lib/dataflow/provisioning/grafana/grafana-request";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { GrafanaDashboard } from "../../../lib/observability/grafana/grafana-dashboard";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { GrafanaDashboards } from "../../../lib/observability/grafana-deploy/grafana-dashboards";
import { GrafanaDashboardsProps } from "../../../lib/observability/grafana-deploy/grafana-dashboards-props";
import { GrafanaServer } from "../../../lib/observability/grafana-deploy/grafana-server";
import { KEY_ARN, someNetwork } from "../../cluster/support";
import { reference } from "../../dataflow/provisioning/reference";
import { findings } from "../../rules/findings";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../../support/synth";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-token-AbCdEf";
const GROUP = "sg-0123456789abcdef0";
const GRAFANA: GrafanaServer = {
  ...{ host: "grafana.example.internal", securityGroupId: GROUP, token: { secretArn: SECRET_ARN } },
};
/** Of which Terraform tells, and a hash. */
const OF_ACCOUNT_AND_REGION =
  /^\$\{data\.aws_caller_identity\..+\.account_id\}:\$\{data\.aws_region\..+\.id\}:[0-9a-f]{8}$/;

function dashboards(
  stack: TerraformStack,
  given: Partial<GrafanaDashboardsProps> = {},
  id = "dashboards",
): GrafanaDashboards {
  const network = given.network ?? someNetwork(stack, `${id}-network`);
  const all = new FlinkMetricDashboards().dashboards;
  return new GrafanaDashboards(stack, id, {
    ...{ grafana: GRAFANA, store: new PrometheusStore(), dashboards: all, ...given },
    network,
  });
}

/** The call that makes what is ordered, and the one that a destroy makes as well. */
function calls(synthesized: Synthesized): { ordered: Block; removal: Block } {
  return {
    ordered: synthesized.named("aws_lambda_invocation", "dashboards_Provisioner_Invocation_"),
    removal: synthesized.named("aws_lambda_invocation", "dashboards_Provisioner_Removal_"),
  };
}

/** As Terraform hands it to the function. */
const orderOf = (synthesized: Synthesized) =>
  JSON.parse((calls(synthesized).ordered.input as string).replace(/\$\$\{/g, "${")) as GrafanaRequest;
const policyOf = (synthesized: Synthesized) => synthesized.named("aws_iam_role_policy", "dashboards_Provisioner_");

test("what Grafana is to have is handed over as a file of it would have it", () => {
  const synthesized = synthesize((stack) => dashboards(stack));
  const order = orderOf(synthesized);
  expect(order).toEqual({
    region: expect.stringMatching(/^\$\{data\.aws_region\..+\.id\}$/) as string,
    secretsEndpoint: expect.stringMatching(/^https:\/\/secretsmanager\.\$\{.+\}\.\$\{.+\}$/) as string,
    tokenSecretArn: SECRET_ARN,
    url: "https://grafana.example.internal:443",
    deploy: expect.stringMatching(OF_ACCOUNT_AND_REGION) as string,
    folder: { uid: expect.stringMatching(/^stack-dashboards-\$\{local\.\w+\}$/) as string, title: "Flink" },
    dashboards: new FlinkMetricDashboards().dashboards.map(
      (one) => JSON.parse(one.toJson(new PrometheusStore())) as object,
    ),
    deletesOnDestroy: false,
  });
  expect(JSON.stringify(order.dashboards)).toContain('"uid":"${datasource}"');
  expect(findings(synthesized)).toEqual([]);
});

test("dashboards and, unless it was named, the folder are those of the account and region, and of the name there", () => {
  const deployOf = (given: Partial<GrafanaDashboardsProps> = {}) => {
    const { deploy } = orderOf(synthesize((stack) => dashboards(stack, given)));
    expect(deploy).toMatch(OF_ACCOUNT_AND_REGION);
    return deploy;
  };
  expect(new Set([deployOf(), deployOf({ folderUid: "team-a" }), deployOf({ folderUid: "team-b" })]).size).toBe(3);
  const synthesized = synthesize((stack) => dashboards(stack));
  const { deploy, folder } = orderOf(synthesized);
  const [, local] = /\$\{local\.(\w+)\}$/.exec(folder.uid)!;
  const [account, region, name] = deploy.replace(/[${}]/g, "").split(":");
  expect((synthesized.json.locals as Block)[local]).toBe(
    `\${substr(sha256(join(":", [${account}, ${region}, "${name}"])), 0, 8)}`,
  );
  // With the longest that Terraform puts in place of its own, it is what Grafana keeps of a tag.
  expect(`deploy:123456789012:ap-southeast-99:${deploy.slice(-8)}`.length).toBeLessThanOrEqual(50);
});

test("a data source that was named is chosen at first", () => {
  const order = orderOf(synthesize((stack) => dashboards(stack, { dataSourceUid: "prometheus-1" })));
  expect(order.dashboards).toHaveLength(8);
  for (const { templating } of order.dashboards as unknown as { templating: { list: object[] } }[]) {
    expect(templating.list[0]).toEqual({
      ...{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" },
      current: { text: "prometheus-1", value: "prometheus-1" },
    });
  }
});

test("the function reads the token and nothing else", () => {
  const may = statements(policyOf(synthesize((stack) => dashboards(stack))).policy);
  expect(Object.keys(may).sort()).toEqual(["Log", "LookAtNetwork", "NetworkInterfaces", "ReadCredential"]);
  expect(may.ReadCredential).toEqual({
    ...{ Sid: "ReadCredential", Effect: "Allow" },
    ...{ Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET_ARN] },
  });
  const byKey = { ...GRAFANA, token: { secretArn: SECRET_ARN, encryptionKeyArn: KEY_ARN } };
  const more = statements(policyOf(synthesize((stack) => dashboards(stack, { grafana: byKey }))).policy);
  expect(more.ReadKey).toMatchObject({
    ...{ Action: ["kms:Decrypt"], Resource: [KEY_ARN] },
    Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": [SECRET_ARN] } },
  });
});

test("it reaches Grafana's port and Secrets Manager and nothing else, and nobody reaches it", () => {
  const synthesized = synthesize((stack) => {
    dashboards(stack, { network: new FlinkNetwork(stack, "network"), grafana: { ...GRAFANA, port: 3000 } });
  });
  const group = reference(synthesized, "aws_security_group", "dashboards_Provisioner_", "id");
  const secrets = reference(synthesized, "aws_security_group", "network_endpoint-secretsmanager_", "id");
  const doors = (type: string) =>
    synthesized
      .all(type)
      .filter((rule) => [rule.security_group_id, rule.referenced_security_group_id].includes(group))
      .map((rule) => [rule.security_group_id, rule.referenced_security_group_id, rule.from_port, rule.to_port])
      .sort();
  const both = (doorsOf: (other: string, port: number) => unknown[]) =>
    [doorsOf(GROUP, 3000), doorsOf(secrets, 443)].sort();
  expect(doors("aws_vpc_security_group_egress_rule")).toEqual(both((other, port) => [group, other, port, port]));
  expect(doors("aws_vpc_security_group_ingress_rule")).toEqual(both((other, port) => [other, group, port, port]));
  expect(findings(synthesized)).toEqual([]);
});

describe("a Grafana outside of the network", () => {
  const elsewhere = (egress: Egress): GrafanaServer => ({ ...GRAFANA, securityGroupId: undefined, egress });
  const rulesTo = (synthesized: Synthesized, direction: "egress" | "ingress") =>
    synthesized
      .all(`aws_vpc_security_group_${direction}_rule`)
      .filter(({ description }) => !/secretsmanager/.test(description as string))
      .map(({ cidr_ipv4, referenced_security_group_id, from_port }) => [
        cidr_ipv4 ?? referenced_security_group_id,
        from_port,
      ]);

  test("that is peered is reached at its addresses alone", () => {
    const synthesized = synthesize((stack) =>
      dashboards(stack, { grafana: elsewhere(Egress.peered({ cidrs: ["10.20.0.0/24", "10.20.1.0/24"] })) }),
    );
    expect(rulesTo(synthesized, "egress").sort()).toEqual([
      ["10.20.0.0/24", 443],
      ["10.20.1.0/24", 443],
    ]);
    expect(calls(synthesized).ordered.depends_on).toEqual(
      expect.arrayContaining(
        Object.keys(synthesized.resources("aws_vpc_security_group_egress_rule")).map(
          (id) => `aws_vpc_security_group_egress_rule.${id}`,
        ),
      ),
    );
    expect(findings(synthesized)).toEqual([]);
  });

  test("that is offered as an endpoint service is reached by an endpoint and a name", () => {
    const serviceName = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0";
    const synthesized = synthesize((stack) => {
      const network = new FlinkNetwork(stack, "network");
      dashboards(stack, { network, grafana: elsewhere(Egress.privateLink({ serviceName })) });
    });
    expect(synthesized.all("aws_vpc_endpoint").map(({ service_name }) => service_name)).toContain(serviceName);
    expect(synthesized.all("aws_route53_zone").map(({ name }) => name)).toContain("grafana.example.internal");
    expect(findings(synthesized)).toEqual([]);
  });

  test.each<[string, string, Egress, string[]]>([
    [
      "routes",
      "route-to-",
      Egress.peered({ cidrs: ["10.20.0.0/24"], vpcPeeringConnectionId: "pcx-0123456789abcdef0" }),
      ["aws_route"],
    ],
    [
      "endpoint and names",
      "(private-link|names-of)-",
      Egress.privateLink({ serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0" }),
      ["aws_vpc_endpoint", "aws_route53_record"],
    ],
  ])("is led to by %s until a destroy has called the function, also where they are of the same stack", (...given) => {
    const [, name, egress, types] = given;
    const synthesized = synthesize((stack) => {
      const network = new FlinkNetwork(stack, "network");
      dashboards(stack, { network, grafana: elsewhere(egress) });
    });
    const ways = (type: string, names: string) =>
      Object.keys(synthesized.resources(type))
        .filter((id) => new RegExp(`^network_(${names})`).test(id))
        .map((id) => `${type}.${id}`);
    const expected = [
      ...types.flatMap((type) => ways(type, name)),
      ...ways("aws_vpc_endpoint", "endpoint-secretsmanager_"),
    ];
    expect(expected.length).toBeGreaterThan(types.length);
    const { ordered, removal } = calls(synthesized);
    for (const { depends_on } of [ordered, removal]) expect(depends_on).toEqual(expect.arrayContaining(expected));
  });

  test("of a network of another stack is led to by what comes before it anyway", () => {
    const before = testStack("before");
    const stack = testStack("stack", before.node.root as App);
    dashboards(stack, { network: new FlinkNetwork(before, "network") });
    expect(JSON.stringify(calls(synthesizeStack(stack)))).not.toContain("aws_vpc_endpoint.");
  });

  test("behind a proxy is told of it", () => {
    const proxy = { host: "proxy.example.internal", port: 3128 };
    const synthesized = synthesize((stack) =>
      dashboards(stack, { grafana: elsewhere(Egress.proxy({ ...proxy, securityGroupId: GROUP })) }),
    );
    expect(orderOf(synthesized)).toMatchObject({ proxy, url: "https://grafana.example.internal:443" });
    expect(rulesTo(synthesized, "egress")).toEqual([[GROUP, 3128]]);
  });

  test("in the network's own addresses is refused with the place", () => {
    const stack = testStack();
    expect(() => dashboards(stack, { grafana: elsewhere(Egress.peered({ cidrs: ["10.1.0.0/24"] })) })).toThrow(
      'stack/dashboards: cidrs of stack/dashboards is "10.1.0.0/24", but must be apart from 10.1.0.0/16',
    );
  });
});

test("a destroy calls the function, too, which knows by the order whether it is to delete anything", () => {
  const synthesized = synthesize((stack) => dashboards(stack, { removalPolicy: RemovalPolicy.DESTROY }));
  expect(orderOf(synthesized).deletesOnDestroy).toBe(true);
  const { ordered, removal } = calls(synthesized);
  expect(ordered).not.toHaveProperty("lifecycle_scope");
  expect(removal).toMatchObject({ lifecycle_scope: "CRUD", function_name: ordered.function_name });
  // What it is called with changes with the order alone: new code of the function is no reason to destroy anything.
  expect(removal).not.toHaveProperty("triggers");
  const [, local] = /^\$\{jsonencode\(\{"order" = local\.(\w+)\}\)\}$/.exec(removal.input as string)!;
  expect((synthesized.json.locals as Block)[local]).toBe(ordered.input);
  expect(removal.depends_on).toEqual(ordered.depends_on);
  expect(removal.depends_on).toEqual(expect.arrayContaining([expect.stringMatching(/^aws_iam_role_policy\./)]));
});

test("the function knows what was ordered, and its log is kept as long as is said", () => {
  const synthesized = synthesize((stack) => {
    const own = dashboards(stack, { folderUid: "team-a", folderTitle: "Team A", logRetention: Duration.days(400) });
    new TerraformOutput(stack, "report", { value: own.provisioningReport });
  });
  expect(synthesize((stack) => dashboards(stack)).single("aws_lambda_function").function_name).toBe(
    "stack-dashboards-grafana-provisioner",
  );
  expect(orderOf(synthesized).folder).toEqual({ uid: "team-a", title: "Team A" });
  expect(synthesized.single("aws_lambda_function")).toMatchObject({
    function_name: "team-a-grafana-provisioner",
    source_code_hash: functionPackage("grafana-provisioner").hash,
    environment: { variables: { ORDER_SHA256: expect.stringMatching(/^\$\{sha256\(local\.\w+\)\}$/) as string } },
  });
  expect(synthesized.single("aws_cloudwatch_log_group")).toMatchObject({
    name: "/aws/lambda/team-a-grafana-provisioner",
    retention_in_days: 400,
  });
  const output = (synthesized.json.output as Record<string, Block>).report;
  expect(output.value).toBe(reference(synthesized, "aws_lambda_invocation", "dashboards_Provisioner_I", "result"));
});

test("of values that only Terraform knows, it looks that they are no wildcard", () => {
  const synthesized = synthesize((stack) => {
    const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
    const token = { secretArn: text("secret"), encryptionKeyArn: text("key") };
    dashboards(stack, { grafana: { ...GRAFANA, host: text("host"), token } });
  });
  const { precondition } = policyOf(synthesized).lifecycle as { precondition: Block[] };
  expect(precondition.map(({ condition }) => /var\.\w+/.exec(condition as string)![0])).toEqual([
    ...["var.host", "var.secret", "var.key"],
  ]);
});

test("dashboards of one uid go into a Grafana once, and into another one as well", () => {
  const again = (grafana: GrafanaServer) => () =>
    synthesize((stack) => {
      const network = someNetwork(stack);
      dashboards(stack, { network, folderUid: "first" });
      dashboards(stack, { network, folderUid: "second", grafana }, "again");
    });
  const [{ uid }] = new FlinkMetricDashboards().dashboards;
  expect(again(GRAFANA)).toThrow(
    `stack/again: dashboards is "one of the uid ${uid}", but must be each of a uid that no other GrafanaDashboards puts into this Grafana, and stack/dashboards does: name the dashboard in one of the two alone`,
  );
  expect(again({ ...GRAFANA, host: "other.example.internal" })).not.toThrow();
  // Another organization of the same Grafana.
  const secretArn = SECRET_ARN.replace("grafana-token", "other-token");
  expect(again({ ...GRAFANA, token: { secretArn } })).not.toThrow();
});

test("two of one folder are refused, as are dashboards of one id, and more than a call of the function takes", () => {
  const stack = testStack();
  dashboards(stack, { folderUid: "team-a" });
  expect(() => dashboards(stack, { folderUid: "team-a" }, "other")).toThrow(
    'stack/other: folderUid is "team-a", but must be a name that no other GrafanaDashboards of the account and region has, and stack/dashboards has it: ',
  );
  const { overview } = new FlinkMetricDashboards();
  expect(() => dashboards(stack, { dashboards: [overview, overview] }, "twins")).toThrow(
    `stack/twins: dashboards is "two of the uid ${overview.uid}", but must be each of a uid of its own: name each dashboard once, and give each of yours another uid`,
  );
  const large = new GrafanaDashboard({ title: "Large", description: "Much of one", uid: "large" });
  for (let count = 0; count < 2_000; count++) large.add({ panel: overview.panels[0] });
  expect(() => dashboards(stack, { dashboards: [large] }, "many")).toThrow(
    /^stack\/many: dashboards is "\d{7} characters of JSON", but must be at most 2000000 characters together, as AWS Lambda takes no larger call: divide them among several GrafanaDashboards$/,
  );
});

test("all dashboards of the library are a small part of what a call takes", () => {
  const { ordered } = calls(synthesize((stack) => dashboards(stack)));
  expect((ordered.input as string).length).toBeLessThan(400_000);
});
