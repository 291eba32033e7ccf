import { dangerousIn, judged, type ShownChange } from "./shown-plan";

type Values = Record<string, unknown>;

const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.it";

/** As the provider has a rule for objects below a prefix. */
function rule(prefix: string, days: { current?: number; older?: number; newer?: number; date?: string }): Values {
  const { current = 0, older, newer = null, date = null } = days;
  const filter = [{ and: [], prefix, tag: [] }];
  const expiration = [{ date, days: current, expired_object_delete_marker: current === 0 && date === null }];
  const old = older === undefined ? [] : [{ noncurrent_days: older, newer_noncurrent_versions: newer }];
  return { id: prefix, status: "Enabled", prefix: "", filter, expiration, noncurrent_version_expiration: old };
}

function rules(before: Values[] | undefined, after: Values[], unknown: Values = {}): ShownChange {
  return {
    ...{ address: LIFECYCLE, actions: before ? ["update"] : ["create"], unknown },
    before: before && { bucket: "orders", rule: before },
    after: { bucket: "orders", rule: after },
  };
}

const OLD = rule("checkpoints/", { older: 7 });

test.each<[string, ShownChange]>([
  ["the first rules of a bucket that is there", rules(undefined, [rule("", { current: 1 })])],
  ["one rule more", rules([OLD], [OLD, rule("", { current: 1 })])],
  ["fewer days", rules([OLD], [rule("checkpoints/", { older: 1 })])],
  ["objects beside their old versions", rules([OLD], [rule("checkpoints/", { older: 7, current: 30 })])],
  ["another prefix", rules([OLD], [rule("", { older: 7 })])],
  ["a day at which all goes", rules([OLD], [OLD, rule("ha/", { date: "2027-01-01T00:00:00Z" })])],
  ["fewer of the old versions", rules([rule("", { older: 7, newer: 3 })], [rule("", { older: 7 })])],
  ["one that was off", rules([{ ...OLD, status: "Disabled" }], [OLD])],
  ["what only the apply tells", rules([OLD], [], { rule: true })],
])("rules by which S3 deletes more are dangerous: %s", (_, change) => {
  expect(dangerousIn(judged([change]))).toEqual([LIFECYCLE]);
  expect(dangerousIn(judged([change], LIFECYCLE))).toEqual([]);
  expect(judged([change]).dangers[0].why).toContain('shortens how long is kept what is in the bucket "orders"');
});

test.each<[string, readonly ShownChange[]]>([
  ["more days", [rules([OLD], [rule("checkpoints/", { older: 30 })])]],
  ["one rule less", [rules([OLD], [])]],
  ["one that is off", [rules([OLD], [OLD, { ...rule("", { current: 1 }), status: "Disabled" }])]],
  ["parts of uploads", [rules([OLD], [OLD, { status: "Enabled", abort_incomplete_multipart_upload: [{ days: 1 }] }])]],
  ["another order", [rules([OLD, rule("ha/", { older: 1 })], [rule("ha/", { older: 1 }), OLD])]],
  [
    "those of a bucket that is made with them",
    [
      { address: "aws_s3_bucket.it", actions: ["create"], after: { bucket: "orders" } },
      rules(undefined, [rule("", { current: 1 })]),
    ],
  ],
  [
    "those of a bucket whose name only the apply tells",
    [
      { address: "aws_s3_bucket.it", actions: ["create"], after: { bucket_prefix: "orders" } },
      {
        ...{ address: LIFECYCLE, actions: ["create"], after: { rule: [OLD] } },
        ...{ unknown: { bucket: true }, references: { bucket: "aws_s3_bucket.it" } },
      },
    ],
  ],
])("rules by which S3 deletes nothing more are none: %s", (_, changes) => {
  expect(dangerousIn(judged(changes))).toEqual([]);
});

function kept(type: string, before: Values, after: Values, unknown: Values = {}): ShownChange {
  return { address: `${type}.it`, actions: ["update"], before: { name: "it", ...before }, after, unknown };
}

const LOGS = "aws_cloudwatch_log_group";
const DATABASE = "aws_db_instance";
const BROKERS = "aws_msk_configuration";

test.each<[string, ShownChange]>([
  ["lines of logs", kept(LOGS, { retention_in_days: 365 }, { retention_in_days: 7 })],
  ["lines that were for ever", kept(LOGS, { retention_in_days: 0 }, { retention_in_days: 3653 })],
  ["what only the apply tells", kept(LOGS, { retention_in_days: 365 }, {}, { retention_in_days: true })],
  ["backups", kept(DATABASE, { backup_retention_period: 7 }, { backup_retention_period: 0 })],
  ["rows", kept(BROKERS, {}, { server_properties: "log.retention.hours=24\n" })],
  [
    "rows by a finer setting",
    kept(BROKERS, {}, { server_properties: "log.retention.ms=1000\nlog.retention.hours=-1\n" }),
  ],
  ["bytes of rows", kept(BROKERS, {}, { server_properties: "log.retention.bytes=1000\n" })],
  ["rows by key", kept(BROKERS, {}, { server_properties: "log.cleanup.policy=compact\n" })],
])("what is kept for a shorter time is dangerous: %s", (_, change) => {
  expect(dangerousIn(judged([change]))).toEqual([change.address]);
});

test.each<[string, ShownChange]>([
  ["lines of logs", kept(LOGS, { retention_in_days: 7 }, { retention_in_days: 365 })],
  ["lines for ever", kept(LOGS, { retention_in_days: 7 }, { retention_in_days: 0 })],
  ["backups", kept(DATABASE, { backup_retention_period: 7 }, { backup_retention_period: 14 })],
  [
    "rows",
    kept(BROKERS, { server_properties: "log.retention.hours=24" }, { server_properties: "log.retention.hours=-1" }),
  ],
  [
    "other settings",
    kept(BROKERS, { server_properties: "" }, { server_properties: "# log.retention.ms=1\nnum.io.threads=8\n" }),
  ],
])("what is kept as long or longer is none: %s", (_, change) => {
  expect(dangerousIn(judged([change]))).toEqual([]);
});
