import { desiredStateKey } from "../../lib/core/bucket-layout";
import type { LogDestinationSpec } from "../../lib/node/logs/log-shipping";
import { LOG_EXPORTER_CONFIGURATION_FILE } from "../../lib/node/paths";
import { logDestination } from "../../lib/software/log-destination";
import { bucketOf } from "./bucket-of-texts";

const DESTINATION: LogDestinationSpec = {
  kind: "opensearch",
  url: "https://search.example.internal:9200",
  indexPrefix: "flink",
  login: { kind: "iam", region: "eu-west-1" },
  timeoutSeconds: 30,
};

function stateWith(destination: unknown) {
  const content = JSON.stringify({ schemaVersion: 1, destination });
  const files = [
    { path: "/etc/cdktf-flink/other", content: "{}" },
    { path: LOG_EXPORTER_CONFIGURATION_FILE, content },
  ];
  return bucketOf({ [desiredStateKey("orders")]: JSON.stringify({ nodes: [{ name: "orders-node-1", files }] }) });
}

test("the destination is the one that the nodes are told", async () => {
  expect(await logDestination(stateWith(DESTINATION))).toEqual(DESTINATION);
});

test.each([
  [
    "a cluster that is not there",
    bucketOf({}),
    "the bucket some-bucket holds no desired state of a cluster named orders: check --cluster and --bucket, or apply the stack of the cluster first",
  ],
  [
    "one that ships no logs",
    bucketOf({
      [desiredStateKey("orders")]: JSON.stringify({ files: [], nodes: [{ name: "orders-node-1", files: [] }] }),
    }),
    "the logs of the cluster orders go nowhere: give its program a LogIntegration and apply it, or name the destination with --url",
  ],
  [
    "a destination of a later version",
    stateWith({ kind: "a-later-one" }),
    "this version of cdktf-flink does not know where the desired state of orders in the bucket some-bucket sends its logs: use the version that applied it",
  ],
])("%s is one sentence", async (_, from, sentence) => {
  await expect(logDestination(from)).rejects.toThrow(sentence);
});
