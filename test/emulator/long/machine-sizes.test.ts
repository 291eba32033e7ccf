import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
} from "@aws-sdk/client-ec2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { App, TerraformStack } from "cdktf";
import { Size } from "../../../lib";
import { FlinkNode } from "../../../lib/cluster/flink-node";
import { MachineSizes } from "../../../lib/cluster/machine-sizes";
import { desiredStateKey, reportKey } from "../../../lib/core/bucket-layout";
import type { NodeReport } from "../../../lib/node/report";
import { Terraform } from "../../support/terraform";
import { EmulatorClients, REGION } from "../clients";
import { emulatorOverride } from "../override";
import { Workspace } from "../workspace";

const MINUTES = 60_000;
const BUCKET = "orders-checkpoints";
const NODES = [1, 2].map((number) => `orders-node-${number}`);
const GIB = 1 << 30;

let workspace: Workspace;
let aws: EmulatorClients;
let terraform: Terraform;
let place: Omit<ConstructorParameters<typeof FlinkNode>[2], "identity" | "host" | "instanceType" | "dataVolumeSize">;

/** Nodes, a desired state that is made for their type, and what changes their sizes: as in a cluster, and nothing beside. */
function synthesize(instanceType: string, gib: number): void {
  const app = new App({ outdir: join(workspace.dir, "out") });
  const stack = new TerraformStack(app, "stack");
  new AwsProvider(stack, "aws", { region: REGION });
  const nodes = NODES.map((node) => {
    const identity = { cluster: "orders", node, bucket: BUCKET, softwareBucket: BUCKET, region: REGION };
    return new FlinkNode(stack, node, {
      ...place,
      ...{ identity: { ...identity, dnsSuffix: "amazonaws.com" }, host: `${node}.flink.internal` },
      ...{ instanceType, dataVolumeSize: Size.gibibytes(gib) },
    });
  });
  const sizes = new MachineSizes(stack, "MachineSizes", {
    ...{ clusterName: "orders", bucketName: BUCKET, nodes, instanceType, dataVolumeSize: Size.gibibytes(gib) },
  });
  const content = JSON.stringify({ nodes: NODES.map((name) => ({ name })), madeFor: instanceType });
  const key = desiredStateKey("orders");
  const state = new S3Object(stack, "DesiredState", { bucket: BUCKET, key, content, dependsOn: [sizes.larger] });
  sizes.shrinkAfter(state);
  app.synth();
  emulatorOverride(terraform.dir, workspace.endpoint);
}

/** Plays the nodes: each is well two looks after its machine came back, and tells of it; and notes what it sees. */
class Nodes {
  public readonly seen: string[] = [];
  private readonly machines = new Map<string, { type: string; looks: number; runs?: string }>();
  private isOver = false;
  private loop?: Promise<void>;

  public start(): void {
    this.loop = this.play();
  }

  public async stop(): Promise<void> {
    this.isOver = true;
    await this.loop;
  }

  private async play(): Promise<void> {
    while (!this.isOver) {
      const state = await this.desired();
      const { Reservations = [] } = await aws.ec2.send(new DescribeInstancesCommand({}));
      const { Volumes = [] } = await aws.ec2.send(new DescribeVolumesCommand({}));
      const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
      for (const { InstanceType: type = "", State, Tags = [] } of instances) {
        const node = Tags.find(({ Key }) => Key === "Name")?.Value ?? "";
        if (!NODES.includes(node)) continue;
        const before = this.machines.get(node);
        if (State?.Name !== "running" || before?.type !== type) {
          if (before && before.type !== type) this.note(node, type, state?.madeFor);
          this.machines.set(node, { type, looks: 0, runs: before?.runs ?? state?.sha256 });
          continue;
        }
        before.looks += 1;
        // A roll takes its time.
        if (before.looks % 3 === 0) before.runs = state?.sha256;
        const volume = Volumes.find((each) => each.Tags?.some(({ Value }) => Value === `${node}-data`));
        await this.report(node, before, volume?.Size ?? 0);
      }
      await delay(200);
    }
  }

  private note(node: string, type: string, madeFor: string | undefined): void {
    const away = [...this.machines].filter(([other, { looks }]) => other !== node && looks < 3);
    this.seen.push(`${node} ${type}, state for ${madeFor}${away.map(([other]) => ` while ${other} is away`).join("")}`);
  }

  private async report(
    node: string,
    machine: { type: string; looks: number; runs?: string },
    gib: number,
  ): Promise<void> {
    const report: Partial<NodeReport> = {
      schemaVersion: 1,
      bootId: machine.type,
      status: machine.looks > 2 ? "healthy" : "starting",
      running: { versionId: "v", sha256: machine.runs ?? "", since: "2026-01-01T00:00:00Z" },
      leads: node === "orders-node-1" && [...this.machines.values()].every(({ looks }) => looks > 2),
      dataVolume: { sizeBytes: gib * GIB, fileSystemBytes: Math.floor(gib * GIB * 0.98) },
    };
    const Body = JSON.stringify(report);
    await aws.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: reportKey("orders", node), Body }));
  }

  private async desired(): Promise<{ sha256: string; madeFor: string } | undefined> {
    try {
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: desiredStateKey("orders") }));
      const text = await Body!.transformToString();
      const { madeFor } = JSON.parse(text) as { madeFor: string };
      return { sha256: createHash("sha256").update(text).digest("hex"), madeFor };
    } catch {
      return undefined;
    }
  }
}

beforeAll(async () => {
  workspace = await Workspace.create();
  aws = new EmulatorClients(REGION, workspace.socketPath);
  const keys = { AWS_ACCESS_KEY_ID: "AKIAEMULATOREMULATOR", AWS_SECRET_ACCESS_KEY: "emulator" };
  const env = { ...keys, AWS_ENDPOINT_URL: workspace.endpoint, AWS_REGION: REGION };
  terraform = new Terraform(join(workspace.dir, "out", "stacks", "stack"), { env });
  place = await preparePlace();
}, 2 * MINUTES);

afterAll(async () => {
  aws?.destroy();
  await workspace?.remove();
});

test(
  "machines are made at once with their size, changed one after the other, and never more than they have is asked of one",
  async () => {
    synthesize("m7i.large", 20);
    await terraform.init();
    await terraform.apply();
    const nodes = new Nodes();
    nodes.start();
    try {
      synthesize("m7i.xlarge", 30);
      await terraform.apply();
      expect(nodes.seen.splice(0)).toEqual([
        "orders-node-2 m7i.xlarge, state for m7i.large",
        "orders-node-1 m7i.xlarge, state for m7i.large",
      ]);

      synthesize("m7i.large", 20);
      const refusal = String(await terraform.plan().catch((error: unknown) => error)).replace(/[\s│]+/g, " ");
      expect(refusal).toContain(
        "dataVolumeSize of orders is 20 GiB, and its data volumes have 30 GiB: a volume can grow and never shrink.",
      );
      synthesize("m7i.large", 30);
      await terraform.apply();
      expect(nodes.seen).toEqual([
        "orders-node-2 m7i.large, state for m7i.large",
        "orders-node-1 m7i.large, state for m7i.large",
      ]);
      expect(await terraform.planActions()).toEqual({});
    } finally {
      await nodes.stop();
    }
  },
  8 * MINUTES,
);

/** What stands around machines: as much as the emulator asks for. */
async function preparePlace(): Promise<typeof place> {
  await aws.s3.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  await aws.iam.send(new CreateRoleCommand({ RoleName: "node", AssumeRolePolicyDocument: trust }));
  await aws.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "node" }));
  await aws.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "node", RoleName: "node" }));
  const { SecurityGroups = [] } = await aws.ec2.send(new DescribeSecurityGroupsCommand({}));
  const vpcId = SecurityGroups[0].VpcId;
  const { HostedZone } = await aws.route53.send(
    new CreateHostedZoneCommand({
      ...{ Name: "flink.internal", CallerReference: "it", HostedZoneConfig: { PrivateZone: true } },
      VPC: { VPCRegion: REGION, VPCId: vpcId },
    }),
  );
  const subnetId = await defaultSubnet();
  return {
    ...{ subnetId, availabilityZone: `${REGION}a`, securityGroupIds: [SecurityGroups[0].GroupId!] },
    ...{ instanceProfileName: "node", imageId: "ami-0d13a6400000000d1", volumeKeyArn: KeyMetadata!.Arn! },
    ...{
      privateZoneId: HostedZone!.Id!.replace("/hostedzone/", ""),
      terminationProtection: false,
      tags: {},
      dependsOn: [],
    },
  };
}

async function defaultSubnet(): Promise<string> {
  const zone = { Name: "availability-zone", Values: [`${REGION}a`] };
  const { Subnets = [] } = await aws.ec2.send(new DescribeSubnetsCommand({ Filters: [zone] }));
  return Subnets[0].SubnetId!;
}
