import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpointService } from "@cdktf/provider-aws/lib/vpc-endpoint-service";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { Egress, FlinkNetwork } from "../../lib";
import { ClusterFirewall } from "../../lib/network/firewall";
import { synthesize } from "../support/synth";
import { REGION } from "./clients";
import { Workspace } from "./workspace";

const MINUTES = 60_000;
/** Two of the three in which the network stands. */
const ZONES_OF_SERVICE = [`${REGION}a`, `${REGION}b`];

interface Found {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

let workspace: Workspace;
let found: readonly Found[];

const all = (type: string): readonly Found["values"][] =>
  found.filter((each) => each.type === type).map(({ values }) => values);

beforeAll(async () => {
  workspace = await Workspace.create();
  const synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const firewall = new ClusterFirewall(stack, "firewall", { clusterName: "orders", network });
    const elsewhere = new Vpc(stack, "elsewhere", { cidrBlock: "10.20.0.0/16" });
    const peering = new VpcPeeringConnection(stack, "peering", {
      vpcId: network.vpcId,
      peerVpcId: elsewhere.id,
      autoAccept: true,
    });
    const subnets = ZONES_OF_SERVICE.map(
      (availabilityZone, index) =>
        new Subnet(stack, `elsewhere-${index}`, {
          vpcId: elsewhere.id,
          cidrBlock: `10.20.${index}.0/24`,
          availabilityZone,
        }),
    );
    const balancer = new Lb(stack, "balancer", {
      loadBalancerType: "network",
      internal: true,
      subnets: subnets.map(({ id }) => id),
    });
    const service = new VpcEndpointService(stack, "service", {
      acceptanceRequired: false,
      networkLoadBalancerArns: [balancer.arn],
    });
    const ways = {
      peered: Egress.peered({ cidrs: ["10.20.0.0/24", "10.20.1.0/24"], vpcPeeringConnectionId: peering.id }),
      private: Egress.privateLink({ serviceName: service.serviceName, domain: "orders.example.com" }),
    };
    for (const [name, { _reach: reach }] of Object.entries(ways)) {
      const destination = { path: name, hosts: [`${name}.orders.example.com`], ports: [9092] };
      reach.checkNetwork(destination, network);
      reach.open(destination, { network, firewall });
    }
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  await workspace.terraform.init();
  await workspace.terraform.apply();
  const state = (await workspace.terraform.show()) as { values: { root_module: { resources: Found[] } } };
  found = state.values.root_module.resources;
}, 8 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

test("each route table of the network has a route to each block of addresses by the peering connection", () => {
  const [{ id: peering }] = all("aws_vpc_peering_connection");
  const tables = all("aws_route_table").map(({ id }) => id as string);
  const routes = all("aws_route").map((route) => [
    route.route_table_id,
    route.destination_cidr_block,
    route.vpc_peering_connection_id,
  ]);
  expect(tables).toHaveLength(3);
  expect(routes).toHaveLength(6);
  expect(routes).toEqual(expect.arrayContaining(tables.map((table) => [table, "10.20.0.0/24", peering])) as unknown[]);
});

test("the endpoint stands in the zones of the service alone, and names in the domain lead to it", () => {
  const [{ id: vpc }] = all("aws_vpc").filter(({ cidr_block }) => cidr_block === "10.40.0.0/16");
  const inZones = all("aws_subnet")
    .filter(({ vpc_id, availability_zone }) => vpc_id === vpc && ZONES_OF_SERVICE.includes(availability_zone as string))
    .map(({ id }) => id as string);
  const [endpoint] = all("aws_vpc_endpoint").filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
  expect([...(endpoint.subnet_ids as string[])].sort()).toEqual(inZones.sort());
  expect(inZones).toHaveLength(2);
  const [{ dns_name: name }] = endpoint.dns_entry as { dns_name: string }[];
  expect(all("aws_route53_record").map(({ fqdn, alias }) => [fqdn, (alias as { name: string }[])[0].name])).toEqual(
    expect.arrayContaining([
      ["orders.example.com", name],
      ["*.orders.example.com", name],
    ]) as unknown[],
  );
});

test(
  "the second plan is empty",
  async () => {
    expect(await workspace.terraform.planActions()).toEqual({});
  },
  4 * MINUTES,
);
