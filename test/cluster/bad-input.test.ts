import { inspect } from "node:util";
import { TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkNetwork,
  InstanceType,
  RestartStrategy,
  Software,
} from "../../lib";
import { showValue, ValidationError } from "../../lib/core/validation";
import { HIDDEN, isSecretName } from "../../lib/core/without-secrets";
import { Synthesized, synthesizeStack, testStack } from "../support/synth";
import { publicInputs } from "./bad-input/public-inputs";
import { MADE_IN_STACK } from "./bad-input/made-in-stack";
import { Row } from "./bad-input/row";
import { TABLE } from "./bad-input/table";
import { COMMON } from "./bad-input/values";
import { cluster } from "./support";

// Each token remembers where in the program it was made, which takes most of the time of thousands of small stacks.
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));

const PRIMITIVES = ["string", "number", "boolean", "bigint"];

type NamedInput = Pick<Row, "named" | "isMap">;

/** What was synthesized, or what was thrown. */
type Outcome = { readonly synthesized: Synthesized } | { readonly error: unknown };

function attempt(give: (stack: TerraformStack) => unknown): Outcome {
  const stack = testStack();
  try {
    give(stack);
    return { synthesized: synthesizeStack(stack) };
  } catch (error) {
    return { error };
  }
}

function tryValue(row: Row, value: unknown): Outcome {
  return attempt((stack) => row.give(stack, (MADE_IN_STACK.get(value)?.(stack) ?? value) as never));
}

/** What is wrong with the refusal of a value; undefined if it is as it must be. */
function faultOfRefusal(error: unknown, { named, isMap }: NamedInput, value?: unknown): string | undefined {
  if (!(error instanceof ValidationError)) return `was refused in other words: ${inspect(error)}`;
  const { constructPath } = error;
  const place = constructPath === undefined ? "" : `${constructPath}: `;
  if (!error.message.startsWith(place)) return `does not begin with ${place}: ${error.message}`;
  const message = error.message.slice(place.length);
  const isOfEntry = isMap && !message.startsWith(`${named} is `);
  const entry = isOfEntry && /^a key of (?=\w)|(?<=\w)(\["[^"]+"\]|\.\w+)(?= is )/.exec(message)?.[0];
  const name = entry ? (entry.startsWith("a key") ? `${entry}${named}` : `${named}${entry}`) : named;
  if (!message.startsWith(`${name} is `)) return `was refused without the name ${named}: ${message}`;
  const parts = /^(.+?), but must be (.+): (.+[^.])$/.exec(message.slice(`${name} is `.length));
  if (!parts) return `was refused in another form: ${message}`;
  const shown = typeof value === "string" && isSecretName(named) ? HIDDEN : showValue(value);
  if (PRIMITIVES.includes(typeof value) && parts[1] !== shown) return `is not shown as ${shown} in: ${message}`;
  return undefined;
}

/** What is wrong with what was synthesized of a value. */
function faultOfPlan(row: Row, value: unknown, synthesized: Synthesized): string | undefined {
  const raw = /(?<!\$)\$\{x\}|(?<!%)%\{(x| if)/.exec(synthesized.text);
  if (raw) return `reaches Terraform as its own language: ${synthesized.text.slice(raw.index - 40, raw.index + 20)}`;
  if (!row.reads) return undefined;
  const read = row.reads(synthesized);
  return read === value ? undefined : `is read back as ${inspect(read)}`;
}

function faultOf(row: Row, value: unknown): string | undefined {
  const outcome = tryValue(row, value);
  const isTaken = row.takes.some((each) => Object.is(each, value));
  if ("synthesized" in outcome) {
    return isTaken ? faultOfPlan(row, value, outcome.synthesized) : "was taken and must be refused";
  }
  return isTaken ? `must be taken: ${inspect(outcome.error)}` : faultOfRefusal(outcome.error, row, value);
}

/** Leaving a property out, and `null`, which other languages say for it. */
function faultOfAbsence(row: Row, absent: null | undefined): string | undefined {
  const outcome = tryValue(row, absent);
  if ("error" in outcome) {
    return row.required || absent === null ? faultOfRefusal(outcome.error, row, absent) : inspect(outcome.error);
  }
  if (row.required) return "was taken and must be refused";
  const leftOut = tryValue(row, undefined);
  return "synthesized" in leftOut && leftOut.synthesized.text === outcome.synthesized.text
    ? undefined
    : "differs from leaving it out";
}

test("every input of the public API is in the table, and the table names no other", () => {
  const inTable = new Set(TABLE.map(({ input }) => input));
  const inputs = publicInputs();
  expect(inputs.length).toBeGreaterThan(90);
  expect(inputs.filter((input) => !inTable.has(input))).toEqual([]);
  expect([...inTable].filter((input) => !inputs.includes(input))).toEqual([]);
});

test.each(TABLE.map((row) => [row.about ? `${row.input}, ${row.about}` : row.input, row] as const))("%s", (_, row) => {
  const values = new Set([...row.takes, ...(row.refuses ?? []), ...(row.own ? [] : COMMON)]);
  const faults = [...values].map((value) => [value, faultOf(row, value)] as const);
  if (!row.own) {
    faults.push([undefined, faultOfAbsence(row, undefined)], [null, faultOfAbsence(row, null)]);
  }
  expect(
    faults
      .filter(([, fault]) => fault !== undefined)
      .map(([value, fault]) => `${inspect(value, { depth: 0, maxStringLength: 60 })} ${fault}`),
  ).toEqual([]);
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
