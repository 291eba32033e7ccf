import { CheckpointBucket, FlinkNetwork, PostgreSqlCluster, PostgreSqlGrant } from "../../lib";
import { cluster } from "../cluster/support";
import { decide } from "../lab/judge/evaluate";
import type { RoleSession } from "../lab/judge/principals";
import { Bench, kms, secretsManager, Sent } from "./bench";
import { ACCOUNT, policiesOf, REGION } from "./synthesized-account";

/** A database with two users that the deploy makes, one of them for jobs of a cluster, and another database. */
const policies = policiesOf((stack) => {
  const network = new FlinkNetwork(stack, "network");
  const flink = cluster(stack, { network, checkpointBucket: new CheckpointBucket(stack, "checkpoints") });
  const own = new PostgreSqlCluster(stack, "own", { network, databaseName: "company" });
  own.addSchema("analytics");
  flink.writeTo(own.addUser("writer", { grants: [PostgreSqlGrant.upsert("analytics")] }).schema("analytics"));
  own.addUser("reader", { grants: [PostgreSqlGrant.read("analytics")] });
  new PostgreSqlCluster(stack, "payments", { network, databaseName: "payments" });
});
const bench = new Bench(policies);

const secretOf = (words: RegExp): string => {
  const found = policies.secrets.filter(({ arn }) => words.test(arn)).map(({ arn }) => arn);
  if (found.length !== 1) throw new Error(`${found.length} secrets of ${words}`);
  return found[0];
};
const [WRITER, READER] = [secretOf(/user-writer/), secretOf(/user-reader/)];
const [ADMINISTRATOR, OTHER] = [secretOf(/rds!db-own-/), secretOf(/rds!db-payments-/)];
const KEY = policies.secrets.find(({ arn }) => arn === WRITER)!.key!;

const read = (SecretId: string): Sent => secretsManager("GetSecretValue", { SecretId });
const write = (SecretId: string): Sent => secretsManager("PutSecretValue", { SecretId, SecretString: "{}" });

describe("the function that makes what lies in a database", () => {
  test.each([
    ["read the administrator's secret", read(ADMINISTRATOR)],
    ["read the secret of a user", read(WRITER)],
    ["write the secret of a user", write(WRITER)],
    ["write the secret of another user", write(READER)],
  ])("may %s", async (_, sent) => {
    expect(await bench.outcome("provisioner", sent)).toBe("allowed");
  });

  test.each([
    ["write the administrator's secret", write(ADMINISTRATOR), "identity: secretsmanager:PutSecretValue"],
    ["read the administrator's secret of another database", read(OTHER), "identity: secretsmanager:GetSecretValue"],
    ["write a secret that is not there", write("missing"), "identity: secretsmanager:PutSecretValue"],
    ["list secrets", secretsManager("ListSecrets", {}), "identity: secretsmanager:ListSecrets"],
    ...["DescribeSecret", "DeleteSecret", "GetResourcePolicy"].map((action): [string, Sent, string] => [
      `${action} of a user`,
      secretsManager(action, { SecretId: WRITER }),
      `identity: secretsmanager:${action}`,
    ]),
    [
      "use the key without Secrets Manager",
      kms("Decrypt", { KeyId: KEY, EncryptionContext: { SecretARN: WRITER } }),
      // There is an endpoint of KMS in this network, for the nodes.
      "identity: kms:Decrypt",
    ],
  ])("may not %s", async (_, sent, outcome) => {
    expect(await bench.outcome("provisioner", sent)).toBe(outcome);
  });

  // The judge matches no type of a resource by a wildcard; what makes and deletes interfaces is on the same condition.
  test.each(["DescribeNetworkInterfaces", "DescribeSubnets"])(
    "is put into the network by Lambda, and may not itself %s",
    async (action) => {
      const name = bench.roleNamed("provisioner");
      const role = policies.roles.find((one) => one.name === name)!;
      const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/function`;
      const isAllowed = async (session: Pick<RoleSession, "functionArn">): Promise<boolean> => {
        const question = { action: `ec2:${action}`, resource: "*", context: {} };
        const way = { from: "10.40.0.10", tls: true };
        return (await decide({ kind: "role session", sessionArn, ...session }, role, way, question, policies)).allowed;
      };
      expect(await isAllowed({})).toBe(true);
      const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:own-postgresql-provisioner`;
      expect(await isAllowed({ functionArn })).toBe(false);
    },
  );
});

describe("jobs", () => {
  test("may read the secret of the user that they are", async () => {
    expect(await bench.outcome("job", read(WRITER))).toBe("allowed");
  });

  test.each([
    ["write it", write(WRITER), "identity: secretsmanager:PutSecretValue"],
    ["read that of another user", read(READER), "identity: secretsmanager:GetSecretValue"],
    ["read the administrator's", read(ADMINISTRATOR), "identity: secretsmanager:GetSecretValue"],
  ])("may not %s", async (_, sent, outcome) => {
    expect(await bench.outcome("job", sent)).toBe(outcome);
  });
});

test("machines may read none of them", async () => {
  for (const secret of [WRITER, READER, ADMINISTRATOR]) {
    expect(await bench.outcome("machine", read(secret))).toBe("identity: secretsmanager:GetSecretValue");
  }
});
