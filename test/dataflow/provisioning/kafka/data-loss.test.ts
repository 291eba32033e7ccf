import { lossBy } from "../../../../lib/dataflow/provisioning/kafka/data-loss";

const topic = (policy: string, retention: string) => ({ "cleanup.policy": policy, "retention.ms": retention });

test.each([
  [topic("delete", "2000"), { "retention.ms": "1999" }, "retention.ms from 2000 to 1999"],
  [topic("delete", "-1"), { "retention.ms": "2000" }, "retention.ms from -1 to 2000"],
  [topic("delete", "2000"), { "cleanup.policy": "compact" }, "cleanup.policy from delete to compact"],
  [topic("compact", "2000"), { "cleanup.policy": "compact,delete" }, "cleanup.policy from compact to compact,delete"],
  [topic("compact", "1"), topic("delete", "2"), "cleanup.policy from compact to delete"],
])("of %j rows go by %j", (now, wanted, loss) => {
  expect(lossBy(now, wanted)).toBe(loss);
});

test.each([
  [topic("delete", "2000"), {}],
  [topic("delete", "2000"), { "retention.ms": "2000" }],
  [topic("delete", "2000"), { "retention.ms": "-1" }],
  [topic("compact,delete", "2000"), { "cleanup.policy": "delete,compact" }],
  [topic("compact,delete", "2000"), { "cleanup.policy": "compact" }],
  // Where none is deleted for its age, it does not count.
  [topic("compact", "2000"), { "retention.ms": "1000" }],
])("of %j none go by %j", (now, wanted) => {
  expect(lossBy(now, wanted)).toBeUndefined();
});
