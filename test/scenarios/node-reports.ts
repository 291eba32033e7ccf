import { createHash } from "crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { desiredStateKey, reportKey } from "../../lib/core/bucket-layout";
import type { DesiredState } from "../../lib/node/desired-state";
import { NodeReport } from "../../lib/node/report";
import { Deployment } from "./deployment";

/** What each node says of itself, as its report in the bucket has it. */
export async function readReports(deployment: Deployment): Promise<NodeReport[]> {
  const { cluster_name: cluster, node_names: nodes } = deployment.output;
  return Promise.all(
    nodes.map(async (node) => {
      const bytes = await read(deployment, reportKey(cluster, node));
      return JSON.parse(bytes.toString("utf8")) as NodeReport;
    }),
  );
}

/** What the bucket says that the nodes shall run. */
export async function readDesiredState(deployment: Deployment): Promise<DesiredState> {
  const bytes = await read(deployment, desiredStateKey(deployment.output.cluster_name));
  return JSON.parse(bytes.toString("utf8")) as DesiredState;
}

/** SHA-256 of what the bucket says that the nodes shall run. */
export async function desiredStateHash(deployment: Deployment): Promise<string> {
  const bytes = await read(deployment, desiredStateKey(deployment.output.cluster_name));
  return createHash("sha256").update(bytes).digest("hex");
}

async function read(deployment: Deployment, key: string): Promise<Buffer> {
  const object = await deployment.lab.s3().send(new GetObjectCommand({ Bucket: deployment.bucket, Key: key }));
  return Buffer.from(await (object.Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray());
}
