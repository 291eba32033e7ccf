import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateImageCommand } from "@aws-sdk/client-ec2";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { desiredStateKey, reportKey } from "../../lib/core/bucket-layout";
import { runCommand } from "../bin/run-command";
import { applied, isProtected, machineOf, NODE, targetsOf, writeAlarmedCluster } from "./alarmed-cluster";
import { ADMINISTRATOR, EmulatorClients, REGION } from "./clients";
import { Workspace } from "./workspace";

const MINUTES = 60_000;

let workspace: Workspace;
let aws: EmulatorClients;
/** What is applied. */
let targets: readonly string[];

beforeAll(async () => {
  workspace = await Workspace.create();
  aws = new EmulatorClients(REGION, workspace.socketPath);
  targets = targetsOf(writeAlarmedCluster(workspace));
  await workspace.terraform.init();
  await workspace.terraform.apply({ arguments: targets });
}, 8 * MINUTES);

afterAll(async () => {
  aws?.destroy();
  await workspace?.remove();
});

/** Reports as the node would, from whatever machine it has, until it is told that that is enough. */
async function reportAs(bucket: string, enough: AbortSignal): Promise<void> {
  const put = (Key: string, Body: string) => aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const desired = JSON.stringify({ nodes: [{ name: NODE }] });
  const sha256 = createHash("sha256").update(desired).digest("hex");
  await put(desiredStateKey("orders"), desired);
  let reported: string | undefined;
  while (!enough.aborted) {
    const { InstanceId: bootId, ImageId: imageId } = (await machineOf(aws)) ?? {};
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
  "the command makes the machine anew of another image, and all that is made of it follows",
  async () => {
    const { terraform } = workspace;
    const before = (await machineOf(aws))!;
    expect(await isProtected(aws)).toBe(true);
    const { ImageId: imageId } = await aws.ec2.send(
      new CreateImageCommand({ InstanceId: before.InstanceId, Name: "of-our-own" }),
    );
    writeAlarmedCluster(workspace, { imageId });
    expect(await terraform.planActions(...targets)).toEqual({});

    const { bucket } = (await applied(terraform)).find(({ type }) => type === "aws_s3_bucket")!.values;
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

    const after = (await machineOf(aws))!;
    expect(after.InstanceId).not.toBe(before.InstanceId);
    expect(after.ImageId).toBe(imageId);
    expect(after.PrivateIpAddress).toBe(before.PrivateIpAddress);
    expect(await isProtected(aws)).toBe(true);
    expect(await terraform.planActions(...targets)).toEqual({});
  },
  10 * MINUTES,
);
