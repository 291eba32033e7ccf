import { BlockList, isIPv4 } from "node:net";
import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { Construct } from "constructs";
import { FlinkNetwork } from "../../lib";
import { listSetting, setting, variableOf } from "../settings";
import { requireForm } from "./pipeline-settings";

const VPC = /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/;
const ROUTE_TABLE = /^rtb-([0-9a-f]{8}|[0-9a-f]{17})$/;
/** RFC 1918, and RFC 6598, of which networks of AWS are made as well. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
/** The largest that a VPC can have. */
const SHORTEST_PREFIX = 16;

/**
 * Connects the network with that of the brokers, of the same account and region: a peering connection, and routes on both
 * sides. Firewalls still let nothing through but Flink's nodes to the brokers. Nothing where others have connected the two.
 */
export function peerWithSource(scope: Construct, network: FlinkNetwork): void {
  const peerVpcId = setting(scope, "sourceVpc");
  if (peerVpcId === undefined) return;
  const blocks = listSetting(scope, "sourceCidrs")!;
  const routeTables = listSetting(scope, "sourceRouteTables")!;
  requireForm("sourceVpc", [peerVpcId], VPC, { meaning: "the id of a VPC", example: "vpc-0123456789abcdef0" });
  requireForm("sourceRouteTables", routeTables, ROUTE_TABLE, {
    meaning: "ids of route tables",
    example: "rtb-0123456789abcdef0",
  });
  blocks.forEach((block) => requireBlock(block, network.cidr));
  const peering = new VpcPeeringConnection(scope, "source-peering", {
    vpcId: network.vpcId,
    peerVpcId,
    autoAccept: true,
    tags: { Name: `${scope.node.id}/source` },
  });
  const add = (id: string, routeTableId: string, destinationCidrBlock: string) =>
    new Route(scope, id, { routeTableId, destinationCidrBlock, vpcPeeringConnectionId: peering.id });
  for (const block of new Set(blocks)) {
    const place = block.replace("/", "-");
    network.routeTableIds.forEach((table, index) => add(`route-${index + 1}-to-${place}`, table, block));
  }
  for (const table of new Set(routeTables)) add(`route-back-of-${table}`, table, network.cidr);
}

function requireBlock(block: string, own: string): void {
  const [first, prefix] = parse(block) ?? [];
  const isPrivate = first !== undefined && PRIVATE.some((whole) => holds(whole, first)) && prefix! >= SHORTEST_PREFIX;
  if (!isPrivate) {
    throw new Error(
      `${variableOf("sourceCidrs")} has "${block}", but must be blocks of private addresses of size /16 to /32: write those of the brokers' subnets, such as 10.20.0.0/24`,
    );
  }
  requireFirstAddress(block, first, prefix!);
  if (!holds(own, first) && !holds(block, parse(own)![0])) return;
  throw new Error(
    `${variableOf("sourceCidrs")} has "${block}", but must be blocks apart from ${own}, which the pipeline's own network has: set ${variableOf("cidr")} to another, such as 10.60.0.0/16`,
  );
}

/** AWS's provider takes no other. */
function requireFirstAddress(block: string, address: string, prefix: number): void {
  const bits = address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  const start = bits - (bits % 2 ** (32 - prefix));
  if (start === bits) return;
  const firstAddress = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".");
  throw new Error(
    `${variableOf("sourceCidrs")} has "${block}", but must be blocks written from their first address: write ${firstAddress}/${prefix}`,
  );
}

function parse(block: string): readonly [string, number] | undefined {
  const [, address = "", prefix = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(block) ?? [];
  return isIPv4(address) && Number(prefix) <= 32 ? [address, Number(prefix)] : undefined;
}

function holds(block: string, address: string): boolean {
  const list = new BlockList();
  list.addSubnet(...parse(block)!);
  return list.check(address);
}
