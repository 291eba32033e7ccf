import {
  CheckpointBucket,
  FlinkNetwork,
  LogDestination,
  LogIntegration,
  MetricsAuthentication,
  MetricsDestination,
  MetricsIntegration,
  OpenSearchAuthentication,
} from "../../lib";
import { cluster } from "../cluster/support";
import { secretArn, withSecrets } from "./account-with-secrets";
import { Bench, secretsManager, Sent, Who } from "./bench";
import { policiesOf } from "./synthesized-account";

const SECRETS = ["metrics-writer", "log-writer"];
const [SECRET, LOGS_SECRET] = SECRETS.map(secretArn);
const SERVER = { host: "store.example.internal", securityGroupId: "sg-0123456789abcdef0" };

/** A cluster that ships its logs and its metrics, each by a secret of its own. */
const account = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const source = cluster(stack, { network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") });
  new LogIntegration(stack, "logs", {
    source,
    destination: LogDestination.openSearch({
      ...SERVER,
      authentication: OpenSearchAuthentication.basic({ secretArn: LOGS_SECRET }),
    }),
  });
  new MetricsIntegration(stack, "metrics", {
    source,
    destination: MetricsDestination.m3({
      ...SERVER,
      authentication: MetricsAuthentication.basic({ secretArn: SECRET }),
    }),
  });
});

const bench = new Bench(withSecrets(account, SECRETS));
const read = (SecretId: string) => secretsManager("GetSecretValue", { SecretId });

test("machines may take the role of metrics", async () => {
  expect(await bench.outcome("machine", bench.assume("metrics"))).toBe("allowed");
});

test.each<Who>(["job", "logs", "metrics"])("the role of %s may not take it", async (who) => {
  expect(await bench.outcome(who, bench.assume("metrics"))).toBe("trust: sts:AssumeRole");
});

test("it reads its own secret, which nobody else of the cluster may read", async () => {
  expect(await bench.outcome("metrics", read(SECRET))).toBe("allowed");
  for (const who of ["machine", "job", "logs"] as const) {
    expect([who, await bench.outcome(who, read(SECRET))]).toEqual([who, "identity: secretsmanager:GetSecretValue"]);
  }
});

test.each<[string, Sent, string]>([
  ["read the secret of logs", read(LOGS_SECRET), "identity: secretsmanager:GetSecretValue"],
  ["read software", bench.object("GET", "/software/x"), "identity: s3:GetObject"],
  ["read the desired state", bench.object("GET", "/desired-state/orders.json"), "identity: s3:GetObject"],
  ["write a report", bench.object("PUT", "/reports/orders/orders-node-1.json"), "identity: s3:PutObject"],
  ["read a checkpoint", bench.object("GET", "/checkpoints/orders/1/_metadata"), "identity: s3:GetObject"],
  ["take the role of logs", bench.assume("logs"), "trust: sts:AssumeRole"],
  ["take the jobs' role", bench.assume("job"), "trust: sts:AssumeRole"],
  ["take the machines' role", bench.assume("machine"), "trust: sts:AssumeRole"],
])("it may not %s", async (_, sent, outcome) => {
  expect(await bench.outcome("metrics", sent)).toBe(outcome);
});
