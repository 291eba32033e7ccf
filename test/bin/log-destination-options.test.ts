import { logSourceOf, openSearchOf } from "../../bin/log-destination-options";
import { CloudWatchLogs } from "../../lib/observability/log-search/cloudwatch-logs";

const DESTINATION = {
  kind: "cloudwatch",
  logGroupName: "/flink/orders",
  region: "eu-west-1",
  endpoint: "https://logs.eu-west-1.amazonaws.com",
} as const;

jest.mock("../../lib/software/log-destination", () => ({ logDestination: () => Promise.resolve(DESTINATION) }));

const FLAGS = { bucket: "checkpoints", cluster: "orders", region: "eu-west-1" };
const warn = () => undefined;

test("a cluster whose logs go to CloudWatch Logs is searched there", async () => {
  expect((await logSourceOf(FLAGS, warn)).source).toBeInstanceOf(CloudWatchLogs);
});

test.each([
  ["--user", { user: "reader" }],
  ["--ca", { ca: "authority.pem" }],
  ["--connect-to", { connectTo: { host: "localhost", port: 9200 } }],
  ["--index-prefix", { indexPrefix: "logs" }],
])("%s is refused there, as it would have no effect", async (flag, given) => {
  await expect(logSourceOf({ ...FLAGS, ...given }, warn)).rejects.toThrow(
    `${flag} is about OpenSearch, and the logs of orders go to the log group /flink/orders of CloudWatch Logs: leave it out`,
  );
});

test("prepare-logs has nothing to prepare there", async () => {
  await expect(openSearchOf(FLAGS, { cluster: "orders", spec: DESTINATION })).rejects.toThrow(
    /^the logs of orders go to the log group \/flink\/orders of CloudWatch Logs, which has neither indices nor a policy/,
  );
});
