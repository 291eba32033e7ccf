import { CheckpointBucket, FlinkNetwork, KafkaAuthentication, KafkaCluster } from "../../lib";
import { cluster } from "../cluster/support";
import { KeyPolicies, PolicyDocument } from "../lab/judge/policies";
import { secretArn } from "./account-with-secrets";
import { Bench, kms, secretsManager } from "./bench";
import { ACCOUNT, policiesOf, REGION } from "./synthesized-account";

const keyArn = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
const NAME = "AmazonMSK_orders";
const [SECRET, OTHER] = [secretArn(NAME), secretArn("AmazonMSK_payments")];
const [KEY, OTHER_KEY] = [keyArn("of-the-secret"), keyArn("of-others")];

const OPEN: PolicyDocument = {
  Statement: { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
};
const CLOSED: PolicyDocument = { Statement: [] };

/** A cluster whose jobs read topics as the user of a secret, and the secrets and keys that others manage. */
const synthesized = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const flink = cluster(stack, {
    ...{ clusterName: "orders", network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") },
  });
  const orders = KafkaCluster.fromKafkaClusterAttributes(stack, "orders-topics", {
    bootstrapServers: ["b-1.orders.example.internal:9096"],
    securityGroupId: "sg-0123456789abcdef0",
    authentication: KafkaAuthentication.scramSha512({ secretArn: SECRET, encryptionKeyArn: KEY }),
  });
  flink.readFrom(orders.topics("orders"));
});
const secret = { arn: SECRET, name: NAME, key: KEY };
const policies = {
  ...synthesized,
  secrets: [secret, { arn: OTHER, name: "AmazonMSK_payments", key: KEY }],
  keys: [...synthesized.keys, ...[KEY, OTHER_KEY].map((arn) => ({ arn, policy: OPEN, aliases: [] }))],
};

const read = (SecretId: string) => secretsManager("GetSecretValue", { SecretId });

describe("the jobs' role", () => {
  const bench = new Bench(policies);

  test.each([
    ["its ARN", SECRET],
    ["its ARN without the ending", SECRET.slice(0, -7)],
    ["its name", NAME],
  ])("may read the secret of its connection by %s", async (_, id) => {
    const { allowed, decisions } = await bench.ask("job", read(id));
    expect([allowed, decisions!.map(({ action, resource }) => [action, resource])]).toEqual([
      true,
      [
        ["secretsmanager:GetSecretValue", SECRET],
        ["kms:Decrypt", KEY],
      ],
    ]);
  });

  test.each([
    ["read another secret under the same key", read(OTHER), "identity: secretsmanager:GetSecretValue"],
    ["read a secret that is not there", read("missing"), "identity: secretsmanager:GetSecretValue"],
    [
      "write the secret",
      secretsManager("PutSecretValue", { SecretId: SECRET, SecretString: "{}" }),
      "identity: secretsmanager:PutSecretValue",
    ],
    [
      "describe the secret",
      secretsManager("DescribeSecret", { SecretId: SECRET }),
      "identity: secretsmanager:DescribeSecret",
    ],
    ["list secrets", secretsManager("ListSecrets", {}), "identity: secretsmanager:ListSecrets"],
    [
      "use the key without Secrets Manager",
      kms("Decrypt", { KeyId: KEY, EncryptionContext: { SecretARN: SECRET } }),
      "identity: kms:Decrypt",
    ],
  ])("may not %s", async (_, sent, outcome) => {
    expect(await bench.outcome("job", sent)).toBe(outcome);
  });
});

test("the machines' role may not read it", async () => {
  expect(await new Bench(policies).outcome("machine", read(SECRET))).toBe("identity: secretsmanager:GetSecretValue");
});

describe("a secret", () => {
  const readIt = (change: object, keys: readonly KeyPolicies[] = policies.keys) =>
    new Bench({ ...policies, keys, secrets: [{ ...secret, ...change }] }).outcome("job", read(SECRET));

  test("is as closed as its key", async () => {
    const closed = policies.keys.map((one) => (one.arn === KEY ? { ...one, policy: CLOSED } : one));
    expect(await readIt({}, closed)).toBe("key: kms:Decrypt");
    expect(await readIt({}, synthesized.keys)).toBe("key: kms:Decrypt");
  });

  test("under another key than the connection says is not read", async () => {
    expect(await readIt({ key: OTHER_KEY })).toBe("identity: kms:Decrypt");
  });

  test("under the account's own key of the service needs nothing of KMS", async () => {
    expect(await readIt({ key: undefined }, synthesized.keys)).toBe("allowed");
  });

  test("is closed by its own policy", async () => {
    const Statement = { Effect: "Deny", Principal: "*", Action: "secretsmanager:*", Resource: "*" };
    expect(await readIt({ policy: { Version: "2012-10-17", Statement } })).toBe(
      "secret: secretsmanager:GetSecretValue",
    );
  });
});

test("what is not known of Secrets Manager is refused, and the judge says so", async () => {
  const bench = new Bench(policies);
  for (const sent of [
    secretsManager("BatchGetSecretValue", { SecretIdList: [SECRET] }),
    secretsManager("GetSecretValue", {}),
    { ...read(SECRET), body: "{" },
  ]) {
    expect(await bench.outcome("job", sent)).toMatch(/^judge: /);
  }
});

test("without an endpoint of Secrets Manager there is no way to it", async () => {
  const endpoints = policies.endpoints.filter(({ service }) => !service.endsWith(".secretsmanager"));
  expect(await new Bench({ ...policies, endpoints }).outcome("job", read(SECRET))).toMatch(/^route: /);
});
