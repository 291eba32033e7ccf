import { TerraformStack } from "cdktf";
import { KafkaCluster, PostgreSqlCluster, PostgreSqlClusterProps, Size } from "../../lib";
import { requireUserName } from "../../lib/dataflow/postgresql/user-name";
import { someNetwork } from "../cluster/support";
import { testStack } from "../support/synth";

const kafka = (stack: TerraformStack) => new KafkaCluster(stack, "k", { network: someNetwork(stack) });
const database = (stack: TerraformStack, given: Partial<PostgreSqlClusterProps>) =>
  new PostgreSqlCluster(stack, "d", { network: someNetwork(stack), databaseName: "orders", ...given });

test.each<[string, (stack: TerraformStack) => unknown, RegExp]>([
  [
    "a list of topics",
    (stack) => kafka(stack).topics(["a", "b"] as never),
    /^stack\/k: names is \["a","b"\], .*: write topics\("a", …\)$/,
  ],
  ["a list of one topic", (stack) => kafka(stack).topics(["a"] as never), /: write topics\("a"\)$/],
  ["a list of none", (stack) => kafka(stack).topics([] as never), /: write topics\("orders"\)$/],
  [
    "storage that grows by too little",
    (stack) => database(stack, { allocatedStorage: Size.gibibytes(101), maxAllocatedStorage: Size.gibibytes(105) }),
    /must be the same as allocatedStorage, which is 101 GiB, or at least a tenth more: use Size\.gibibytes\(101\) for storage that does not grow, or Size\.gibibytes\(112\) and more$/,
  ],
  ["a user in large letters", () => requireUserName("name", "Writer", "dbowner"), /: set name to "writer"$/],
  ["a user with hyphens", () => requireUserName("name", "flink-writer", "dbowner"), /: set name to "flink_writer"$/],
  ["a user that none may be", () => requireUserName("name", "DbOwner", "dbowner"), /: set name to such a text$/],
])("a refusal of %s says what to write", (_, give, sentence) => {
  expect(() => give(testStack())).toThrow(sentence);
});
