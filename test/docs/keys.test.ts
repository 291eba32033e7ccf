import { readFileSync } from "node:fs";
import path from "node:path";
import { CheckpointBucket, FlinkNetwork } from "../../lib";
import { cluster } from "../cluster/support";
import { Block, statements, synthesize } from "../support/synth";

/** What the page tells users to write into the policy of a key of their own. */
const page = readFileSync(path.join(__dirname, "../../docs/keys.md"), "utf8");
const documented = [...page.matchAll(/```json\n([^`]+)```/g)].map(([, json]) => JSON.parse(json) as Block);

/** A statement of ours with the example's account and region, and any log group of flow logs instead of the one. */
function asDocumented(statement: Block): Block {
  const text = JSON.stringify(statement)
    .replaceAll(/\$\{data\.aws_partition\.\w+\.partition\}/g, "aws")
    .replaceAll(/\$\{data\.aws_partition\.\w+\.dns_suffix\}/g, "amazonaws.com")
    .replaceAll(/\$\{data\.aws_region\.\w+\.id\}/g, "eu-west-1")
    .replaceAll(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, "123456789012")
    .replaceAll(/\$\{aws_vpc\.\w+\.id\}/g, "*")
    // The two mean the same (IAM User Guide, "ARN condition operators").
    .replaceAll("ArnEquals", "ArnLike");
  return JSON.parse(text) as Block;
}

test("the statements for a key of the user are those of our own keys, all of them and no other", () => {
  const synthesized = synthesize((stack) => {
    cluster(stack, {
      network: new FlinkNetwork(stack, "network"),
      checkpointBucket: new CheckpointBucket(stack, "checkpoints"),
      nodeCount: 1,
    });
  });
  const symmetric = synthesized.all("aws_kms_key").filter(({ key_usage: usage }) => usage === undefined);
  expect(symmetric).toHaveLength(3);
  const ours = symmetric.flatMap(({ policy }) => Object.values(statements(policy)).map(asDocumented));
  const bySid = (list: Block[]) => Object.fromEntries(list.map((each) => [each.Sid as string, each]));
  expect(bySid(documented)).toEqual(bySid(ours));
  expect(documented.map(({ Sid }) => Sid as string)).toEqual(["AccountAdministration", "CloudWatchLogs"]);
});
