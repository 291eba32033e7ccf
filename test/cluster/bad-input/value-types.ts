import { TerraformStack } from "cdktf";
import {
  Architecture,
  DailyWindowOptions,
  DayOfWeek,
  Duration,
  FlinkVersion,
  InstanceType,
  InstanceTypeAttributes,
  Key,
  MaintenanceWindow,
  Peer,
  RestartStrategy,
  RoleRules,
  RoleRulesOptions,
  Rollout,
  RolloutWaitOptions,
  Size,
  Software,
  SoftwareOrigin,
  WeeklyWindowOptions,
} from "../../../lib";
import { KEY_ARN, LOCK_FILE } from "../support";
import { PRIVATE_BLOCKS } from "./networks";
import { cluster, duration, enumeration, Given, isEmptyOptions, props, Row, whole } from "./row";
import { KEY_ARNS } from "./shared-values";
import { BARE, COMMON, EMPTY, HOSTILE_TEXTS, TOKENS } from "./values";

const INSTANCE_TYPE: InstanceTypeAttributes = {
  name: "x9q.large",
  vCpus: 2,
  memory: Size.gibibytes(8),
  architecture: Architecture.AMD64,
};

const instanceType = (name: keyof InstanceTypeAttributes, row: Given): Row => ({
  input: `InstanceTypeAttributes.${name}`,
  named: `InstanceType.${name}`,
  give: (_, value) => InstanceType.of({ ...INSTANCE_TYPE, [name]: value }),
  ...row,
  required: true,
});

const software = (name: "lockFile" | "origin", row: Given): Row => ({
  input: `SoftwareOptions.${name}`,
  named: name,
  give: (stack, value) => cluster(stack, { software: Software.fetched({ lockFile: LOCK_FILE, [name]: value }) }),
  ...row,
});

const WEEKLY: WeeklyWindowOptions = { day: DayOfWeek.SUNDAY, start: "02:00", duration: Duration.hours(3) };
const DAILY: DailyWindowOptions = { start: WEEKLY.start, duration: WEEKLY.duration };
const weekly = props<WeeklyWindowOptions>("WeeklyWindowOptions", (_, given) =>
  MaintenanceWindow.weekly({ ...WEEKLY, ...given }),
);
const daily = props<DailyWindowOptions>("DailyWindowOptions", (_, given) =>
  MaintenanceWindow.daily({ ...DAILY, ...given }),
);
const WINDOW_START: Given = {
  takes: ["00:00", "02:30", "23:59"],
  refuses: ["24:00", "2:00", "02:60", "02:00Z", "02:00\n", "sun:02:00", 120],
  required: true,
};
const WINDOW_DURATION: Given = {
  takes: [Duration.minutes(30), Duration.hours(24)],
  refuses: [Duration.seconds(1799), Duration.seconds(1801), Duration.seconds(86_401), "3 h", 180],
  required: true,
};

const WINDOWS: Row[] = [
  {
    input: "MaintenanceWindow.weekly(options)",
    named: "the argument of MaintenanceWindow.weekly",
    give: (_, value) => MaintenanceWindow.weekly(value),
    ...{ isMap: true, takes: [WEEKLY], required: true, own: true },
    refuses: [...COMMON.filter((value) => !isEmptyOptions(value)), { ...WEEKLY, end: "05:00" }],
  },
  {
    input: "MaintenanceWindow.daily(options)",
    named: "the argument of MaintenanceWindow.daily",
    give: (_, value) => MaintenanceWindow.daily(value),
    ...{ isMap: true, takes: [DAILY], required: true, own: true },
    refuses: [...COMMON.filter((value) => !isEmptyOptions(value)), WEEKLY],
  },
  weekly("day", { ...enumeration(DayOfWeek), required: true }),
  ...[weekly, daily].flatMap((window) => [window("start", WINDOW_START), window("duration", WINDOW_DURATION)]),
];

const rolloutWait = props<RolloutWaitOptions>("RolloutWaitOptions", (_, given) => Rollout.wait(given));

const roleRules = props<RoleRulesOptions>("RoleRulesOptions", (stack, given) => RoleRules.of(stack).apply(given));
const BOUNDARY_ARN = "arn:aws:iam::123456789012:policy/teams/flink-boundary";

const amount = (of: string, unit: string, takes: number[], make: (amount: number) => unknown): Row => ({
  input: `${of}.${unit}(amount)`,
  named: `${of}.${unit}`,
  give: (_, value) => make(value),
  takes: [0, ...takes],
  refuses: [1e-6, Number.MAX_VALUE, "10"],
  required: true,
});

const options = (struct: string, strategy: string, give: (value: never) => unknown) =>
  [
    props<Record<string, unknown>>(struct, (_, given) => give(given as never)),
    {
      input: `RestartStrategy.${strategy}(options)`,
      named: `the argument of RestartStrategy.${strategy}`,
      give: (_: TerraformStack, value: never) => give(value),
      isMap: true,
      takes: [EMPTY, BARE, ...COMMON.filter(isEmptyOptions)],
    },
  ] as const;

const [failureRate, failureRateOptions] = options("FailureRateOptions", "failureRate", (given) =>
  RestartStrategy.failureRate(given),
);
const [fixedDelay, fixedDelayOptions] = options("FixedDelayOptions", "fixedDelay", (given) =>
  RestartStrategy.fixedDelay(given),
);
const [exponentialDelay, exponentialDelayOptions] = options("ExponentialDelayOptions", "exponentialDelay", (given) =>
  RestartStrategy.exponentialDelay(given),
);
const MAX_INT = 2_147_483_647;

export const VALUES: Row[] = [
  {
    input: "KeyAttributes.keyArn",
    named: "keyArn",
    give: (stack, keyArn) => Key.fromKeyAttributes(stack, "k", { keyArn }),
    takes: KEY_ARNS.takes,
    // testStack() stands in eu-west-1.
    refuses: [...KEY_ARNS.refuses, KEY_ARN.replace("eu-west-1", "eu-west-2")],
    required: true,
  },
  {
    input: "Peer.cidr(cidr)",
    named: "Peer.cidr",
    give: (_, value) => Peer.cidr(value),
    takes: ["10.0.0.0/8", "192.168.1.7/32"],
    refuses: PRIVATE_BLOCKS,
    required: true,
  },
  {
    input: "Peer.prefixList(prefixListId)",
    named: "Peer.prefixList",
    give: (_, value) => Peer.prefixList(value),
    takes: ["pl-01234567", "pl-0123456789abcdef0", TOKENS.text],
    refuses: ["pl-", "sg-01234567", "com.amazonaws.eu-west-1.s3", "pl-0123456789abcdef0\n"],
    required: true,
  },
  {
    input: "Peer.securityGroup(securityGroupId)",
    named: "Peer.securityGroup",
    give: (_, value) => Peer.securityGroup(value),
    takes: ["sg-01234567", TOKENS.text],
    refuses: ["sg-", "default"],
    required: true,
  },
  {
    input: "FlinkVersion.of(version)",
    named: "FlinkVersion.of",
    give: (_, value) => FlinkVersion.of(value),
    takes: ["1.20", "2.3.0", "9.9"],
    refuses: ["1.19", "2", "2.x", "2.2\n", 2.2],
    required: true,
  },
  {
    input: "InstanceType.fromName(name)",
    named: "InstanceType.fromName",
    give: (_, value) => InstanceType.fromName(value),
    takes: ["m7i.large"],
    refuses: ["m7i.larg", "M7I.LARGE", "m7i.large\n"],
    required: true,
  },
  {
    input: "InstanceType.of(attributes)",
    named: "the argument of InstanceType.of",
    give: (_, value) => InstanceType.of(value),
    takes: [INSTANCE_TYPE],
    isMap: true,
    required: true,
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  instanceType("name", { takes: ["m7i.large"], refuses: ["m7i", "m7i.large\n", "M7i.large"] }),
  instanceType("vCpus", whole(1, 1024)),
  instanceType("memory", {
    takes: [Size.gibibytes(4), Size.gibibytes(32 * 1024)],
    refuses: [Size.mebibytes(4095), Size.gibibytes(32 * 1024 + 1), 8],
  }),
  instanceType("architecture", enumeration(Architecture)),
  ...WINDOWS,
  {
    input: "Rollout.wait(options)",
    named: "the argument of Rollout.wait",
    give: (_, value) => Rollout.wait(value),
    isMap: true,
    takes: [EMPTY, BARE, ...COMMON.filter(isEmptyOptions)],
    refuses: [{ minutes: 30 }],
  },
  rolloutWait("timeout", duration(Duration.minutes(1), Duration.hours(24))),
  {
    input: "RoleRules.apply(options)",
    named: "the argument of RoleRules.apply",
    give: (stack, value) => RoleRules.of(stack).apply(value),
    ...{ isMap: true, required: true },
    takes: [EMPTY, BARE, { path: "/flink/" }, ...COMMON.filter(isEmptyOptions)],
    refuses: [{ boundary: BOUNDARY_ARN }],
  },
  roleRules("permissionsBoundaryArn", {
    takes: [BOUNDARY_ARN, "arn:aws-cn:iam::aws:policy/PowerUserAccess", TOKENS.text],
    refuses: [
      "flink-boundary",
      "arn:aws:iam::123456789012:role/flink",
      "arn:aws:iam::123456789012:policy/",
      `${BOUNDARY_ARN}\n`,
      `${BOUNDARY_ARN}*`,
    ],
  }),
  roleRules("path", {
    takes: ["/", "/flink/", "/teams/orders+1/"],
    refuses: ["", "flink", "/flink", "flink/", "//", "/a b/", "/flink/*/", "/flink/\n", `/${"a".repeat(511)}/`],
  }),
  failureRateOptions,
  failureRate("maxFailuresPerInterval", whole(1, 128)),
  failureRate("failureRateInterval", duration(Duration.minutes(1), Duration.days(2))),
  failureRate("delay", duration(Duration.seconds(1), Duration.hours(1))),
  fixedDelayOptions,
  fixedDelay("attempts", whole(1, MAX_INT)),
  fixedDelay("delay", duration(Duration.seconds(1), Duration.hours(1))),
  exponentialDelayOptions,
  exponentialDelay("initialBackoff", duration(Duration.millis(100), Duration.hours(1)), {
    maxBackoff: Duration.days(1),
  }),
  exponentialDelay("maxBackoff", duration(Duration.seconds(1), Duration.days(1))),
  exponentialDelay("backoffMultiplier", { takes: [1.01, 1.5, 100], refuses: [1, 1.009, 100.1, "2"] }),
  exponentialDelay("resetBackoffThreshold", duration(Duration.seconds(1), Duration.days(30))),
  exponentialDelay("jitterFactor", { takes: [0, 0.5, 1], refuses: [-0.1, 1.1, "0.1"] }),
  exponentialDelay("attemptsBeforeResetBackoff", whole(1, MAX_INT)),
  amount("Duration", "millis", [1, 864_000_000_000], (given) => Duration.millis(given)),
  amount("Duration", "seconds", [1.5, 0.001], (given) => Duration.seconds(given)),
  amount("Duration", "minutes", [1.5], (given) => Duration.minutes(given)),
  amount("Duration", "hours", [1.5], (given) => Duration.hours(given)),
  amount("Duration", "days", [1.5, 10_000], (given) => Duration.days(given)),
  amount("Size", "bytes", [1, 64 * 1024 ** 4], (given) => Size.bytes(given)),
  amount("Size", "kibibytes", [1.5, 64 * 1024 ** 3], (given) => Size.kibibytes(given)),
  amount("Size", "mebibytes", [1.5], (given) => Size.mebibytes(given)),
  amount("Size", "gibibytes", [1.5], (given) => Size.gibibytes(given)),
  ...(["fetched", "published"] as const).map((factory): Row => ({
    input: `Software.${factory}(options)`,
    named: `the argument of Software.${factory}`,
    give: (_, value) => Software[factory](value),
    isMap: true,
    takes: COMMON.filter(isEmptyOptions),
  })),
  software("lockFile", {
    takes: [LOCK_FILE, ...HOSTILE_TEXTS.filter((text) => !/[\p{Cc}\u2028]/u.test(text))],
    refuses: ["x".repeat(1025), "\u2029"],
  }),
  software("origin", { ...enumeration(SoftwareOrigin) }),
];
