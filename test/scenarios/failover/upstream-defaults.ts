import { PutObjectCommand } from "@aws-sdk/client-s3";
import { desiredStateKey } from "../../../lib/core/bucket-layout";
import type { DesiredState } from "../../../lib/node/desired-state";
import type { Deployment } from "../deployment";
import { readDesiredState } from "../node-reports";

/** What Flink has where nobody sets it. */
const FLINK = {
  "high-availability.zookeeper.client.session-timeout": "1 min",
  "high-availability.zookeeper.client.connection-timeout": "15 s",
  "high-availability.zookeeper.client.retry-wait": "5 s",
  "high-availability.zookeeper.client.max-retry-attempts": "3",
  "high-availability.zookeeper.client.tolerate-suspended-connections": "false",
  "heartbeat.interval": "10 s",
  "heartbeat.timeout": "50 s",
  "web.timeout": "10 min",
};
/** What the `zoo.cfg` has that Flink ships; ZooKeeper then bounds sessions by its tick. */
const ZOOKEEPER = { tickTime: "2000", initLimit: "10", syncLimit: "5" };

/** The same desired state with upstream's waiting times. Fails where it does not hold one of them. */
export function withUpstreamDefaults<T>(state: T): T {
  const missing = new Set([...Object.keys(FLINK), ...Object.keys(ZOOKEEPER)]);
  const replace = (text: string, key: string, line: RegExp, upstream: string): string => {
    if (line.test(text)) missing.delete(key);
    return text.replace(line, upstream);
  };
  const inText = (text: string): string => {
    let changed = text.replace(/^(min|max)SessionTimeout=.*\n/gm, "");
    for (const [key, value] of Object.entries(ZOOKEEPER)) {
      changed = replace(changed, key, new RegExp(`^${key}=.*$`, "gm"), `${key}=${value}`);
    }
    for (const [key, value] of Object.entries(FLINK)) {
      const name = key.replace(/\./g, "\\.");
      changed = replace(changed, key, new RegExp(`^${name}: ".*"$`, "gm"), `${key}: "${value}"`);
      // Where one process has another value it is an argument of its unit.
      changed = changed.replace(new RegExp(`${name}=[0-9]+ m?s`, "g"), `${key}=${value}`);
    }
    return changed;
  };
  const changed = JSON.parse(JSON.stringify(state), (_, value: unknown) =>
    typeof value === "string" ? inText(value) : value,
  ) as T;
  if (missing.size > 0) throw new Error(`the desired state has no ${[...missing].join(", ")}`);
  return changed;
}

/** Writes another desired state in the place of the one that is there, which it gives. */
export async function replaceDesiredState(
  deployment: Deployment,
  change: (state: DesiredState) => DesiredState,
): Promise<DesiredState> {
  const before = await readDesiredState(deployment);
  const Body = JSON.stringify(change(before));
  const Key = desiredStateKey(deployment.output.cluster_name);
  const s3 = deployment.lab.s3();
  await s3.send(new PutObjectCommand({ Bucket: deployment.bucket, Key, Body, ContentType: "application/json" }));
  return before;
}
