import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CheckpointBucket, DataBucket, FlinkNetwork, Key } from "../../../lib";
import { KEY_ARN, someBucket, someNetwork } from "../support";
import { cluster } from "./row";
import {
  existingKafka,
  existingOpenSearch,
  existingPostgreSql,
  KAFKA_ATTRIBUTES,
  OPENSEARCH_ATTRIBUTES,
  POSTGRESQL_ATTRIBUTES,
} from "./systems";
import { TOKENS } from "./values";

const constructOf = (kind: string) => ({
  toString: (): string => `a ${kind} that each stack needs for itself`,
});

/** Constructs belong to a stack, so these stand for one that is made in the stack of the test. */
export const MADE_IN_STACK = new Map<unknown, (stack: TerraformStack) => unknown>([
  [constructOf("network"), (stack) => someNetwork(stack, "made")],
  [constructOf("own network"), (stack) => new FlinkNetwork(stack, "made")],
  [constructOf("bucket"), (stack) => someBucket(stack, "made")],
  [constructOf("own bucket"), (stack) => new CheckpointBucket(stack, "made")],
  [constructOf("prefix"), (stack) => new DataBucket(stack, "made").prefix("in/")],
  [constructOf("topics"), (stack) => existingKafka(stack, "made", KAFKA_ATTRIBUTES).topics("orders")],
  [constructOf("schema"), (stack) => existingPostgreSql(stack, "made", POSTGRESQL_ATTRIBUTES).schema("analytics")],
  [constructOf("indices"), (stack) => existingOpenSearch(stack, "made", OPENSEARCH_ATTRIBUTES).indices("orders-*")],
  [constructOf("search"), (stack) => existingOpenSearch(stack, "made", OPENSEARCH_ATTRIBUTES)],
  [constructOf("database"), (stack) => existingPostgreSql(stack, "made", POSTGRESQL_ATTRIBUTES)],
  [constructOf("cluster"), (stack) => cluster(stack, {}, "made")],
  [constructOf("key"), (stack) => Key.fromKeyAttributes(stack, "made", { keyArn: KEY_ARN })],
  [constructOf("key of the program"), (stack) => Key.fromKeyAttributes(stack, "made", { keyArn: TOKENS.text })],
  [constructOf("key by its alias"), (stack) => keyLike(stack, KEY_ARN.replace("key/", "alias/"))],
  [constructOf("key without an ARN"), (stack) => keyLike(stack, undefined)],
]);

export const [
  NETWORK,
  OWN_NETWORK,
  BUCKET,
  OWN_BUCKET,
  DATA_PREFIX,
  TOPICS,
  SCHEMA,
  INDICES,
  SEARCH,
  DATABASE,
  CLUSTER,
  KEY,
  TOKEN_KEY,
  ...NO_KEYS
] = [...MADE_IN_STACK.keys()];

/** A key as programs may make it by themselves. */
function keyLike(stack: TerraformStack, keyArn: unknown): Construct {
  return Object.assign(new Construct(stack, "made"), { keyArn });
}

export const KEYS = {
  takes: [KEY, TOKEN_KEY],
  refuses: [NETWORK, BUCKET, KEY_ARN, { keyArn: KEY_ARN }, ...NO_KEYS],
  isMap: true,
};
