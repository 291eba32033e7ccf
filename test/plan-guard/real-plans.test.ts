import { readFileSync } from "node:fs";
import path from "node:path";
import { judgePlan, type PlanJudgement } from "../../lib/plan-guard/judge-plan";
import { renderPlan } from "../../lib/plan-guard/render-plan";
import { readPlan } from "../../lib/plan-guard/terraform-plan";
import { realPlan, REAL_PLANS, type RealPlanName } from "./real-plans";
import { dangerousIn } from "./shown-plan";

const NODES = ["orders-node-1", "orders-node-2", "orders-node-3"];

function judged(name: RealPlanName): PlanJudgement {
  return judgePlan(readPlan(realPlan(name), name), []);
}

/** What becomes of each node, by its number. */
function fatesIn({ clusters }: PlanJudgement): readonly string[] {
  return clusters.flatMap(({ machines }) => machines.map(({ node, fate }) => `${node} ${fate}`));
}

/** Types of what is dangerous, each as often as it is. */
function dangerousTypes(name: RealPlanName): Record<string, number> {
  const types: Record<string, number> = {};
  for (const address of dangerousIn(judged(name))) {
    const [type] = address.split(".");
    types[type] = (types[type] ?? 0) + 1;
  }
  return types;
}

test("the first deployment makes three nodes and waits for them, and nothing of it is dangerous", () => {
  const judgement = judged("first");
  expect(dangerousIn(judgement)).toEqual([]);
  expect(fatesIn(judgement)).toEqual(NODES.map((node) => `${node} created`));
  expect(judgement.clusters[0].roll).toBeUndefined();
  expect(judgement.clusters[0].isAwaited).toBe(true);
  expect(judgement.doors).toContainEqual(
    expect.objectContaining({ direction: "in", group: "orders-nodes", peer: "orders-clients", ports: "tcp 8081" }),
  );
});

test("other settings touch no machine: the nodes take them over, and jobs restart four times at most", () => {
  const judgement = judged("settings");
  expect(dangerousIn(judgement)).toEqual([]);
  expect(fatesIn(judgement)).toEqual([]);
  const { differences, startedAnew, jobRestarts } = judgement.clusters[0].roll!;
  expect(differences).toEqual(
    expect.arrayContaining([
      { of: "config.yaml", what: "taskmanager.numberOfTaskSlots: 1 -> 4" },
      { of: "log4j-console.properties", what: "rootLogger.level: INFO -> WARN" },
    ]),
  );
  expect(startedAnew).toEqual({ "flink-jobmanager.service": NODES, "flink-taskmanager.service": NODES });
  expect(jobRestarts).toBe(4);
});

test("a newer image of Debian is told to the cluster, and is all that differs", () => {
  const judgement = judged("newer-image");
  expect(judgement).toMatchObject({ isDangerous: false, isNewerImageOnly: true, doors: [], permissions: [] });
  expect(fatesIn(judgement)).toEqual([]);
  expect(judgement.clusters).toMatchObject([{ cluster: "orders", isAwaited: false }]);
  expect(judgement.clusters[0].roll).toBeUndefined();
  expect(renderPlan(judgement, false)).toContain(
    "New machines are made of the image ami-0d13a6400000000d2, no more of ami-0d13a6400000000d1. No machine is touched for that: after the apply `npx cdktf-flink status` names those that are behind.",
  );
});

test("no other plan is of a newer image alone", () => {
  const others = (Object.keys(REAL_PLANS) as RealPlanName[]).filter((name) => name !== "newer-image");
  expect(others.filter((name) => judged(name).isNewerImageOnly)).toEqual([]);
});

test("a larger type is left to the apply, which stops one machine after the other", () => {
  const judgement = judged("larger-machines");
  expect(dangerousIn(judgement)).toEqual([]);
  expect(fatesIn(judgement)).toEqual([]);
  const { machines, jobRestarts } = judgement.clusters[0].resize!;
  expect(machines.map(({ node, types }) => `${node} ${types}`)).toEqual(
    NODES.map((node) => `${node} m7i.large -> m7i.xlarge`),
  );
  expect(jobRestarts).toBe(4);
});

test("larger volumes are left to the apply, which stops nothing for them", () => {
  const judgement = judged("larger-volumes");
  expect(dangerousIn(judgement)).toEqual([]);
  expect(judgement.clusters[0].resize).toMatchObject({
    machines: [],
    jobRestarts: 0,
    volumes: "data volumes grow from 20 to 50 GiB, one node after the other, while they are used",
  });
});

test("one node more is made, and the others learn of it", () => {
  const judgement = judged("one-node-more");
  expect(dangerousIn(judgement)).toEqual([]);
  expect(fatesIn(judgement)).toEqual(["orders-node-4 created"]);
  expect(judgement.clusters[0].roll?.differences).toContainEqual({ of: "nodes", what: "orders-node-4 is new" });
});

test("a peer that may call is a door, and a bucket that jobs may read a permission", () => {
  const judgement = judged("doors");
  expect(dangerousIn(judgement)).toEqual([]);
  expect(judgement.doors).toEqual([
    expect.objectContaining({
      ...{ change: "opens", direction: "in", group: "orders-nodes", peer: "10.20.0.0/24", ports: "tcp 8081" },
      description: "Office",
    }),
  ]);
  expect(judgement.permissions).toContainEqual(
    expect.objectContaining({ of: expect.stringMatching(/^orders-job-/) as unknown, widens: true }),
  );
});

test("a desired state that only the apply tells counts as one with which all of Flink starts anew", () => {
  const { roll } = judged("doors").clusters[0];
  expect(roll).toMatchObject({
    jobRestarts: 4,
    meaning: expect.stringContaining("known after the apply only") as unknown,
  });
  expect(roll).not.toHaveProperty("differences");
});

test("one machine in place of another is no danger, two are", () => {
  expect(dangerousIn(judged("one-machine-replaced"))).toEqual([]);
  expect(fatesIn(judged("one-machine-replaced"))).toEqual(["orders-node-2 replaced"]);
  expect(dangerousTypes("two-machines-replaced")).toEqual({ aws_instance: 2 });
});

test("a data volume and the checkpoint bucket are missed, one by one", () => {
  expect(dangerousTypes("volume-replaced")).toEqual({ aws_ebs_volume: 1 });
  expect(fatesIn(judged("volume-replaced"))).toEqual(["orders-node-2 stopped"]);
  expect(dangerousTypes("bucket-replaced")).toEqual({ aws_s3_bucket: 1, aws_s3_object: 1, terraform_data: 1 });
  expect(judged("bucket-replaced").fixedChanges).toEqual([
    expect.objectContaining({
      what: expect.stringMatching(/^checkpoint_bucket: streaming-.* -> \(known after apply\)$/) as unknown,
    }),
  ]);
});

test("the end of all is the end of every node and of all that holds data", () => {
  expect(dangerousTypes("destroy")).toEqual({
    aws_cloudwatch_log_group: 1,
    aws_ebs_volume: 3,
    aws_instance: 3,
    aws_kms_key: 5,
    aws_s3_bucket: 1,
    aws_s3_object: 1,
  });
});

test.each(Object.keys(REAL_PLANS) as RealPlanName[])("of the plan %s all that is dangerous can be allowed", (name) => {
  const plan = readPlan(realPlan(name), name);
  const allowed = judgePlan(plan, []).dangers.map(({ address }) => address);
  expect(judgePlan(plan, allowed)).toMatchObject({
    isDangerous: false,
    notes: expect.not.arrayContaining(["needed"]) as unknown,
  });
});

test("the page shows what the command says of these plans", () => {
  const page = readFileSync(path.join(__dirname, "../../docs/plan.md"), "utf8");
  const shown = [...page.matchAll(/<!-- of the plan "([a-z-]+)" -->\n\n```text\n([\s\S]*?)\n```/g)];
  expect(shown.map(([, name]) => name)).toEqual(["settings", "larger-machines", "two-machines-replaced"]);
  for (const [, name, text] of shown) expect(text).toBe(renderPlan(judged(name as RealPlanName), false));
});
