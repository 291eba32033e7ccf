import { Duration, Rollout } from "../../lib";
import { synthesize, Synthesized } from "../support/synth";
import type { Block } from "../support/synthesized";
import { cluster } from "./support";

function withRollout(rollout?: Rollout, nodeCount = 3): Synthesized {
  return synthesize((stack) => cluster(stack, { rollout, nodeCount, zooKeeperNodeCount: 1 }));
}

function waitOf(synthesized: Synthesized): Block {
  return synthesized.named("terraform_data", "flink_Rollout");
}

function timeoutOf(rollout?: Rollout, nodeCount?: number): string {
  const [provisioner] = waitOf(withRollout(rollout, nodeCount)).provisioner as readonly Block[];
  const { command, environment } = provisioner["local-exec"] as {
    command: string;
    environment: Record<string, string>;
  };
  expect(command).toMatch(/^node "\$CLI" await-rollout .* --timeout "\$TIMEOUT"$/);
  return environment.TIMEOUT;
}

test("an apply waits for the nodes with each desired state anew, and when all that is the cluster's is there", () => {
  const synthesized = withRollout();
  const wait = waitOf(synthesized);
  const [state] = Object.keys(synthesized.resources("aws_s3_object"));
  expect(wait.triggers_replace).toEqual({
    cluster: "orders",
    desired_state: `\${sha256(aws_s3_object.${state}.content)}`,
  });
  const others = Object.entries(synthesized.json.resource as Record<string, Block>)
    .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
    .filter((address) => address.includes(".flink_") && !address.includes("flink_Rollout"));
  expect([...(wait.depends_on as readonly string[])].sort()).toEqual(others.sort());
  expect(others.length).toBeGreaterThan(20);
});

test("it waits for as long as so many nodes may take, or as it is told", () => {
  expect([timeoutOf(), timeoutOf(Rollout.wait()), timeoutOf(undefined, 1)]).toEqual(["2400s", "2400s", "1200s"]);
  expect(timeoutOf(Rollout.wait({ timeout: Duration.minutes(90) }))).toBe("5400s");
});

test("detached, an apply waits for nobody", () => {
  const waits = ({ json }: Synthesized): boolean => JSON.stringify(json).includes("await-rollout");
  expect([waits(withRollout()), waits(withRollout(Rollout.detached()))]).toEqual([true, false]);
});
