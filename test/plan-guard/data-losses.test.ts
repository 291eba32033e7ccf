import { kindOf } from "../../lib/plan-guard/resource-kinds";
import { dangerousIn, judged, type ShownChange } from "./shown-plan";

/** Types that hold data in the stacks of this library. */
const HOLDERS = [
  "aws_cloudwatch_log_group",
  "aws_db_instance",
  "aws_ebs_volume",
  "aws_kms_key",
  "aws_msk_cluster",
  "aws_opensearch_domain",
  "aws_s3_bucket",
  "aws_s3_object",
  "aws_secretsmanager_secret",
];

function lost(type: string, actions: readonly string[], before: Record<string, unknown> = {}): ShownChange {
  return {
    address: `${type}.it`,
    actions,
    before: { id: "it", ...before },
    after: actions.length > 1 ? {} : undefined,
  };
}

describe.each(HOLDERS)("%s", (type) => {
  test("is known to hold data", () => expect(kindOf(type)).toBe("data"));

  test.each([[["delete"]], [["delete", "create"]], [["create", "delete"]]])(
    "is missed where a plan does %s",
    (actions) => {
      expect(dangerousIn(judged([lost(type, actions)]))).toEqual([`${type}.it`]);
      expect(dangerousIn(judged([lost(type, actions)], `${type}.it`))).toEqual([]);
    },
  );

  test.each([["no-op"], ["create"], ["update"], ["forget"]])("is there where a plan does %s", (action) => {
    expect(dangerousIn(judged([lost(type, [action])]))).toEqual([]);
  });
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["is", { is_enabled: false }, {}],
  ["may be", {}, { is_enabled: true }],
])("a key that %s disabled by the plan is missed", (_, after, unknown) => {
  const key = { address: "aws_kms_key.it", actions: ["update"], before: { is_enabled: true }, after, unknown };
  expect(dangerousIn(judged([key]))).toEqual(["aws_kms_key.it"]);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "aws_s3_bucket",
    { bucket: "some-checkpoints", force_destroy: true },
    /^deletes the bucket "some-checkpoints": all objects in it go with it/,
  ],
  ["aws_s3_bucket", { bucket: "some-checkpoints" }, /AWS refuses that while anything is in it/],
  [
    "aws_kms_key",
    { description: "Volumes", deletion_window_in_days: 7 },
    /the key "Volumes": nothing under it .* for 7 days/,
  ],
  ["aws_kms_key", { key_usage: "SIGN_VERIFY" }, /no certificate of this authority is renewed/],
  [
    "aws_ebs_volume",
    { tags: { Name: "orders-node-1-data" } },
    /the volume "orders-node-1-data": .* cannot be brought back/,
  ],
  ["aws_db_instance", { skip_final_snapshot: false }, /takes a last snapshot/],
])("what the end of %s with %j means is said", (type, before, said) => {
  expect(judged([lost(type, ["delete"], before)]).dangers[0].why).toMatch(said);
});

test("another value of what is fixed for life is dangerous, and its end with all else is not told twice", () => {
  const fixed = {
    address: "terraform_data.flink_FixedForLife_Resource_0123ABCD",
    actions: ["delete", "create"],
    before: { triggers_replace: { architecture: "amd64", cluster_name: "orders" } },
    after: { triggers_replace: { architecture: "arm64", cluster_name: "orders" } },
  };
  const judgement = judged([fixed]);
  expect(dangerousIn(judgement)).toEqual([fixed.address]);
  expect(judgement.fixedChanges).toEqual([{ address: fixed.address, what: "architecture: amd64 -> arm64" }]);
  expect(dangerousIn(judged([{ ...fixed, actions: ["delete"], after: undefined }]))).toEqual([]);
});

test("what changes whether old versions are kept is told of, and a volume that AWS makes no smaller", () => {
  const bucket = { bucket: "orders" };
  const versions = { address: "aws_s3_bucket_versioning.it", actions: ["delete"], before: bucket };
  const volume = { address: "aws_ebs_volume.it", actions: ["update"], before: { size: 20 }, after: { size: 10 } };
  expect(judged([versions, volume]).notes).toEqual([
    "aws_ebs_volume.it gets smaller, which AWS refuses in the apply",
    "aws_s3_bucket_versioning.it changes whether S3 keeps what is overwritten or deleted",
  ]);
  const end = { address: "aws_s3_bucket.it", actions: ["delete"], before: { id: "orders" } };
  expect(judged([end, versions]).notes).toEqual([]);
  expect(judged([{ ...volume, after: { size: 40 } }]).notes).toEqual([]);
});

test("an end that is not understood is told of, and so is an allowance that nothing needs", () => {
  const { notes } = judged([lost("aws_of_tomorrow", ["delete"])], "aws_kms_key.gone");
  expect(notes).toEqual([
    "aws_of_tomorrow.it is deleted, and whether a aws_of_tomorrow holds data is not known here",
    "--allow aws_kms_key.gone is not needed: leave it out, as it would allow what comes later",
  ]);
});
