import { FlinkMetricDashboards, FlinkNetwork, GrafanaDashboards, PrometheusStore } from "../../lib";
import { KEY_ARN } from "../cluster/support";
import { Bench, kms, secretsManager, Sent } from "./bench";
import { ACCOUNT, policiesOf, REGION } from "./synthesized-account";

const arnOf = (name: string): string => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`;
const [TOKEN, OTHER] = [arnOf("grafana-token"), arnOf("orders-reader")];

const account = policiesOf((stack) => {
  new GrafanaDashboards(stack, "dashboards", {
    network: new FlinkNetwork(stack, "network"),
    grafana: {
      ...{ host: "grafana.example.internal", securityGroupId: "sg-0123456789abcdef0" },
      token: { secretArn: TOKEN, encryptionKeyArn: KEY_ARN },
    },
    ...{ store: new PrometheusStore(), dashboards: new FlinkMetricDashboards().dashboards },
  });
});
const key = {
  arn: KEY_ARN,
  aliases: [],
  policy: {
    Statement: {
      ...{ Effect: "Allow" as const, Action: "kms:*", Resource: "*" },
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    },
  },
};
const bench = new Bench({
  ...account,
  secrets: [TOKEN, OTHER].map((arn) => ({ arn, name: arn.split(":")[6].slice(0, -7), key: KEY_ARN })),
  keys: [...account.keys, key],
});

test("the function that puts dashboards into Grafana may read its token", async () => {
  expect(await bench.outcome("provisioner", secretsManager("GetSecretValue", { SecretId: TOKEN }))).toBe("allowed");
});

test.each<[string, Sent, string]>([
  [
    "read another secret",
    secretsManager("GetSecretValue", { SecretId: OTHER }),
    "identity: secretsmanager:GetSecretValue",
  ],
  ...["PutSecretValue", "DescribeSecret", "DeleteSecret"].map((action): [string, Sent, string] => [
    `${action} of its token`,
    secretsManager(action, { SecretId: TOKEN, SecretString: "{}" }),
    `identity: secretsmanager:${action}`,
  ]),
  ["list secrets", secretsManager("ListSecrets", {}), "identity: secretsmanager:ListSecrets"],
  [
    "use the key without Secrets Manager",
    kms("Decrypt", { KeyId: KEY_ARN, EncryptionContext: { SecretARN: TOKEN } }),
    // Nothing in this network needs an endpoint of KMS.
    "route: kms:Decrypt",
  ],
])("it may not %s", async (_, sent, outcome) => {
  expect(await bench.outcome("provisioner", sent)).toBe(outcome);
});
