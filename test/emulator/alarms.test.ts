import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreateImageCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { CheckpointBucket, FlinkClusterAlarms, type FlinkClusterProps, FlinkNetwork, RemovalPolicy } from "../../lib";
import { desiredStateKey, reportKey } from "../../lib/core/bucket-layout";
import { runCommand } from "../bin/run-command";
import { cluster } from "../cluster/support";
import { changed, RULES, SAMPLE_OF, sampleEvent } from "../observability/alarms/sample-events";
import { run } from "../support/process";
import { Block, Synthesized, synthesize } from "../support/synth";
import { ADMINISTRATOR, EmulatorClients, REGION } from "./clients";
import { ensureEmulator } from "./python";
import { Workspace } from "./workspace";

const MINUTES = 60_000;
/** Of the cluster comes what they need of it: its rest wants software that is there, and is made in the lab. */
const OF_ALARMS = /^alarms_/;
/** moto's own matcher, as it decides what its rules pass on. */
const MATCH = `
import json, sys
from moto.events.models import EventPattern
cases = json.load(sys.stdin)
print(json.dumps([EventPattern(None, case["pattern"]).matches_event(case["event"]) for case in cases]))
`;

const NODE = "orders-node-1";

let workspace: Workspace;
let synthesized: Synthesized;
let aws: EmulatorClients;
/** What is applied. */
let targets: readonly string[];

function write(props: Partial<FlinkClusterProps> = {}): void {
  synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const checkpointBucket = new CheckpointBucket(stack, "checkpoints", { removalPolicy: RemovalPolicy.DESTROY });
    new FlinkClusterAlarms(stack, "alarms", {
      cluster: cluster(stack, { network, checkpointBucket, nodeCount: 1, ...props }),
    });
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
}

beforeAll(async () => {
  workspace = await Workspace.create();
  aws = new EmulatorClients(REGION, workspace.socketPath);
  write();
  await workspace.terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  aws?.destroy();
  await workspace?.remove();
});

/** Whether moto matches each event by the pattern beside it. */
async function matchesOf(cases: readonly { pattern: Block; event: Block }[]): Promise<boolean[]> {
  const { stdout } = await run([await ensureEmulator(), "-c", MATCH], { input: JSON.stringify(cases) });
  return JSON.parse(stdout) as boolean[];
}

test(
  "alarms, rules and their topic are applied, a second plan of them is empty, and their patterns take AWS's samples",
  async () => {
    const { terraform } = workspace;
    await terraform.validate();
    targets = Object.entries(synthesized.json.resource as Record<string, object>).flatMap(([type, resources]) =>
      Object.keys(resources)
        .filter((id) => OF_ALARMS.test(id) || type === "aws_volume_attachment")
        .map((id) => `-target=${type}.${id}`),
    );
    const count = (type: string) => targets.filter((target) => target.startsWith(`-target=${type}.`)).length;
    expect(
      ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_sns_topic"].map(
        count,
      ),
    ).toEqual([5, 3, 3, 1]);
    await terraform.apply({ arguments: targets });
    const made = await terraform.stateList();
    for (const target of targets) expect(made).toContain(target.replace("-target=", ""));
    expect(await terraform.planActions(...targets)).toEqual({});

    const resources = await applied();
    const valuesOf = (type: string) => resources.filter((each) => each.type === type).map(({ values }) => values);
    const [{ id: instanceId }] = valuesOf("aws_instance");
    const [{ arn: volumeArn }] = valuesOf("aws_ebs_volume");
    const cases = RULES.flatMap((rule) => {
      const applied = valuesOf("aws_cloudwatch_event_rule").find(({ name }) => name === `flink-orders-${rule}`)!;
      const pattern = JSON.parse(applied.event_pattern as string) as Block;
      const detail = rule === "instance-state" ? { state: "terminated" } : {};
      const ours = (rule === "data-volume" ? volumeArn : instanceId) as string;
      const sample = changed(sampleEvent(rule), { from: SAMPLE_OF[rule], to: ours, detail });
      return [
        { pattern, event: sample, matches: true },
        {
          pattern,
          event: changed(sampleEvent(rule), { from: SAMPLE_OF[rule], to: SAMPLE_OF[rule], detail }),
          matches: false,
        },
      ];
    });
    expect(await matchesOf(cases)).toEqual(cases.map(({ matches }) => matches));
  },
  8 * MINUTES,
);

/** What Terraform's state has. */
async function applied(): Promise<readonly { readonly type: string; readonly values: Block }[]> {
  const state = (await workspace.terraform.show()) as {
    values: { root_module: { resources: { type: string; values: Block }[] } };
  };
  return state.values.root_module.resources;
}

/** The node's machine that runs. */
async function machine(): Promise<Instance | undefined> {
  const Filters = [
    { Name: "tag:Name", Values: [NODE] },
    { Name: "instance-state-name", Values: ["running"] },
  ];
  const { Reservations = [] } = await aws.ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances)[0];
}

async function isProtected(): Promise<boolean | undefined> {
  const question = { InstanceId: (await machine())!.InstanceId, Attribute: "disableApiTermination" } as const;
  return (await aws.ec2.send(new DescribeInstanceAttributeCommand(question))).DisableApiTermination?.Value;
}

/** Reports as the node would, from whatever machine it has, until it is told that that is enough. */
async function reportAs(bucket: string, enough: AbortSignal): Promise<void> {
  const put = (Key: string, Body: string) => aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const desired = JSON.stringify({ nodes: [{ name: NODE }] });
  const sha256 = createHash("sha256").update(desired).digest("hex");
  await put(desiredStateKey("orders"), desired);
  let reported: string | undefined;
  while (!enough.aborted) {
    const { InstanceId: bootId, ImageId: imageId } = (await machine()) ?? {};
    const report = {
      schemaVersion: 1,
      status: "healthy",
      bootId,
      imageId,
      running: { versionId: "v", sha256, since: "" },
    };
    if (bootId !== undefined && bootId !== reported) await put(reportKey("orders", NODE), JSON.stringify(report));
    reported = bootId;
    await delay(500);
  }
}

test(
  "another image touches no machine; the command then makes it anew, and all that is made of it follows",
  async () => {
    const { terraform } = workspace;
    const before = (await machine())!;
    expect(await isProtected()).toBe(true);
    const { ImageId: imageId } = await aws.ec2.send(
      new CreateImageCommand({ InstanceId: before.InstanceId, Name: "of-our-own" }),
    );
    write({ imageId });
    expect(await terraform.planActions(...targets)).toEqual({});

    const { bucket } = (await applied()).find(({ type }) => type === "aws_s3_bucket")!.values;
    const enough = new AbortController();
    const reports = reportAs(bucket as string, enough.signal);
    const { code, stdout, stderr } = await runCommand(
      ["replace", NODE, "--yes", "--dir", workspace.dir, "--bucket", bucket as string, "--region", REGION],
      {
        TF_CLI_CONFIG_FILE: join(workspace.dir, "terraform-cli.tfrc"),
        AWS_ENDPOINT_URL: workspace.endpoint,
        AWS_ACCESS_KEY_ID: ADMINISTRATOR.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ADMINISTRATOR.secretAccessKey,
      },
    ).finally(() => enough.abort());
    await reports;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("replaced, and all nodes are well") as string,
    });
    expect(stdout).toMatch(/Replaced: orders-node-1\. All nodes are healthy\.\n$/);

    const after = (await machine())!;
    expect(after.InstanceId).not.toBe(before.InstanceId);
    expect(after.ImageId).toBe(imageId);
    expect(after.PrivateIpAddress).toBe(before.PrivateIpAddress);
    expect(await isProtected()).toBe(true);
    expect(await terraform.planActions(...targets)).toEqual({});
  },
  10 * MINUTES,
);

test(
  "a destroy leaves nothing",
  async () => {
    const { terraform } = workspace;
    write({ terminationProtection: false });
    await terraform.destroy();
    expect(await terraform.stateList()).toEqual([]);
  },
  4 * MINUTES,
);
