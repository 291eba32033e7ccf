import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Aspects, Token } from "cdktf";
import { DayOfWeek, Duration, FlinkClusterProps, LogDestination, LogIntegration, MaintenanceWindow } from "../../lib";
import type { DesiredState } from "../../lib/node/desired-state";
import { storedProviderSchema } from "../properties/provider-schema";
import { synthesize } from "../support/synth";
import { cluster, desiredState } from "./support";

const orders = (props: Partial<FlinkClusterProps>) =>
  synthesize((stack) => {
    const flink = cluster(stack, { nodeCount: 1, ...props });
    new LogIntegration(stack, "logs", { source: flink, destination: LogDestination.cloudWatch() });
  });

test("machines are members of further groups, beside ours", () => {
  const additionalSecurityGroupIds = ["sg-0123456789abcdef0", "sg-0123456789abcdef1"];
  const synthesized = orders({ additionalSecurityGroupIds });
  const [{ security_groups: groups }] = synthesized.all("aws_network_interface") as [{ security_groups: string[] }];
  expect(groups).toEqual([
    expect.stringMatching(/^\$\{aws_security_group\.flink_Firewall_nodes_\w+\.id\}$/),
    ...additionalSecurityGroupIds,
  ]);
  expect(orders({}).all("aws_network_interface")[0].security_groups).toEqual([groups[0]]);
});

test("the tags of a cluster are on all of it that takes tags, and on the machines' root volumes", () => {
  const synthesized = orders({ tags: { "cost-center": "4711" } });
  const { resources } = storedProviderSchema();
  const ofCluster = Object.entries(synthesized.json.resource as Record<string, Record<string, object>>).flatMap(
    ([type, byName]) => Object.entries(byName).map(([name, each]) => ({ type, name, each })),
  );
  const taggable = ofCluster.filter(({ type, name }) => {
    // The one object in the bucket is no cost of its own, and who writes it need not be allowed to tag it.
    const takesTags = type !== "aws_s3_object" && resources[type]?.attributes?.tags !== undefined;
    return name.startsWith("flink_") && takesTags;
  });
  expect(new Set(taggable.map(({ type }) => type)).size).toBeGreaterThan(8);
  const untagged = taggable.filter(({ each }) => !("cost-center" in ((each as { tags?: object }).tags ?? {})));
  expect(untagged.map(({ type, name }) => `${type}.${name}`)).toEqual([]);
  const [{ root_block_device: root }] = synthesized.all("aws_instance");
  expect(root).toMatchObject({ tags: { "cost-center": "4711", Name: "orders-node-1-root" } });
});

describe("default tags of the provider", () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x"]));
  const stateWith = (defaultTags: AwsProvider["defaultTags"], tags: Record<string, string> = {}) => {
    const synthesized = synthesize((stack) => {
      cluster(stack, { nodeCount: 1 });
      // Said after the cluster.
      (stack.node.findChild("aws") as AwsProvider).defaultTags = defaultTags;
      Aspects.of(stack).add({ visit: (node) => void (node instanceof S3Object && (node.tags = tags)) });
    });
    return synthesized.all("aws_s3_object")[0];
  };
  const none = { default_tags: { tags: {} } };

  test("are the desired state's too while S3 takes so many of an object, and else not", () => {
    expect(stateWith(undefined)).not.toHaveProperty("override_provider");
    expect(stateWith([{ tags: many(10) }])).not.toHaveProperty("override_provider");
    expect(stateWith([{ tags: many(11) }])).toHaveProperty("override_provider", none);
  });

  test("are counted with those that an aspect gives to it, each key once", () => {
    expect(stateWith([{ tags: many(8) }], many(10))).not.toHaveProperty("override_provider");
    expect(stateWith([{ tags: many(8) }], { one: "x", two: "x", three: "x" })).toHaveProperty(
      "override_provider",
      none,
    );
  });

  test("that only Terraform knows are left as they are", () => {
    const tags = Token.asAny("${local.tags}") as unknown as Record<string, string>;
    expect(stateWith([{ tags }])).not.toHaveProperty("override_provider");
    expect(stateWith([{ tags: Token.asStringMap(tags) }])).not.toHaveProperty("override_provider");
    expect(stateWith(Token.asAny("${local.all}") as AwsProvider["defaultTags"])).not.toHaveProperty(
      "override_provider",
    );
  });
});

test("nodes are told of the maintenance window", () => {
  const told = (maintenanceWindow?: MaintenanceWindow): DesiredState["maintenanceWindow"] =>
    desiredState(synthesize((stack) => cluster(stack, { nodeCount: 1, maintenanceWindow }))).maintenanceWindow;
  const times = { start: "22:30", duration: Duration.hours(4) };
  expect(told(MaintenanceWindow.weekly({ day: DayOfWeek.SATURDAY, ...times }))).toEqual({
    ...{ day: "saturday", startMinute: 1350, durationMinutes: 240 },
  });
  expect(told(MaintenanceWindow.daily(times))).toEqual({ startMinute: 1350, durationMinutes: 240 });
  expect(told()).toBeUndefined();
});
