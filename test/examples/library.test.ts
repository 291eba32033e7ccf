import { Aspects } from "cdktf";
import { OwnerTags } from "../../examples/library/owner-tags";
import { OrdersPipeline } from "../../examples/library/orders-pipeline";
import { companyNetwork } from "../../examples/library/company-network";
import { someBucket } from "../cluster/support";
import { storedProviderSchema } from "../properties/provider-schema";
import { Block, synthesize } from "../support/synth";

const synthesized = synthesize((stack) => {
  new OrdersPipeline(stack, "pipeline", {
    network: companyNetwork(stack, "network"),
    checkpointBucket: someBucket(stack),
    ordersBucketName: "company-orders",
  });
  Aspects.of(stack).add(new OwnerTags("orders", "cc-42"));
});

test("of the network of others nothing is made or changed: rules and names beside it alone", () => {
  const made = Object.keys(synthesized.json.resource as Block);
  const ofNetworks = ["aws_vpc", "aws_subnet", "aws_route_table", "aws_route", "aws_vpc_endpoint", "aws_route53_zone"];
  expect(made.filter((type) => ofNetworks.includes(type))).toEqual([]);
  for (const node of synthesized.all("aws_network_interface")) {
    expect(node.subnet_id).toMatch(/^\$\{data\.aws_subnet\.network-subnet-[abc]\.id\}$/);
  }
});

test("the endpoints that it has let the nodes' subnets in already, and get no rule of ours", () => {
  const groups = synthesized.all("aws_vpc_security_group_ingress_rule").map((rule) => String(rule.security_group_id));
  expect(groups.length).toBeGreaterThan(0);
  expect(groups.filter((group) => group.includes("network-endpoints"))).toEqual([]);
});

test("everything that takes tags has those of the company, and keeps its own", () => {
  const { resources } = storedProviderSchema();
  const types = Object.keys(synthesized.json.resource as Block).filter((type) => resources[type]?.attributes?.tags);
  expect(types).toEqual(
    expect.arrayContaining(["aws_instance", "aws_ebs_volume", "aws_network_interface", "aws_kms_key"]),
  );
  // Of a root volume they are a part of the machine's own.
  const roots = synthesized.all("aws_instance").map((machine) => machine.root_block_device as Block);
  expect(roots).toHaveLength(3);
  const tagged = [...types.flatMap((type) => synthesized.all(type)), ...roots];
  expect(tagged.filter(({ tags }) => (tags as Block)?.team !== "orders")).toEqual([]);
  expect(tagged.filter(({ tags }) => (tags as Block)["cost-center"] !== "cc-42")).toEqual([]);
  expect(roots.map(({ tags }) => (tags as Block).Name)).toEqual(
    [1, 2, 3].map((node) => `stack-flink-node-${node}-root`),
  );
  expect(synthesized.all("aws_instance").map(({ tags }) => (tags as Block).Name)).toEqual(
    [1, 2, 3].map((node) => `stack-flink-node-${node}`),
  );
});

test("the web application of the team may call Flink's REST API, and nothing else may", () => {
  const peers = synthesized
    .all("aws_vpc_security_group_ingress_rule")
    .map((rule) => rule.referenced_security_group_id as string)
    .filter((group) => group?.includes("data.aws_security_group"));
  expect(peers).toEqual([expect.stringMatching(/^\$\{data\.aws_security_group\.pipeline_application_\w+\.id\}$/)]);
});
