import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Duration, FlinkClusterAlarms, FlinkClusterAlarmsProps, Key } from "../../../lib";
import { cluster, KEY_ARN } from "../../cluster/support";
import { Block, statements, Synthesized, synthesize, synthesizeStack, testStack } from "../../support/synth";
import { matches, transformed } from "./event-pattern";
import { changed, RULES, SAMPLE_OF, sampleEvent } from "./sample-events";

const DOCS = join(__dirname, "..", "..", "..", "docs");
const TOPIC_ARN = "arn:aws:sns:eu-west-1:123456789012:on-call";

function alarmsOf(props: Partial<FlinkClusterAlarmsProps> = {}, nodeCount = 3): Synthesized {
  return synthesize((stack) => {
    new FlinkClusterAlarms(stack, "alarms", { cluster: cluster(stack, { nodeCount }), ...props });
  });
}

const byName = (blocks: Block[], property: string): Record<string, Block> =>
  Object.fromEntries(blocks.map((block) => [block[property] as string, block]));

/** Patterns of the rules, with the ids of the samples in place of those of the first machine. */
function patternOf(synthesized: Synthesized, rule: (typeof RULES)[number]): Block {
  const { event_pattern } = byName(synthesized.all("aws_cloudwatch_event_rule"), "name")[`flink-orders-${rule}`];
  return JSON.parse(
    (event_pattern as string)
      .replace(/\$\{aws_instance\.\w*Node1\w*\.id\}/, SAMPLE_OF[rule])
      .replace(/\$\{aws_ebs_volume\.\w*Node1\w*\.arn\}/, SAMPLE_OF[rule]),
  ) as Block;
}

const three = alarmsOf();

test("each node has an alarm for each check, of its own machine and volume, by minutes as documented", () => {
  const alarms = byName(three.all("aws_cloudwatch_metric_alarm"), "alarm_name");
  expect(Object.keys(alarms)).toHaveLength(15);
  const rows = Object.entries(alarms)
    .filter(([name]) => name.startsWith("orders-node-2-"))
    .map(([name, { namespace, metric_name, period, evaluation_periods, datapoints_to_alarm, treat_missing_data }]) => [
      ...[name.slice("orders-node-2-".length), namespace, metric_name, period],
      ...[evaluation_periods, datapoints_to_alarm, treat_missing_data],
    ]);
  expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
    new Set(
      [
        ["system-status-check", "AWS/EC2", "StatusCheckFailed_System", 60, 2, 2, "missing"],
        ["instance-status-check", "AWS/EC2", "StatusCheckFailed_Instance", 60, 5, 5, "missing"],
        ["attached-ebs-status-check", "AWS/EC2", "StatusCheckFailed_AttachedEBS", 60, 10, 10, "missing"],
        ["stalled-volume", "AWS/EBS", "VolumeStalledIOCheck", 60, 10, 10, "missing"],
        ["missing-node", "AWS/EC2", "StatusCheckFailed", 60, 5, 5, "breaching"],
      ].map((row) => JSON.stringify(row)),
    ),
  );
  for (const [name, { dimensions, namespace, alarm_actions, ok_actions }] of Object.entries(alarms)) {
    const node = /-node-(\d)-/.exec(name)![1];
    const { InstanceId, VolumeId } = dimensions as Record<string, string>;
    expect(InstanceId).toMatch(new RegExp(`^\\$\\{aws_instance\\.flink_Node${node}_`));
    if (namespace === "AWS/EBS") expect(VolumeId).toMatch(new RegExp(`^\\$\\{aws_ebs_volume\\.flink_Node${node}_`));
    expect(alarm_actions).toEqual([expect.stringMatching(/^\$\{aws_sns_topic_policy\.\w+\.arn\}$/)]);
    expect(ok_actions).toEqual(alarm_actions);
  }
});

test("the times are those of the program", () => {
  const given = alarmsOf({
    systemStatusCheckAfter: Duration.minutes(1),
    instanceStatusCheckAfter: Duration.minutes(2),
    attachedEbsStatusCheckAfter: Duration.minutes(3),
    stalledVolumeAfter: Duration.minutes(4),
    missingNodeAfter: Duration.minutes(60),
  });
  const alarms = byName(given.all("aws_cloudwatch_metric_alarm"), "alarm_name");
  const names = ["system-status-check", "instance-status-check", "attached-ebs-status-check", "stalled-volume"];
  const minutes = [...names, "missing-node"].map((name) => alarms[`orders-node-1-${name}`].evaluation_periods);
  expect(minutes).toEqual([1, 2, 3, 4, 60]);
  expect(alarms["orders-node-1-system-status-check"].alarm_description).toContain("for 1 minute.");
});

test.each([
  ["instance-state", ["stopping", "stopped", "shutting-down", "terminated"].map((state) => ({ state }))],
  ["instance-health", [{ eventTypeCategory: "issue" }, { eventTypeCategory: "scheduledChange" }]],
  ["data-volume", [{}, { event: "reattachVolume" }, { event: "deleteVolume", result: "deleted", cause: "" }]],
] as const)("the rule %s takes the published event of a machine of the cluster, and of no other", (rule, details) => {
  const pattern = patternOf(three, rule);
  const [event, about] = [sampleEvent(rule), SAMPLE_OF[rule]];
  for (const detail of details) {
    const ours = changed(event, { from: about, to: about, detail });
    expect(matches(pattern, ours)).toBe(true);
    expect(matches(pattern, changed(ours, { from: about, to: `${about}9` }))).toBe(false);
    expect(matches(pattern, { ...ours, source: "aws.other" })).toBe(false);
  }
});

test("an event of several machines is taken where one of them is of the cluster, and not told as one of the first alone", () => {
  const event = { ...sampleEvent("instance-health"), resources: ["i-somebody-elses", SAMPLE_OF["instance-health"]] };
  expect(matches(patternOf(three, "instance-health"), event)).toBe(true);
  const [[, { input_transformer }]] = Object.entries(three.resources("aws_cloudwatch_event_target")).filter(([id]) =>
    id.includes("InstanceHealth"),
  );
  const [transformer] = [input_transformer].flat() as Block[];
  expect(transformed(transformer, event)).toContain("i-somebody-elses, or another of the same event.");
});

test("rules leave alone what is no trouble", () => {
  for (const [rule, detail] of [
    ["instance-state", { state: "pending" }],
    ["instance-state", { state: "running" }],
    ["instance-health", { eventTypeCategory: "accountNotification" }],
    ["instance-health", { service: "EBS" }],
    ["data-volume", { event: "modifyVolume", result: "optimizing" }],
  ] as const) {
    const about = SAMPLE_OF[rule];
    const event = changed(sampleEvent(rule), { from: about, to: about, detail });
    expect([rule, detail, matches(patternOf(three, rule), event)]).toEqual([rule, detail, false]);
  }
});

test("each rule of the samples has one message in words", () => {
  const messages = Object.entries(three.resources("aws_cloudwatch_event_target")).map(([id, { input_transformer }]) => {
    const rule = RULES[["InstanceState", "InstanceHealth", "DataVolume"].findIndex((name) => id.includes(name))];
    const [transformer] = [input_transformer].flat() as Block[];
    return JSON.parse(transformed(transformer, sampleEvent(rule))) as string;
  });
  expect(new Set(messages)).toEqual(
    new Set([
      "The machine i-1234567890abcdef0 of the Flink cluster orders is pending, at 2021-11-11T21:29:54Z. " +
        "Runbook: docs/runbooks/instance-state.md of cdktf-flink",
      "AWS has AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED for a machine of the Flink cluster orders, " +
        "from Fri, 3 Jun 2022 05:01:10 GMT on: i-abcd1111, or another of the same event. " +
        "Runbook: docs/runbooks/instance-health.md of cdktf-flink",
      "attachVolume of arn:aws:ec2:us-east-1:0123456789ab:volume/vol-01234567, a data volume of the Flink cluster orders: " +
        "failed. arn:aws:kms:us-east-1:0123456789ab:key/01234567-0123-0123-0123-0123456789ab is pending deletion. " +
        "Runbook: docs/runbooks/data-volume.md of cdktf-flink",
    ]),
  );
});

test("a pattern is as long as AWS takes, with as many rules as it needs, and each machine is in one", () => {
  const rules = alarmsOf({}, 64).all("aws_cloudwatch_event_rule");
  expect(rules).toHaveLength(15);
  const longest = "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:volume/vol-0123456789abcdef0";
  for (const { event_pattern } of rules) {
    expect((event_pattern as string).replace(/\$\{[^}]+\}/g, longest).length).toBeLessThanOrEqual(2048);
  }
  const ids = JSON.stringify(rules).match(/\$\{aws_instance\.\w+\.id\}/g)!;
  expect([ids.length, new Set(ids).size]).toEqual([2 * 64, 64]);
  for (const { name } of rules) expect((name as string).length).toBeLessThanOrEqual(64);
});

test("every page of docs/runbooks that is not of an alert of metrics is named by a message, and every message names one, by its link where there is one", () => {
  const pageOf = (file: string): string => readFileSync(join(DOCS, "runbooks", file), "utf8");
  const files = readdirSync(join(DOCS, "runbooks"))
    .filter((file) => !pageOf(file).includes("**The threshold.**"))
    .sort();
  const link = "https://wiki.example.com/flink";
  for (const [synthesized, before] of [
    [three, "docs/runbooks"],
    [alarmsOf({ runbookUrl: `${link}/` }), link],
  ] as const) {
    const named = [...synthesized.text.matchAll(/Runbook: (\S+)\/([a-z-]+\.md)/g)];
    expect(new Set(named.map(([, place]) => place))).toEqual(new Set([before]));
    expect([...new Set(named.map(([, , file]) => file))].sort()).toEqual(files);
    expect(named).toHaveLength(15 + 3);
  }
  for (const file of files) {
    expect([file, pageOf(file).trim().split("\n").length <= 25]).toEqual([file, true]);
  }
});

test("the topic takes alarms and rules of this account, by TLS alone, under a key that lets them in", () => {
  const [topic] = three.all("aws_sns_topic");
  expect(topic.name).toBe("flink-orders-alarms");
  expect(topic.kms_master_key_id).toMatch(/^\$\{aws_kms_key\.alarms_Topic_Key_\w+\.arn\}$/);
  const [{ policy }] = three.all("aws_sns_topic_policy");
  const { CloudWatchAlarms, EventBridgeRules, DenyInsecureTransport, ...others } = statements(policy);
  expect(others).toEqual({});
  expect(CloudWatchAlarms).toMatchObject({
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Condition: {
      ArnLike: { "aws:SourceArn": expect.stringMatching(/:cloudwatch:\S+account_id\}:alarm:\*$/) as string },
    },
  });
  expect(EventBridgeRules).toMatchObject({
    Principal: { Service: "events.amazonaws.com" },
    Action: "sns:Publish",
  });
  // And nothing that has to be there: EventBridge may tell SNS nothing of the rule.
  expect(EventBridgeRules.Condition).toEqual({
    ArnLikeIfExists: { "aws:SourceArn": expect.stringMatching(/:events:\S+account_id\}:rule\/\*$/) as string },
  });
  expect(DenyInsecureTransport).toMatchObject({ Effect: "Deny", Principal: "*" });
});

test("the statements for a key of the user are those of our own key", () => {
  const page = readFileSync(join(DOCS, "alarms.md"), "utf8");
  const documented = JSON.parse(/```json\n([^`]+)```/.exec(page)![1]) as Block[];
  const key = Object.entries(three.resources("aws_kms_key")).find(([id]) => id.startsWith("alarms_"))![1];
  const { AccountAdministration, ...ours } = statements(key.policy);
  expect(AccountAdministration).toBeDefined();
  const text = JSON.stringify(Object.values(ours))
    .replaceAll(/\$\{data\.aws_partition\.\w+\.partition\}/g, "aws")
    .replaceAll(/\$\{data\.aws_region\.\w+\.id\}/g, "eu-west-1")
    .replaceAll(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, "123456789012");
  expect(documented).toEqual(JSON.parse(text));
});

test("a topic or a key of the user is taken as it is", () => {
  const toTopic = alarmsOf({ topicArn: TOPIC_ARN });
  expect(toTopic.all("aws_sns_topic")).toEqual([]);
  expect(toTopic.all("aws_sns_topic_policy")).toEqual([]);
  expect(toTopic.all("aws_cloudwatch_metric_alarm")[0].alarm_actions).toEqual([TOPIC_ARN]);
  const underKey = synthesize((stack) => {
    const encryptionKey = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
    new FlinkClusterAlarms(stack, "alarms", { cluster: cluster(stack), encryptionKey });
  });
  expect(underKey.all("aws_sns_topic")[0].kms_master_key_id).toBe(KEY_ARN);
  expect(Object.keys(underKey.resources("aws_kms_key")).filter((id) => id.startsWith("alarms_"))).toEqual([]);
});

test("they may be in a stack of their own", () => {
  const app = Testing.app();
  const flink = cluster(testStack("streaming", app));
  const stack = testStack("alarms", app);
  new FlinkClusterAlarms(stack, "alarms", { cluster: flink });
  // What one stack wants of another is found out before either is written.
  stack.prepareStack();
  const [{ dimensions }] = synthesizeStack(stack).all("aws_cloudwatch_metric_alarm");
  expect(dimensions).toEqual({ InstanceId: expect.stringContaining("terraform_remote_state.") as string });
});

describe("refused", () => {
  const refusal = (make: (stack: TerraformStack) => unknown): string => {
    try {
      make(testStack());
    } catch (error) {
      return (error as Error).message;
    }
    return "it was taken";
  };

  test("second alarms of one cluster", () => {
    const said = refusal((stack) => {
      const flink = cluster(stack);
      new FlinkClusterAlarms(stack, "one", { cluster: flink });
      new FlinkClusterAlarms(stack, "two", { cluster: flink });
    });
    expect(said).toBe(
      'stack/two: cluster is "the construct stack/flink", but must be a cluster that has no alarms yet, and stack/one has them: ' +
        "leave out one of stack/one and stack/two",
    );
  });

  test("a cluster of another region", () => {
    const app = Testing.app();
    const elsewhere = new TerraformStack(app, "elsewhere");
    new AwsProvider(elsewhere, "aws", { region: "us-east-1" });
    const flink = cluster(testStack("streaming", app));
    expect(refusal(() => new FlinkClusterAlarms(elsewhere, "alarms", { cluster: flink }))).toContain(
      "must be of the same account and region",
    );
  });

  test("a key beside an existing topic", () => {
    const said = refusal((stack) => {
      const encryptionKey = Key.fromKeyAttributes(stack, "key", { keyArn: KEY_ARN });
      new FlinkClusterAlarms(stack, "alarms", { cluster: cluster(stack), topicArn: TOPIC_ARN, encryptionKey });
    });
    expect(said).toContain("encryptionKey is ");
    expect(said).toContain("left out beside topicArn");
  });
});
