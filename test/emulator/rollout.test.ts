import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { desiredStateKey, reportKey, rollLockKey } from "../../lib/core/bucket-layout";
import { PlayedAws } from "../bin/played-aws";
import { cluster } from "../cluster/support";
import { waitFor } from "../lab/wait-for";
import { Block, synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";

const NODE = "orders-node-1";
const PROGRAM = resolve(__dirname, "..", "..", "build", "bin", "cdktf-flink.js");
const MINUTE = 60_000;
const SINCE = "2026-03-01T10:00:00Z";

let dir: string;
let aws: PlayedAws;
let terraform: Terraform;

/** What is synthesized to wait, as it is, after a stand-in for the desired state and in place of all else that it waits for. */
function synthesized(): Block {
  const wait = synthesize((stack) => cluster(stack, { nodeCount: 1 })).named("terraform_data", "flink_Rollout");
  const [provisioner] = wait.provisioner as [{ readonly "local-exec": Block & { readonly environment: Block } }];
  const command = provisioner["local-exec"];
  const environment = { ...command.environment, CLI: PROGRAM, BUCKET: "some-bucket", REGION: "eu-west-1" };
  const triggers = JSON.stringify(wait.triggers_replace).replace(
    /aws_s3_object\.\w+\.content/,
    "terraform_data.state.input",
  );
  return {
    triggers_replace: JSON.parse(triggers) as Block,
    depends_on: ["terraform_data.state"],
    provisioner: [{ "local-exec": { ...command, environment } }],
  };
}

/** What the node is told from the next apply on; its SHA-256. */
function tell(setting: string): string {
  const content = JSON.stringify({ nodes: [{ name: NODE }], setting });
  const resource = { terraform_data: { state: { input: content }, rollout: synthesized() } };
  writeFileSync(join(dir, "cdk.tf.json"), JSON.stringify({ resource }));
  aws.objects.set(desiredStateKey("orders"), content);
  return createHash("sha256").update(content).digest("hex");
}

function report(sha256: string): void {
  const running = { versionId: "v", sha256, since: SINCE };
  aws.objects.set(reportKey("orders", NODE), JSON.stringify({ schemaVersion: 1, status: "healthy", running }));
}

/** What a node leaves where it has gone back from a state. */
function stop(sha256: string): void {
  const change = { kind: "desired-state", sha256, reason: "a new desired state" };
  const lock = { schemaVersion: 1, owner: NODE, phase: "failed", since: SINCE, change, reason: "a unit ended 5 times" };
  aws.objects.set(rollLockKey("orders"), JSON.stringify(lock));
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "rollout-"));
  aws = await PlayedAws.start();
  terraform = new Terraform(dir, { env: { ...aws.environment } });
});

afterAll(async () => {
  await aws?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test(
  "an apply ends when the node runs what it was told, fails with the roll, waits again, and goes back",
  async () => {
    const first = tell("first");
    await terraform.init();
    // The cluster is made: nobody has reported yet.
    let isOver = false;
    const making = terraform.apply().finally(() => (isOver = true));
    const looks = (): number => aws.asked.filter((asked) => asked.includes(reportKey("orders", NODE))).length;
    await waitFor(() => isOver || looks() > 1, { timeout: 2 * MINUTE, what: "the apply to look for a report twice" });
    expect(isOver).toBe(false);
    report(first);
    await making;
    expect(await terraform.planActions()).toEqual({});

    const second = tell("second");
    stop(second);
    const refused = async (): Promise<string> => {
      const failure = await terraform.apply().then(() => "nothing failed", String);
      // Terraform breaks lines where it likes.
      return failure.replace(/\s+/g, " ");
    };
    const stopped = `cdktf-flink: the rolling change to a new desired state (${second.slice(0, 12)}) stopped at ${NODE} since ${SINCE}: a unit ended 5 times`;
    expect(await refused()).toContain(stopped);
    // Nothing is new, and it is no less open: the next apply says so, and waits again.
    expect(await terraform.planActions()).toEqual({ "terraform_data.rollout": "replace" });
    expect(await refused()).toContain(stopped);

    tell("first");
    aws.objects.set(
      rollLockKey("orders"),
      JSON.stringify({ schemaVersion: 1, owner: null, generation: 2, since: SINCE }),
    );
    await terraform.apply();
    expect(await terraform.planActions()).toEqual({});
  },
  5 * MINUTE,
);
