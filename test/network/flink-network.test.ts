import { Duration } from "../../lib/core/duration";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { ClusterFirewall } from "../../lib/network/firewall";
import { Peer } from "../../lib/network/peer";
import { findings } from "../rules/findings";
import { statements, synthesize, synthesizeStack, testStack } from "../support/synth";

const ACCOUNT = "${data.aws_caller_identity.AwsAccount_Identity_E18432DC.account_id}";

describe("the default network", () => {
  const synthesized = synthesize((stack) => new FlinkNetwork(stack, "network"));

  test("has no findings", () => expect(findings(synthesized)).toEqual([]));

  test("has a VPC with names", () => {
    expect(synthesized.single("aws_vpc")).toMatchObject({
      cidr_block: "10.40.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
    });
  });

  test("has three private subnets, a quarter of the block each, in the first zones of the region", () => {
    expect(synthesized.all("aws_subnet").map((subnet) => subnet.cidr_block)).toEqual([
      "10.40.0.0/18",
      "10.40.64.0/18",
      "10.40.128.0/18",
    ]);
    expect(synthesized.data("aws_availability_zones")[0]).toMatchObject({
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      lifecycle: { postcondition: [{ condition: "${length(self.names) >= 3}" }] },
    });
  });

  test("leaves subnets where they are when the region gains a zone, and never puts two into one", () => {
    const subnets = synthesized.all("aws_subnet");
    for (const subnet of subnets) expect(subnet.lifecycle.ignore_changes).toEqual(["availability_zone"]);
    expect(subnets[0]?.lifecycle.postcondition).toBeUndefined();
    expect(subnets[2]?.lifecycle.postcondition[0].condition).toMatch(
      /^\$\{!contains\(\[aws_subnet\.network_subnet-1_\w+\.availability_zone, aws_subnet\.network_subnet-2_\w+\.availability_zone\], self\.availability_zone\)\}$/,
    );
  });

  test("has no route of its own but that of the S3 endpoint, for this account alone", () => {
    expect(synthesized.all("aws_route")).toEqual([]);
    for (const table of synthesized.all("aws_route_table")) expect(table.route).toBeUndefined();
    const endpoint = synthesized.single("aws_vpc_endpoint");
    expect(endpoint.vpc_endpoint_type).toBe("Gateway");
    expect(endpoint.route_table_ids).toHaveLength(3);
    expect(Object.values(statements(endpoint.policy))).toEqual([
      expect.objectContaining({
        Effect: "Allow",
        Condition: { StringEquals: { "aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT } },
      }),
    ]);
  });

  test("logs all traffic for a year, by a role that can do no more", () => {
    expect(synthesized.single("aws_flow_log")).toMatchObject({ traffic_type: "ALL", max_aggregation_interval: 60 });
    expect(synthesized.single("aws_cloudwatch_log_group").retention_in_days).toBe(365);
    expect(statements(synthesized.single("aws_iam_role_policy").policy).WriteToLogGroup?.Resource).toMatch(
      /^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/,
    );
    expect(statements(synthesized.single("aws_iam_role").assume_role_policy).FlowLogsOfThisAccount).toMatchObject({
      Principal: { Service: "vpc-flow-logs.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    });
    expect(statements(synthesized.single("aws_kms_key").policy).CloudWatchLogs?.Condition.ArnEquals).toEqual({
      "kms:EncryptionContext:aws:logs:arn": expect.stringMatching(
        /:log-group:\/aws\/vpc-flow-logs\/\$\{aws_vpc\.\w+\.id\}$/,
      ),
    });
  });

  test("has a private zone and no interface endpoint, for nothing asked for one", () => {
    expect(synthesized.single("aws_route53_zone")).toMatchObject({
      name: "flink.internal",
      vpc: [{ vpc_id: "${aws_vpc.network_39EEAA36.id}" }],
      // Else it would undo the association of a peered network, or keep that of a network that was replaced.
      lifecycle: { ignore_changes: ["vpc"], replace_triggered_by: ["aws_vpc.network_39EEAA36.id"] },
    });
    expect(synthesized.all("aws_security_group")).toEqual([]);
  });
});

test("takes every property", () => {
  const synthesized = synthesize((stack) => {
    new FlinkNetwork(stack, "network", {
      cidr: "192.168.7.0/24",
      availabilityZoneCount: 1,
      availabilityZones: ["us-gov-west-1b"],
      domainName: "flink.example.com",
      flowLogRetention: Duration.days(731),
    });
  });
  const subnet = synthesized.single("aws_subnet");
  expect(subnet).toMatchObject({ cidr_block: "192.168.7.0/26", availability_zone: "us-gov-west-1b" });
  // Zones that the user names move when the user says so.
  expect(subnet.lifecycle?.ignore_changes).toBeUndefined();
  expect(synthesized.data("aws_availability_zones")).toEqual([]);
  expect(synthesized.single("aws_route53_zone").name).toBe("flink.example.com");
  expect(synthesized.single("aws_cloudwatch_log_group").retention_in_days).toBe(731);
  expect(findings(synthesized)).toEqual([]);
});

describe("interface endpoints", () => {
  const stack = testStack();
  const network = new FlinkNetwork(stack, "network");
  const kms = network.addInterfaceEndpoint("kms");
  kms.allowFrom(Peer.cidr("10.1.0.0/16"), "jobs of the office");
  kms.allowFrom(Peer.cidr("10.1.0.0/16"), "again");
  const same = network.addInterfaceEndpoint("kms");
  network.addInterfaceEndpoint("ecr.api");
  const synthesized = synthesizeStack(stack);

  test("are created once", () => {
    expect(same).toBe(kms);
    expect(synthesized.all("aws_vpc_endpoint").filter((e) => e.vpc_endpoint_type === "Interface")).toHaveLength(2);
    expect(findings(synthesized)).toEqual([]);
  });

  test("let in whom they were told to, on 443, and nobody else", () => {
    expect(synthesized.single("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.1.0.0/16",
      from_port: 443,
      description: "jobs of the office",
    });
    expect(synthesized.all("aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  test("are for principals of this account, and keys of this account", () => {
    const policyOf = (service: string) =>
      statements(synthesized.named("aws_vpc_endpoint", `network_endpoint-${service}`).policy).ThisAccount?.Condition;
    expect(policyOf("kms").StringEquals).toEqual({ "aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT });
    expect(policyOf("ecrapi").StringEquals).toEqual({ "aws:PrincipalAccount": ACCOUNT });
  });

  test.each(["", "s3", "KMS", "kms.", "k ms", "${x}", "ä"])("refuse the service %j", (service) => {
    expect(() => network.addInterfaceEndpoint(service)).toThrow(/^service is .* but must be the short name/);
  });
});

describe("two clusters in one network", () => {
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    for (const clusterName of ["orders", "payments"]) {
      const firewall = new ClusterFirewall(stack, clusterName, { clusterName, network });
      firewall.allowNodesToEndpoint(network.addInterfaceEndpoint("kms"));
    }
  });

  test("have groups of their own and share endpoints", () => {
    expect(synthesized.all("aws_security_group").map((group) => group.name)).toEqual(
      expect.arrayContaining(["orders-nodes", "orders-clients", "payments-nodes", "payments-clients", "endpoint-kms"]),
    );
    expect(synthesized.all("aws_vpc_endpoint")).toHaveLength(2);
    expect(findings(synthesized)).toEqual([]);
  });

  test("do not reach each other", () => {
    const crossing = synthesized
      .all("aws_vpc_security_group_ingress_rule")
      .filter(
        (rule) => /\.orders_/.test(rule.security_group_id) && /\.payments_/.test(rule.referenced_security_group_id),
      );
    expect(crossing).toEqual([]);
  });
});
