import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Ec2TransitGatewayVpcAttachment } from "@cdktf/provider-aws/lib/ec2-transit-gateway-vpc-attachment";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import {
  Egress,
  FlinkCluster,
  FlinkNetwork,
  IPostgreSqlCluster,
  KafkaAuthentication,
  KafkaCluster,
  KafkaClusterAttributes,
  PeeredEgressOptions,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlClusterAttributes,
} from "../../lib";
import { cluster, someNetwork } from "../cluster/support";
import { findings } from "../rules/findings";
import { Synthesized, synthesize, synthesizeStack, testStack } from "../support/synth";

const EGRESS = "aws_vpc_security_group_egress_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";
const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:analytics-AbCdEf";

function database(
  stack: TerraformStack,
  given: Partial<PostgreSqlClusterAttributes>,
  id = "analytics",
): IPostgreSqlCluster {
  return PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, id, {
    ...{ host: `${id}.example.internal`, databaseName: "company" },
    authentication: PostgreSqlAuthentication.password({ secretArn }),
    ...given,
  });
}

/** A cluster in a network of ours, whose jobs read a database by this way. */
function program(
  options: PeeredEgressOptions,
  more: (flink: FlinkCluster, stack: TerraformStack) => void = () => undefined,
): Synthesized {
  return synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1, network: new FlinkNetwork(stack, "network") });
    flink.readFrom(database(stack, { egress: Egress.peered(options) }).schema("orders"));
    more(flink, stack);
  });
}

const toBlocks = (synthesized: Synthesized): unknown[] =>
  synthesized
    .all(EGRESS)
    .filter(({ cidr_ipv4 }) => cidr_ipv4 !== undefined)
    .map(({ cidr_ipv4, from_port, to_port, ip_protocol }) => [cidr_ipv4, ip_protocol, from_port, to_port])
    .sort();

const routes = (synthesized: Synthesized): unknown[] =>
  synthesized
    .all("aws_route")
    .map(({ route_table_id, destination_cidr_block, ...gateway }) => [
      /route-table-\d/.exec(route_table_id as string)?.[0],
      destination_cidr_block,
      gateway,
    ]);

test("nodes may call the system's port in the blocks that are named, and nobody else gets anything", () => {
  const synthesized = program({ cidrs: ["10.20.1.0/24", "100.64.0.0/28"] });
  const without = synthesize((stack) => {
    cluster(stack, { nodeCount: 1, network: new FlinkNetwork(stack, "network") });
  });
  expect(toBlocks(synthesized)).toEqual([
    ["10.20.1.0/24", "tcp", 5432, 5432],
    ["100.64.0.0/28", "tcp", 5432, 5432],
  ]);
  const [rule] = synthesized.all(EGRESS).filter(({ cidr_ipv4 }) => cidr_ipv4 === "10.20.1.0/24");
  expect(rule.security_group_id).toMatch(/aws_security_group\.flink_Firewall_nodes_/);
  expect(rule.description).toBe("What jobs read and write: stack/analytics");
  // The endpoint of Secrets Manager, for the password.
  expect(synthesized.all(INGRESS)).toHaveLength(without.all(INGRESS).length + 1);
  expect(synthesized.all("aws_route")).toEqual([]);
  expect(findings(synthesized)).toEqual([]);
});

test("a peering connection gets a route to each block in each route table of the network", () => {
  const id = "pcx-0123456789abcdef0";
  const synthesized = program({ cidrs: ["10.20.1.0/24", "10.20.2.0/24"], vpcPeeringConnectionId: id });
  const gateway = { vpc_peering_connection_id: id };
  expect(routes(synthesized)).toEqual(
    ["10.20.1.0/24", "10.20.2.0/24"].flatMap((block) =>
      [1, 2, 3].map((index) => [`route-table-${index}`, block, gateway]),
    ),
  );
  expect(findings(synthesized)).toEqual([]);
});

test("a transit gateway likewise", () => {
  const id = "tgw-0123456789abcdef0";
  const [, , third] = routes(program({ cidrs: ["10.20.1.0/24"], transitGatewayId: id }));
  expect(third).toEqual(["route-table-3", "10.20.1.0/24", { transit_gateway_id: id }]);
});

test("systems and clusters in one network share its routes", () => {
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const peering = new VpcPeeringConnection(stack, "peering", { vpcId: network.vpcId, peerVpcId: "vpc-01234567" });
    // Each reading is another token.
    const egress = () => Egress.peered({ cidrs: ["10.20.1.0/24"], vpcPeeringConnectionId: peering.id });
    const source = database(stack, { egress: egress() }, "source");
    for (const name of ["orders", "clicks"]) {
      const flink = cluster(stack, { nodeCount: 1, network, clusterName: name }, name);
      flink.readFrom(source.schema("orders"));
      flink.writeTo(database(stack, { egress: egress(), port: 5433 }, `${name}-sink`).schema("orders"));
    }
  });
  expect(synthesized.all("aws_route")).toHaveLength(3);
  expect(toBlocks(synthesized)).toEqual([
    ["10.20.1.0/24", "tcp", 5432, 5432],
    ["10.20.1.0/24", "tcp", 5432, 5432],
    ["10.20.1.0/24", "tcp", 5433, 5433],
    ["10.20.1.0/24", "tcp", 5433, 5433],
  ]);
});

test("a second way to the same addresses is refused", () => {
  const peered = (id: string) => Egress.peered({ cidrs: ["10.20.1.0/24"], vpcPeeringConnectionId: id });
  expect(() =>
    program({ cidrs: ["10.20.1.0/24"], transitGatewayId: "tgw-01234567" }, (flink, stack) =>
      flink.writeTo(database(stack, { egress: peered("pcx-01234567") }, "sink").schema("x")),
    ),
  ).toThrow(
    'stack/flink: vpcPeeringConnectionId of stack/sink is "pcx-01234567", but must be what leads from stack/network to 10.20.1.0/24 already: name the same peering connection or transit gateway for the same addresses',
  );
});

test("routes of an existing network are its owner's, and the firewall is ours", () => {
  const build = (options: PeeredEgressOptions) => (stack: TerraformStack) => {
    const flink = cluster(stack, { nodeCount: 1, network: someNetwork(stack) });
    flink.readFrom(database(stack, { egress: Egress.peered(options) }).schema("orders"));
  };
  expect(toBlocks(synthesize(build({ cidrs: ["10.20.1.0/24"] })))).toEqual([["10.20.1.0/24", "tcp", 5432, 5432]]);
  expect(() => synthesize(build({ cidrs: ["10.20.1.0/24"], vpcPeeringConnectionId: "pcx-01234567" }))).toThrow(
    'stack/flink: vpcPeeringConnectionId of stack/analytics is "pcx-01234567", but must be left out, because stack/network is an existing network, whose routes are its owner\'s: let its owner make routes to 10.20.1.0/24, and leave vpcPeeringConnectionId out',
  );
});

test("more rules than a security group takes are refused before AWS does, half-way", () => {
  const ofKafka = (blocks: number, ports: number) =>
    synthesize((stack) => {
      const orders = KafkaCluster.fromKafkaClusterAttributes(stack, "orders", {
        bootstrapServers: Array.from({ length: ports }, (_, index) => `b.orders.example.com:${9092 + index}`),
        egress: Egress.peered({ cidrs: Array.from({ length: blocks }, (_, index) => `10.20.${index}.0/24`) }),
        authentication: KafkaAuthentication.scramSha512({ secretArn }),
      });
      cluster(stack, { nodeCount: 1 }).readFrom(orders.topics("orders"));
    });
  const largest = ofKafka(10, 4);
  expect(toBlocks(largest)).toHaveLength(40);
  const ofNodes = largest.all(EGRESS).filter(({ security_group_id: id }) => /Firewall_nodes/.test(id as string));
  expect(ofNodes.length).toBeLessThanOrEqual(60);
  expect(() => ofKafka(14, 3)).toThrow(
    /^stack\/flink: cidrs of stack\/orders is .+, but must be blocks that make 40 rules at most, one for each block and port, and these make 42 with 3 ports, .+: name fewer blocks/,
  );
});

describe("a peering connection or an attachment of another stack", () => {
  const provided = (app: App, id: string) => testStack(id, app);
  const peeringIn = (stack: TerraformStack, vpcId: string) =>
    new VpcPeeringConnection(stack, "peering", { vpcId, peerVpcId: "vpc-01234567" });

  /** The network in a stack that comes first, and a cluster in another one. */
  function twoStacks(egressOf: (streaming: TerraformStack, network: FlinkNetwork, app: App) => Egress): App {
    const app = Testing.app();
    const network = new FlinkNetwork(provided(app, "network"), "network");
    const streaming = provided(app, "streaming");
    const flink = cluster(streaming, { nodeCount: 1, network });
    flink.readFrom(database(streaming, { egress: egressOf(streaming, network, app) }).schema("orders"));
    return app;
  }
  const peered = (vpcPeeringConnectionId: string) => Egress.peered({ cidrs: ["10.20.1.0/24"], vpcPeeringConnectionId });
  const refusal = (property: string, stack: string) =>
    new RegExp(
      `^streaming/flink: ${property} of streaming/analytics is .+, but must be of the stack network, where network/network is, and not of ${stack}, which comes after that: make it in the stack network, or give its name or id as a literal text$`,
    );

  test("is refused in the cluster's own, as routes are in the network's, which comes first", () => {
    expect(() => twoStacks((streaming, { vpcId }) => peered(peeringIn(streaming, vpcId).id))).toThrow(
      refusal("vpcPeeringConnectionId", "streaming"),
    );
    expect(() =>
      twoStacks((streaming, { vpcId, subnetIds }) => {
        const transitGatewayId = "tgw-0123456789abcdef0";
        const attachment = new Ec2TransitGatewayVpcAttachment(streaming, "tgw", { transitGatewayId, vpcId, subnetIds });
        return Egress.peered({ cidrs: ["10.20.1.0/24"], transitGatewayId: attachment.transitGatewayId });
      }),
    ).toThrow(refusal("transitGatewayId", "streaming"));
  });

  test("is refused in one that is made of the network", () => {
    expect(() => twoStacks((_, { vpcId }, app) => peered(peeringIn(provided(app, "ways"), vpcId).id))).toThrow(
      refusal("vpcPeeringConnectionId", "ways"),
    );
  });

  test("a service that the cluster's stack names is refused likewise", () => {
    expect(() =>
      twoStacks((streaming) => {
        const serviceName = new TerraformVariable(streaming, "service", {}).stringValue;
        return Egress.privateLink({ serviceName, domain: "example.internal" });
      }),
    ).toThrow(refusal("serviceName", "streaming"));
  });

  test("is taken in the network's own, and in one that comes before it", () => {
    const inOwn = twoStacks((_, network) => peered(peeringIn(TerraformStack.of(network), network.vpcId).id));
    expect(() => inOwn.synth()).not.toThrow();
    const before = twoStacks((_, __, app) => peered(peeringIn(provided(app, "ways"), "vpc-12345678").id));
    expect(() => before.synth()).not.toThrow();
  });
});

test.each(["10.40.0.0/24", "10.40.255.0/32"])("addresses of the network itself are refused: %s", (cidr) => {
  expect(() => program({ cidrs: ["10.20.1.0/24", cidr] })).toThrow(
    `stack/flink: cidrs of stack/analytics is "${cidr}", but must be apart from 10.40.0.0/16, the addresses of the Flink cluster's own network: use securityGroupId in place of egress for what stands in that network, or correct cidrs`,
  );
});

test("what is refused leaves the stack as it was", () => {
  const stack = testStack();
  const flink = cluster(stack, { nodeCount: 1, network: new FlinkNetwork(stack, "network") });
  const before = synthesizeStack(stack).text;
  const within = database(stack, { egress: Egress.peered({ cidrs: ["10.40.7.0/24"] }) });
  expect(() => flink.readFrom(within.schema("orders"))).toThrow("apart from 10.40.0.0/16");
  expect(synthesizeStack(stack).text).toBe(before);
});

test.each<[string, PeeredEgressOptions, RegExp]>([
  [
    "a public block",
    { cidrs: ["203.0.113.0/24"] },
    /^cidrs of Egress\.peered is "203\.0\.113\.0\/24", but must be a block of private/,
  ],
  [
    "the internet",
    { cidrs: ["0.0.0.0/0"] },
    /^cidrs of Egress\.peered is "0\.0\.0\.0\/0", but must be a block of private/,
  ],
  [
    "more than a VPC",
    { cidrs: ["10.0.0.0/15"] },
    /^cidrs of Egress\.peered is "10\.0\.0\.0\/15", but must be .* of size \/16 to \/32/,
  ],
  [
    "one within another",
    { cidrs: ["10.20.0.0/16", "10.20.1.0/24"] },
    /^cidrs of Egress\.peered is "10\.20\.1\.0\/24", but must be apart from the others in the list, and one of them holds the other: name/,
  ],
  [
    "two ways",
    { cidrs: ["10.20.1.0/24"], vpcPeeringConnectionId: "pcx-01234567", transitGatewayId: "tgw-01234567" },
    /^transitGatewayId of Egress\.peered is "tgw-01234567", but must be left out where vpcPeeringConnectionId is given: give the one/,
  ],
])("refuses %s", (_, options, message) => {
  expect(() => Egress.peered(options)).toThrow(message);
});

describe("a system has one way", () => {
  const group = "sg-0123456789abcdef0";

  test("neither is refused", () => {
    expect(() => database(testStack(), {})).toThrow(
      /^stack\/analytics: securityGroupId is undefined, but must be given, or egress in its place, .*Egress\.peered/,
    );
  });

  test("both are refused", () => {
    const egress = Egress.peered({ cidrs: ["10.20.1.0/24"] });
    expect(() => database(testStack(), { securityGroupId: group, egress })).toThrow(
      /^stack\/analytics: egress is Egress\.peered to 10\.20\.1\.0\/24, but must be left out where securityGroupId is given: /,
    );
  });

  test("a host of another region needs egress, and takes the authorities of its own", () => {
    const host = "company.abc123.us-east-1.rds.amazonaws.com";
    expect(() => database(testStack(), { host, securityGroupId: group })).toThrow(
      /^stack\/analytics: host is "company\..*", but must be a host of eu-west-1, .*: give egress in place of securityGroupId, such as Egress\.peered, or deploy beside it$/,
    );
    const synthesized = synthesize((stack) => {
      const flink = cluster(stack, { nodeCount: 1 });
      const egress = Egress.peered({ cidrs: ["10.20.1.0/24"] });
      flink.readFrom(database(stack, { host, egress }).schema("orders"));
    });
    expect(synthesized.single("aws_s3_object").content).toContain("BEGIN CERTIFICATE");
  });

  test("brokers of Amazon MSK in another region are reached by IAM as well", () => {
    const clusterArn = "arn:aws:kafka:us-east-1:123456789012:cluster/orders/01234567-89ab-cdef-0123-456789abcdef-2";
    const orders = (stack: TerraformStack, way: Pick<KafkaClusterAttributes, "egress" | "securityGroupId">) =>
      KafkaCluster.fromKafkaClusterAttributes(stack, "orders", {
        bootstrapServers: ["b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com:9098"],
        authentication: KafkaAuthentication.iam({ clusterArn }),
        ...way,
      });
    const synthesized = synthesize((stack) => {
      const egress = Egress.peered({ cidrs: ["10.20.1.0/24"] });
      cluster(stack, { nodeCount: 1 }).readFrom(orders(stack, { egress }).topics("orders"));
    });
    expect(toBlocks(synthesized)).toEqual([["10.20.1.0/24", "tcp", 9098, 9098]]);
    expect(() => orders(testStack(), { securityGroupId: group })).toThrow(
      /^stack\/orders: clusterArn.* is ".*", but must be a cluster of eu-west-1, .*: deploy beside the brokers, or give egress in place of securityGroupId, such as Egress\.peered$/,
    );
  });

  test("a secret is never elsewhere, as nodes read it in their own region", () => {
    const egress = Egress.peered({ cidrs: ["10.20.1.0/24"] });
    const authentication = PostgreSqlAuthentication.password({
      secretArn: secretArn.replace("eu-west-1", "us-east-1"),
    });
    expect(() => database(testStack(), { egress, authentication })).toThrow(/^stack\/analytics: secretArn.* eu-west-1/);
  });

  test("a peering connection of another program is taken as Terraform knows it", () => {
    const stack = testStack();
    const id = new TerraformVariable(stack, "peering", {}).stringValue;
    const flink = cluster(stack, { nodeCount: 1, network: new FlinkNetwork(stack, "network") });
    const egress = Egress.peered({ cidrs: ["10.20.1.0/24"], vpcPeeringConnectionId: id });
    flink.readFrom(database(stack, { egress }).schema("orders"));
    expect(routes(synthesizeStack(stack))[0]).toEqual([
      "route-table-1",
      "10.20.1.0/24",
      { vpc_peering_connection_id: "${var.peering}" },
    ]);
  });
});
