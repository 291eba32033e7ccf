/**
 * Writes real-plans/*.json: plans that Terraform and the AWS provider make of a cluster that stands in the emulator. Run it
 * after a change of what a cluster is made of:
 *
 *     npx ts-node --transpile-only test/plan-guard/write-real-plans.ts [NAME…]
 *
 * With names it writes those plans alone.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { format } from "prettier";
import {
  CheckpointBucket,
  DataBucket,
  FlinkCluster,
  type FlinkClusterProps,
  FlinkNetwork,
  InstanceType,
  LogLevel,
  Peer,
  RemovalPolicy,
  Size,
  SoftwareBucket,
} from "../../lib";
import { KEY_ARN, publishedSoftware } from "../cluster/support";
import { EmulatorClients, REGION } from "../emulator/clients";
import { emulatorOverride } from "../emulator/override";
import { publishImage } from "../emulator/published-image";
import { Workspace } from "../emulator/workspace";
import type { Block } from "../support/synthesized";
import { type Plan, Terraform } from "../support/terraform";
import { REAL_PLANS, realPlanFile, type RealPlanName, slim } from "./real-plans";

const SOFTWARE_BUCKET = "orders-software";

interface Variant {
  /** In what the cluster differs from the one that stands. */
  readonly props?: Partial<FlinkClusterProps>;
  readonly more?: (stack: TerraformStack, cluster: FlinkCluster) => void;
  /** Of `terraform plan`, of resources by the beginnings of their addresses. */
  readonly replace?: readonly string[];
  readonly options?: readonly string[];
  /** Of Debian, published before the plan. */
  readonly image?: string;
}

const VARIANTS: Readonly<Record<RealPlanName, Variant>> = {
  first: {},
  settings: { props: { numberOfTaskSlots: 4, logLevel: LogLevel.WARN } },
  "larger-machines": { props: { instanceType: InstanceType.M7I_XLARGE } },
  "larger-volumes": { props: { dataVolumeSize: Size.gibibytes(50) } },
  "one-node-more": { props: { nodeCount: 4 } },
  doors: {
    more: (stack, cluster) => {
      cluster.allowClientsFrom(Peer.cidr("10.20.0.0/24"), "Office");
      cluster.readFrom(new DataBucket(stack, "orders").prefix("in/"));
    },
  },
  destroy: { options: ["-destroy"] },
  "one-machine-replaced": { replace: ["aws_instance.flink_Node2_"] },
  "two-machines-replaced": { replace: ["aws_instance.flink_Node1_", "aws_instance.flink_Node2_"] },
  "volume-replaced": { replace: ["aws_ebs_volume.flink_Node2_"] },
  "bucket-replaced": { replace: ["aws_s3_bucket.checkpoints_"] },
  // The last one: it is there from then on.
  "newer-image": { image: "ami-0d13a6400000000d2" },
};

/** One cluster with all that it stands in, whose protection is lifted: Terraform would refuse most of these plans. */
function synthesize(outdir: string, { props, more }: Variant): Block {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "streaming");
  new AwsProvider(stack, "aws", { region: REGION });
  const cluster = new FlinkCluster(stack, "flink", {
    clusterName: "orders",
    network: new FlinkNetwork(stack, "network"),
    checkpointBucket: new CheckpointBucket(stack, "checkpoints", { removalPolicy: RemovalPolicy.DESTROY }),
    softwareBucket: SoftwareBucket.fromSoftwareBucketAttributes(stack, "software", {
      bucketName: SOFTWARE_BUCKET,
      encryptionKeyArn: KEY_ARN,
    }),
    software: publishedSoftware(),
    terminationProtection: false,
    ...props,
  });
  more?.(stack, cluster);
  app.synth();
  return stack.toTerraform() as Block;
}

/** In place of Node.js: no machine boots in the emulator, so that an apply would wait for nodes in vain. */
function pathOfNoNode(folder: string): string {
  mkdirSync(folder);
  writeFileSync(join(folder, "node"), "#!/bin/sh\n");
  chmodSync(join(folder, "node"), 0o755);
  return [folder, process.env.PATH].join(delimiter);
}

/** The plan looks whether the parts of the software are there, and at nothing of them. */
async function publish(aws: EmulatorClients, { data }: Block): Promise<void> {
  await aws.s3.send(
    new CreateBucketCommand({
      Bucket: SOFTWARE_BUCKET,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  const parts = Object.values((data as Record<string, Record<string, Block>>).aws_s3_objects);
  for (const { prefix } of parts) {
    await aws.s3.send(new PutObjectCommand({ Bucket: SOFTWARE_BUCKET, Key: prefix as string, Body: "part" }));
  }
}

function addressesOf({ resource }: Block, beginnings: readonly string[]): readonly string[] {
  const addresses = Object.entries(resource as Record<string, object>).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
  return beginnings.map((beginning) => {
    const found = addresses.filter((address) => address.startsWith(beginning));
    if (found.length !== 1) throw new Error(`expected one ${beginning} and found ${found.join(", ") || "none"}`);
    return found[0];
  });
}

async function main(): Promise<void> {
  const workspace = await Workspace.create();
  const outdir = join(workspace.dir, "cdktf.out");
  const folder = join(outdir, "stacks", "streaming");
  const aws = new EmulatorClients(REGION, workspace.socketPath);
  try {
    await publish(aws, synthesize(outdir, {}));
    const terraform = new Terraform(folder, { env: { PATH: pathOfNoNode(join(workspace.dir, "no-node")) } });
    const asked = process.argv.slice(2);
    for (const name of Object.keys(REAL_PLANS) as RealPlanName[]) {
      // The first one is what the others are made upon.
      if (name !== "first" && asked.length > 0 && !asked.includes(name)) continue;
      const variant = VARIANTS[name];
      const synthesized = synthesize(outdir, variant);
      emulatorOverride(folder, workspace.endpoint);
      if (name === "first") await terraform.init();
      if (variant.image !== undefined) publishImage(workspace.imagesFile, variant.image);
      const replaced = addressesOf(synthesized, variant.replace ?? []).map((address) => `-replace=${address}`);
      const plan = await terraform.plan(...(variant.options ?? []), ...replaced);
      if (asked.length === 0 || asked.includes(name)) await write(name, plan);
      if (name === "first") await terraform.apply({ planned: true });
    }
  } finally {
    aws.destroy();
    await workspace.remove();
  }
}

async function write(name: RealPlanName, plan: Plan): Promise<void> {
  const file = realPlanFile(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await format(JSON.stringify(slim(plan)), { parser: "json", printWidth: 120 }));
  console.log(`wrote ${file}`);
}

main().catch((failure: unknown) => {
  console.error(failure instanceof Error ? failure.message : failure);
  process.exitCode = 1;
});
