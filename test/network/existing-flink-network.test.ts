import { TerraformVariable } from "cdktf";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { FlinkNetworkAttributes } from "../../lib/network/i-flink-network";
import { Peer } from "../../lib/network/peer";
import { synthesize, testStack } from "../support/synth";

const subnets = ["subnet-0123456789abcdef1", "subnet-0123456789abcdef2", "subnet-0123456789abcdef3"];
const attributes: FlinkNetworkAttributes = {
  vpcId: "vpc-0123456789abcdef0",
  cidr: "10.1.0.0/20",
  subnetIds: subnets,
  s3PrefixListId: "pl-6da54004",
  interfaceEndpoints: { kms: "sg-0123456789abcdef0" },
  privateZoneId: "Z0123456789ABC",
  domainName: "flink.internal",
};

test("changes nothing of the existing network, and reads its zones", () => {
  const synthesized = synthesize((stack) => {
    const network = FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", attributes);
    expect(network.subnetIds).toEqual(subnets);
    expect(network.availabilityZones).toHaveLength(3);
    const endpoint = network.addInterfaceEndpoint("kms");
    expect(endpoint.securityGroupId).toBe("sg-0123456789abcdef0");
    endpoint.allowFrom(Peer.cidr("10.1.0.0/16"), "x");
  });
  expect(synthesized.json.resource).toBeUndefined();
  const [first, , third] = synthesized.data("aws_subnet");
  expect(first).toMatchObject({ id: subnets[0] });
  expect(third?.lifecycle.postcondition[0].condition).toMatch(
    /^\$\{!contains\(\[data\.aws_subnet\.\S+, data\.aws_subnet\.\S+\], self\.availability_zone\)\}$/,
  );
});

test("reads nothing where the zones are named", () => {
  const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
  const synthesized = synthesize((stack) => {
    const named = { ...attributes, availabilityZones: zones };
    expect(FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", named).availabilityZones).toEqual(zones);
  });
  expect(synthesized.data("aws_subnet")).toEqual([]);
});

test("creates an endpoint that the network does not have", () => {
  const synthesized = synthesize((stack) => {
    FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", attributes).addInterfaceEndpoint("secretsmanager");
  });
  expect(synthesized.single("aws_vpc_endpoint")).toMatchObject({ vpc_id: attributes.vpcId, subnet_ids: subnets });
});

test("takes what another resource gives", () => {
  const stack = testStack();
  const token = (id: string) => new TerraformVariable(stack, id, {}).stringValue;
  const network = FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", {
    ...attributes,
    vpcId: token("vpc"),
    subnetIds: [token("a"), token("b"), token("c")],
    availabilityZones: [token("d"), token("e"), token("f")],
    s3PrefixListId: token("pl"),
    privateZoneId: token("zone"),
    interfaceEndpoints: { kms: token("sg") },
  });
  expect(network.subnetIds).toHaveLength(3);
});

const list = (stack = testStack()) => new TerraformVariable(stack, "list", {}).listValue;

test.each<[string, unknown, RegExp]>([
  ["vpcId", "vpc-x", /^stack\/network: vpcId is "vpc-x", but must be an id such as/],
  ["vpcId", undefined, /^stack\/network: vpcId is undefined/],
  ["cidr", "10.1.0.0/8", /^stack\/network: cidr is .* \/16 to \/28/],
  ["subnetIds", subnets.slice(1), /^stack\/network: subnetIds is .* 1 or 3 .* majority of three ZooKeeper servers/],
  ["subnetIds", [subnets[0], subnets[0], subnets[1]], /^stack\/network: subnetIds is .* different subnets/],
  ["subnetIds", ["${x}"], /^stack\/network: subnetIds is "\$\{x\}"/],
  ["subnetIds", list(), /^stack\/network: subnetIds is .* known when the program runs/],
  ["subnetIds", "subnet-0123456789abcdef0", /^stack\/network: subnetIds is/],
  ["availabilityZones", ["eu-west-1a"], /^stack\/network: availabilityZones is .* 3 different/],
  [
    "s3PrefixListId",
    undefined,
    /^stack\/network: s3PrefixListId is undefined.* only through a gateway endpoint.* add a gateway endpoint/,
  ],
  ["s3PrefixListId", "s3", /^stack\/network: s3PrefixListId is "s3"/],
  ["interfaceEndpoints", { s3: "sg-0123456789abcdef0" }, /^stack\/network: interfaceEndpoints is "s3"/],
  ["interfaceEndpoints", { kms: "kms" }, /^stack\/network: interfaceEndpoints.kms is "kms"/],
  ["privateZoneId", "zone", /^stack\/network: privateZoneId is "zone"/],
  ["domainName", "internal", /^stack\/network: domainName is "internal"/],
])("refuses %s %j", (property, value, message) => {
  const bad = { ...attributes, [property]: value };
  expect(() => FlinkNetwork.fromFlinkNetworkAttributes(testStack(), "network", bad)).toThrow(message);
});
