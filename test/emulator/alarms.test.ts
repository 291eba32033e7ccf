import { CreateImageCommand } from "@aws-sdk/client-ec2";
import { changed, RULES, SAMPLE_OF, sampleEvent } from "../observability/alarms/sample-events";
import { run } from "../support/process";
import type { Block, Synthesized } from "../support/synth";
import { applied, isProtected, machineOf, targetsOf, writeAlarmedCluster } from "./alarmed-cluster";
import { EmulatorClients, REGION } from "./clients";
import { ensureEmulator } from "./python";
import { Workspace } from "./workspace";

const MINUTES = 60_000;
/** moto's own matcher, as it decides what its rules pass on. */
const MATCH = `
import json, sys
from moto.events.models import EventPattern
cases = json.load(sys.stdin)
print(json.dumps([EventPattern(None, case["pattern"]).matches_event(case["event"]) for case in cases]))
`;

let workspace: Workspace;
let synthesized: Synthesized;
let aws: EmulatorClients;
/** What is applied. */
let targets: readonly string[];

beforeAll(async () => {
  workspace = await Workspace.create();
  aws = new EmulatorClients(REGION, workspace.socketPath);
  synthesized = writeAlarmedCluster(workspace);
  targets = targetsOf(synthesized);
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

    const resources = await applied(terraform);
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

test(
  "another image touches no machine",
  async () => {
    const { InstanceId } = (await machineOf(aws))!;
    expect(await isProtected(aws)).toBe(true);
    const { ImageId: imageId } = await aws.ec2.send(new CreateImageCommand({ InstanceId, Name: "of-our-own" }));
    writeAlarmedCluster(workspace, { imageId });
    expect(await workspace.terraform.planActions(...targets)).toEqual({});
  },
  4 * MINUTES,
);

test(
  "a destroy leaves nothing",
  async () => {
    const { terraform } = workspace;
    writeAlarmedCluster(workspace, { terminationProtection: false });
    await terraform.destroy();
    expect(await terraform.stateList()).toEqual([]);
  },
  4 * MINUTES,
);
