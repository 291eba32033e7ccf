import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformStack } from "cdktf";
import { ClusterFirewall } from "../../lib/network/firewall";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { Peer } from "../../lib/network/peer";
import { allPorts, Caller } from "../../lib/node/ports";
import { findings } from "../rules/findings";
import { Block, Synthesized, synthesizeStack, testStack } from "../support/synth";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";

function build(more: (firewall: ClusterFirewall, stack: TerraformStack) => void = () => undefined): Synthesized {
  const stack = testStack();
  const network = new FlinkNetwork(stack, "network");
  more(new ClusterFirewall(stack, "fw", { clusterName: "orders", network, tags: { team: "a" } }), stack);
  return synthesizeStack(stack);
}

const side = (reference: string | undefined) => /\.fw_(nodes|clients)_/.exec(reference ?? "")?.[1];
const shape = (rule: Block) => [
  side(rule.security_group_id as string),
  side(rule.referenced_security_group_id as string) ?? rule.cidr_ipv4 ?? rule.prefix_list_id,
  rule.from_port,
  rule.to_port,
];

describe("without anything else", () => {
  const synthesized = build();
  const ports = (caller: Caller) => allPorts().filter((port) => port.callers.includes(caller));

  test("has no findings", () => expect(findings(synthesized)).toEqual([]));

  test("lets in exactly what the port table says", () => {
    const expected = [
      ...ports(Caller.NODES).map(({ port }) => ["nodes", "nodes", port, port]),
      ...ports(Caller.CLIENTS).map(({ port }) => ["nodes", "clients", port, port]),
    ];
    const found = synthesized.all(INGRESS).map(shape);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  test("lets out exactly what the port table says, and S3", () => {
    const s3 = "${aws_vpc_endpoint.network_S3Endpoint_52ACC57B.prefix_list_id}";
    const expected = [
      ...ports(Caller.NODES).map(({ port }) => ["nodes", "nodes", port, port]),
      ...ports(Caller.CLIENTS).map(({ port }) => ["clients", "nodes", port, port]),
      ["nodes", s3, 443, 443],
    ];
    const found = synthesized.all(EGRESS).map(shape);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  test("names and describes its groups and rules", () => {
    expect(synthesized.named("aws_security_group", "fw_nodes")).toMatchObject({
      name: "orders-nodes",
      description: "Nodes of the Flink cluster orders",
      tags: { team: "a", Name: "orders-nodes" },
    });
    expect(synthesized.named(INGRESS, "fw_zookeeper-quorum-from-nodes").description).toBe(
      "ZooKeeper: followers to the leader",
    );
  });
});

describe("allowClientsFrom", () => {
  test("opens the clients' ports alone, once per peer, and keeps descriptions byte for byte", () => {
    const synthesized = build((firewall) => {
      firewall.allowClientsFrom(Peer.cidr("10.1.0.0/16"), "Office ${x} #1 [a]");
      firewall.allowClientsFrom(Peer.cidr("10.1.0.0/16"), "the same");
    });
    const added = synthesized.all(INGRESS).filter((rule) => rule.cidr_ipv4 !== undefined);
    expect(added.map(shape)).toEqual([["nodes", "10.1.0.0/16", 8081, 8081]]);
    expect(added[0]?.description).toBe("Office $${x} #1 [a]");
    expect(findings(synthesized)).toEqual([]);
  });

  test("gives a rule the same id whatever else the program holds", () => {
    const idsWith = (before: number) =>
      Object.keys(
        build((firewall, stack) => {
          for (let i = 0; i < before; i++) {
            firewall.allowClientsFrom(Peer.securityGroup(new SecurityGroup(stack, `other${i}`, {}).id), "other");
          }
          firewall.allowClientsFrom(Peer.securityGroup(new SecurityGroup(stack, "app", {}).id), "app");
        }).resources(INGRESS),
      ).filter((id) => id.includes("app"));
    expect(idsWith(0)).toHaveLength(1);
    expect(idsWith(2)).toEqual(idsWith(0));
  });

  test.each(["", "a\nb", "naïve", 'say "hi"', "it's", "%", "x".repeat(256)])("refuses the description %j", (text) => {
    expect(() => build((firewall) => firewall.allowClientsFrom(Peer.cidr("10.1.0.0/16"), text))).toThrow(
      /^description is .+, but must be 1 to 255 characters/,
    );
  });
});

test("an endpoint is opened on both sides, once", () => {
  const synthesized = build((firewall, stack) => {
    const network = stack.node.findChild("network") as FlinkNetwork;
    firewall.allowNodesToEndpoint(network.addInterfaceEndpoint("kms"));
    firewall.allowNodesToEndpoint(network.addInterfaceEndpoint("kms"));
  });
  const group = "${aws_security_group.network_endpoint-kms_SecurityGroup_7C8C162B.id}";
  const out = synthesized.all(EGRESS).filter((rule) => rule.referenced_security_group_id === group);
  const into = synthesized.all(INGRESS).filter((rule) => rule.security_group_id === group);
  expect(out.map((rule) => [side(rule.security_group_id), rule.from_port])).toEqual([["nodes", 443]]);
  expect(into.map((rule) => [side(rule.referenced_security_group_id), rule.from_port])).toEqual([["nodes", 443]]);
  expect(findings(synthesized)).toEqual([]);
});
