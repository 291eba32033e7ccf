import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CheckpointBucket, FlinkClusterAlarms, FlinkNetwork, RemovalPolicy } from "../../lib";
import { cluster } from "../cluster/support";
import { changed, RULES, SAMPLE_OF, sampleEvent } from "../observability/alarms/sample-events";
import { run } from "../support/process";
import { Block, Synthesized, synthesize } from "../support/synth";
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

let workspace: Workspace;
let synthesized: Synthesized;

beforeAll(async () => {
  workspace = await Workspace.create();
  synthesized = synthesize((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const checkpointBucket = new CheckpointBucket(stack, "checkpoints", { removalPolicy: RemovalPolicy.DESTROY });
    new FlinkClusterAlarms(stack, "alarms", {
      cluster: cluster(stack, { network, checkpointBucket, nodeCount: 1, terminationProtection: false }),
    });
  });
  writeFileSync(join(workspace.dir, "cdk.tf.json"), JSON.stringify(synthesized.json));
  await workspace.terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

/** Whether moto matches each event by the pattern beside it. */
async function matchesOf(cases: readonly { pattern: Block; event: Block }[]): Promise<boolean[]> {
  const { stdout } = await run([await ensureEmulator(), "-c", MATCH], { input: JSON.stringify(cases) });
  return JSON.parse(stdout) as boolean[];
}

test(
  "alarms, rules and their topic are applied, a second plan of them is empty, their patterns take AWS's samples, and a destroy leaves nothing",
  async () => {
    const { terraform } = workspace;
    await terraform.validate();
    const targets = Object.entries(synthesized.json.resource as Record<string, object>).flatMap(([type, resources]) =>
      Object.keys(resources)
        .filter((id) => OF_ALARMS.test(id))
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

    const state = (await terraform.show()) as {
      values: { root_module: { resources: { type: string; name: string; values: Block }[] } };
    };
    const resources = state.values.root_module.resources;
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

    await terraform.destroy();
    expect(await terraform.stateList()).toEqual([]);
  },
  10 * MINUTES,
);
