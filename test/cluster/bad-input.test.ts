import { TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkNetwork,
  InstanceType,
  RestartStrategy,
  Size,
  Software,
} from "../../lib";
import { testStack } from "../support/synth";
import { publicInputs } from "./bad-input/public-inputs";
import { TABLE } from "./bad-input/table";
import { attempt, faultOfRefusal } from "./bad-input/test-rows";
import { cluster } from "./support";

test("every input of the public API is in the table, and the table names no other", () => {
  const inTable = new Set(TABLE.map(({ input }) => input));
  const inputs = publicInputs();
  expect(inputs.length).toBeGreaterThan(90);
  expect(inputs.filter((input) => !inTable.has(input))).toEqual([]);
  expect([...inTable].filter((input) => !inputs.includes(input))).toEqual([]);
});

describe("values that contradict each other", () => {
  test.each<[string, string, (stack: TerraformStack) => unknown]>([
    ["nodes for its ZooKeeper", "nodeCount", (stack) => cluster(stack, { nodeCount: 2, zooKeeperNodeCount: 3 })],
    [
      "certificates that end before all nodes had their turns",
      "certificateValidity",
      (stack) => cluster(stack, { nodeCount: 10, certificateValidity: Duration.minutes(79) }),
    ],
    ["slots for its parallelism", "parallelism", (stack) => cluster(stack, { nodeCount: 3, parallelism: 4 })],
    [
      "a name of its own",
      "clusterName",
      (stack) => [cluster(stack, { clusterName: "orders" }, "a"), cluster(stack, { clusterName: "orders" }, "b")],
    ],
    [
      "zones as many as it counts",
      "availabilityZones",
      (stack) => new FlinkNetwork(stack, "n", { availabilityZoneCount: 3, availabilityZones: ["eu-west-1a"] }),
    ],
    [
      "a first wait that is no longer than the longest",
      "initialBackoff",
      () => RestartStrategy.exponentialDelay({ initialBackoff: Duration.minutes(2), maxBackoff: Duration.minutes(1) }),
    ],
    [
      "a name where the construct's place gives none",
      "the default of clusterName",
      (stack) => cluster(stack, { clusterName: undefined }, "x".repeat(40)),
    ],
  ])("%s", (_, named, give) => {
    const outcome = attempt(give);
    expect("error" in outcome && faultOfRefusal(outcome.error, { named })).toBeUndefined();
  });
});

test("constructs of two stacks with the same name of a cluster are refused as well", () => {
  const one = testStack("one");
  cluster(one, {}, "flink");
  const two = testStack("two", one.node.root as never);
  expect(() => cluster(two, {}, "flink")).toThrow(
    /^two\/flink: clusterName is "orders", but must be a name that no other cluster/,
  );
  expect(two.node.tryFindChild("flink")).toBeInstanceOf(FlinkCluster);
});

test.each<[string, (stack: TerraformStack) => unknown, RegExp]>([
  ["a cluster", (stack) => cluster(stack, { nodeCount: 0 }), /^stack\/flink: nodeCount is 0, /],
  ["a network", (stack) => new FlinkNetwork(stack, "n", { cidr: "x" }), /^stack\/n: cidr is "x", /],
  [
    "a bucket, whose inner parts are not named",
    (stack) => new CheckpointBucket(stack, "b", { bucketName: "X" }),
    /^stack\/b: bucketName is "X", /,
  ],
])("a refusal begins with the place of %s", (_, give, message) => {
  expect(() => give(testStack())).toThrow(message);
});

test("a slip in the name of a property is refused with what was meant", () => {
  expect(() => cluster(testStack(), { nodecount: 5 } as never)).toThrow(
    /^stack\/flink: a key of props is "nodecount", but must be one of network, .*, tags: write nodeCount, or leave it out$/,
  );
  expect(() => cluster(testStack(), { somethingElse: 5 } as never)).toThrow(/, tags: leave it out$/);
  expect(() => new FlinkNetwork(testStack(), "n", { cidrBlock: "10.0.0.0/16" } as never)).toThrow(
    /^stack\/n: a key of props is "cidrBlock", but must be one of cidr, /,
  );
  expect(() => new CheckpointBucket(testStack(), "b", { removalPolice: "retain" } as never)).toThrow(
    /: write removalPolicy, or leave it out$/,
  );
  expect(() => RestartStrategy.fixedDelay({ attempt: 3 } as never)).toThrow(
    /^a key of the argument of RestartStrategy\.fixedDelay is "attempt", .*: write attempts, or leave it out$/,
  );
});

test.each<[() => unknown, string]>([
  [() => cluster(testStack(), { checkpointInterval: 60 } as never), "use for example Duration.seconds(60)"],
  [() => cluster(testStack(), { checkpointInterval: "60 s" } as never), "use for example Duration.millis(100)"],
  [() => cluster(testStack(), { checkpointInterval: Duration.hours(2) }), "use for example Duration.hours(1)"],
  [() => cluster(testStack(), { pekkoFrameSize: Size.mebibytes(200) }), "use for example Size.mebibytes(50)"],
  [() => cluster(testStack(), { pekkoFrameSize: 20 } as never), "use for example Size.mebibytes(20)"],
  [() => cluster(testStack(), { dataVolumeSize: 50 } as never), "use for example Size.gibibytes(50)"],
  [() => cluster(testStack(), { instanceType: "m7i.large" } as never), "must be an InstanceType: use for example"],
  [
    () => cluster(testStack(), { nodeCount: 10, certificateValidity: Duration.minutes(79) }),
    "a Duration from 80 min to 397 d, as 10 nodes renew theirs one after the other: use for example Duration.minutes(80)",
  ],
  [
    () => cluster(testStack(), { nodeCount: 1, certificateValidity: Duration.millis(599_000) }),
    "a Duration from 10 min to 397 d: use for example Duration.minutes(10)",
  ],
  [
    () => cluster(testStack(), { certificateValidity: Duration.millis(24 * 60_000 + 500) }),
    "a whole number of seconds: use Duration.seconds(1441)",
  ],
  [() => Software.fetched({ origin: "apache" } as never), 'must be SoftwareOrigin.OFFICIAL ("official") or'],
  [() => InstanceType.fromName("x1.large"), "m8g, r6a,"],
])("a refusal shows the way: %#", (give, remedy) => {
  expect(give).toThrow(remedy);
});
