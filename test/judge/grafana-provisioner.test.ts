import { FlinkMetricDashboards, FlinkNetwork, GrafanaDashboards, PrometheusStore } from "../../lib";
import { KEY_ARN } from "../cluster/support";
import { secretArn, withSecrets } from "./account-with-secrets";
import { Bench, kms, secretsManager, Sent } from "./bench";
import { policiesOf } from "./synthesized-account";

const NAMES = ["grafana-token", "orders-reader"];
const [TOKEN, OTHER] = NAMES.map(secretArn);

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
const bench = new Bench(withSecrets(account, NAMES, KEY_ARN));

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
