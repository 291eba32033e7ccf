import { CheckpointBucket, FlinkNetwork, LogDestination, LogIntegration, OpenSearchAuthentication } from "../../lib";
import { cluster, KEY_ARN } from "../cluster/support";
import { decide } from "../lab/judge/evaluate";
import { secretArn, withSecrets } from "./account-with-secrets";
import { Bench, kms, secretsManager, Sent, Who } from "./bench";
import { ACCOUNT, policiesOf, REGION, SynthesizedAccount } from "./synthesized-account";

const SECRETS = ["log-writer", "search-writer"];
const [SECRET, OTHER_SECRET] = SECRETS.map(secretArn);
const DOMAIN = `arn:aws:es:${REGION}:${ACCOUNT}:domain/search`;
const GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/flink/all`;

/** A cluster named `orders` whose logs go there. */
function accountWithLogs(destination: LogDestination): SynthesizedAccount {
  return policiesOf((stack) => {
    const network = new FlinkNetwork(stack, "network");
    const source = cluster(stack, { network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") });
    new LogIntegration(stack, "logs", { source, destination });
  });
}

const openSearchBy = (authentication: OpenSearchAuthentication) =>
  LogDestination.openSearch({
    host: "search.example.internal",
    securityGroupId: "sg-0123456789abcdef0",
    authentication,
  });

const byPassword = accountWithLogs(
  openSearchBy(OpenSearchAuthentication.basic({ secretArn: SECRET, encryptionKeyArn: KEY_ARN })),
);
const byIam = accountWithLogs(openSearchBy(OpenSearchAuthentication.iam({ domainArn: DOMAIN })));
const toCloudWatch = accountWithLogs(LogDestination.cloudWatch({ existingLogGroupName: "/flink/all" }));

/** What services are asked that no lab has: of the policies themselves, as the service would ask. */
async function mayDo(account: SynthesizedAccount, who: Who, action: string, resource: string): Promise<boolean> {
  const role = account.roles.find(({ name }) => name === new Bench(account).roleNamed(who))!;
  const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/node-1`;
  const way = { from: "10.40.0.10", tls: true };
  const { allowed, layer } = await decide(
    { kind: "role session", sessionArn },
    role,
    way,
    { action, resource, context: {} },
    account,
  );
  // A judge that does not know the action would refuse everything.
  if (layer === "judge") throw new Error(`${action} cannot be judged`);
  return allowed;
}

describe("the role of logs, by password", () => {
  const bench = new Bench(withSecrets(byPassword, SECRETS, KEY_ARN));
  const read = (SecretId: string) => secretsManager("GetSecretValue", { SecretId });

  test("machines may take it", async () => {
    expect(await bench.outcome("machine", bench.assume("logs"))).toBe("allowed");
  });

  test.each<[Who, string]>([
    ["job", "trust: sts:AssumeRole"],
    ["logs", "trust: sts:AssumeRole"],
    ["flow-logs", "trust: sts:AssumeRole"],
  ])("the role of a %s may not take it", async (who, outcome) => {
    expect(await bench.outcome(who, bench.assume("logs"))).toBe(outcome);
  });

  test("it reads its own secret, which neither machines nor jobs may read", async () => {
    expect(await bench.outcome("logs", read(SECRET))).toBe("allowed");
    expect(await bench.outcome("machine", read(SECRET))).toBe("identity: secretsmanager:GetSecretValue");
    expect(await bench.outcome("job", read(SECRET))).toBe("identity: secretsmanager:GetSecretValue");
  });

  test.each<[string, Sent, string]>([
    ["read another secret", read(OTHER_SECRET), "identity: secretsmanager:GetSecretValue"],
    ["read software", bench.object("GET", "/software/x"), "identity: s3:GetObject"],
    ["read the desired state", bench.object("GET", "/desired-state/orders.json"), "identity: s3:GetObject"],
    ["write a report", bench.object("PUT", "/reports/orders/orders-node-1.json"), "identity: s3:PutObject"],
    ["read a checkpoint", bench.object("GET", "/checkpoints/orders/1/_metadata"), "identity: s3:GetObject"],
    ["decrypt by itself", kms("Decrypt", { KeyId: KEY_ARN, CiphertextBlob: "eA==" }), "identity: kms:Decrypt"],
    ["take the jobs' role", bench.assume("job"), "trust: sts:AssumeRole"],
    ["take the machines' role", bench.assume("machine"), "trust: sts:AssumeRole"],
  ])("it may not %s", async (_, sent, outcome) => {
    expect(await bench.outcome("logs", sent)).toBe(outcome);
  });
});

describe("the role of logs, by IAM at a domain", () => {
  const bulk = (path: string, method = "Post") => [`es:ESHttp${method}`, `${DOMAIN}/${path}`] as const;

  test("it sends bulks to the daily indices of its prefix", async () => {
    expect(await mayDo(byIam, "logs", ...bulk("logs-2026.11.29/_bulk"))).toBe(true);
  });

  test.each([
    bulk("_bulk"),
    bulk("orders-2026.11.29/_bulk"),
    bulk("logs2-2026.11.29/_bulk"),
    bulk("logs-2026.11.29/_search"),
    bulk("logs-2026.11.29/_search", "Get"),
    bulk("logs-2026.11.29/_delete_by_query"),
    bulk("logs-2026.11.29", "Delete"),
    bulk("logs-2026.11.29", "Put"),
    bulk("_index_template/logs-lines", "Put"),
    bulk("_plugins/_security/api/roles/x", "Put"),
  ])("it may not do %s on %s", async (action, resource) => {
    expect(await mayDo(byIam, "logs", action, resource)).toBe(false);
  });

  test.each<Who>(["machine", "job"])("the role of a %s sends nothing there", async (who) => {
    expect(await mayDo(byIam, who, ...bulk("logs-2026.11.29/_bulk"))).toBe(false);
  });
});

describe("the role of logs, at CloudWatch Logs", () => {
  const stream = (name: string) => `${GROUP}:log-stream:${name}`;

  test("it makes and writes streams of its nodes", async () => {
    expect(await mayDo(toCloudWatch, "logs", "logs:CreateLogStream", stream("orders-node-1/jobmanager"))).toBe(true);
    expect(await mayDo(toCloudWatch, "logs", "logs:PutLogEvents", stream("orders-node-1/jobmanager"))).toBe(true);
  });

  test.each([
    ["logs:PutLogEvents", stream("payments-node-1/jobmanager")],
    ["logs:PutLogEvents", stream("orders-node-1/jobmanager").replace("/flink/all", "/flink/payments")],
    ["logs:CreateLogStream", stream("orders-node-1/x").replace("/flink/all", "/flink/payments")],
    ["logs:GetLogEvents", stream("orders-node-1/jobmanager")],
    ["logs:DeleteLogStream", stream("orders-node-1/jobmanager")],
    ["logs:DeleteLogGroup", `${GROUP}:*`],
    ["logs:PutRetentionPolicy", `${GROUP}:*`],
    ["logs:CreateLogGroup", GROUP],
  ])("it may not do %s on %s", async (action, resource) => {
    expect(await mayDo(toCloudWatch, "logs", action, resource)).toBe(false);
  });

  test.each<Who>(["machine", "job"])("the role of a %s writes nothing there", async (who) => {
    expect(await mayDo(toCloudWatch, who, "logs:PutLogEvents", stream("orders-node-1/jobmanager"))).toBe(false);
  });
});
