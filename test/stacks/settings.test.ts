import { readFileSync } from "node:fs";
import path from "node:path";
import { App, Testing } from "cdktf";
import {
  booleanSetting,
  choiceSetting,
  listSetting,
  numberSetting,
  regionSetting,
  requireKnownSettings,
  setting,
  SETTINGS_OF,
  variableOf,
} from "../../stacks/settings";

const environment = process.env;
const withEnvironment = (variables: Record<string, string>): void => {
  process.env = variables;
};
afterEach(() => {
  process.env = environment;
});

const app = (context?: Record<string, unknown>): App => Testing.app({ context });

test("a variable wins over the context, and an empty one counts as none", () => {
  withEnvironment({ FLINK_NODE_COUNT: "5", FLINK_CIDR: "" });
  expect(numberSetting(app({ nodeCount: 1 }), "nodeCount")).toBe(5);
  expect(setting(app(), "cidr")).toBeUndefined();
  expect(booleanSetting(app({ terminationProtection: false }), "terminationProtection")).toBe(false);
  withEnvironment({ FLINK_ALLOW_STATE_LOSS: "true" });
  expect(booleanSetting(app(), "allowStateLoss")).toBe(true);
});

test("a list is parted by commas, or is one in the context", () => {
  withEnvironment({ FLINK_SOURCE_TOPICS: "orders, customers" });
  expect(listSetting(app(), "sourceTopics")).toEqual(["orders", "customers"]);
  expect(listSetting(app({ sinkFiles: ["out/", "rejected/"] }), "sinkFiles")).toEqual(["out/", "rejected/"]);
  expect(listSetting(app(), "sinkFiles")).toBeUndefined();
});

test.each([[[]], [["out/", ""]], [["out/", 1]], ["out/,"], [","]])("%j is no list", (sinkFiles) => {
  withEnvironment({});
  expect(() => listSetting(app({ sinkFiles }), "sinkFiles")).toThrow(
    /^FLINK_SINK_FILES is ".+", but must be texts parted by commas, or a list of texts in the context: take out what is empty, or the last comma$/,
  );
});

test("a list parted by blanks is refused with the place where a comma is missing", () => {
  withEnvironment({ FLINK_SOURCE_TOPICS: "alerts, orders customers" });
  expect(() => listSetting(app(), "sourceTopics")).toThrow(
    'FLINK_SOURCE_TOPICS is "alerts, orders customers", but must be texts parted by commas, or a list of texts in the context: put commas where there are blanks in "orders customers"',
  );
});

test("what is no number is handed on as it was given", () => {
  withEnvironment({ FLINK_NODE_COUNT: "three" });
  expect(numberSetting(app(), "nodeCount")).toBe("three");
});

test.each([
  ["FLINK_NODES", "FLINK_NODE_COUNT"],
  ["FLINK_VERSION", "FLINK_FLINK_VERSION"],
  ["FLINK_INSTANCETYPE", "FLINK_INSTANCE_TYPE"],
  ["FLINK_CHECKPOINT_INTERVAL", "FLINK_CHECKPOINT_INTERVAL_SECONDS"],
])("%s is refused, and %s is named", (given, meant) => {
  withEnvironment({ [given]: "x" });
  expect(() => requireKnownSettings(app())).toThrow(
    `${given} is set, but is no setting of these stacks: write ${meant}, or take it out`,
  );
});

test("a setting of the pipeline is refused where there is no source, and not silently left", () => {
  withEnvironment({ FLINK_SOURCE_TOPICS: "orders" });
  expect(() => requireKnownSettings(app())).toThrow(
    "FLINK_SOURCE_TOPICS is set, but is a setting of stacks/pipeline alone: deploy that program (docs/stacks.md), or take it out",
  );
  expect(() => requireKnownSettings(app(), "pipeline")).not.toThrow();
});

test("a context key that is a setting but for its letters' case or its plural is refused; others' are let be", () => {
  withEnvironment({});
  expect(() => requireKnownSettings(app({ sinkTopic: "orders:6" }), "pipeline")).toThrow(
    "write sinkTopics, or take it out",
  );
  expect(() => requireKnownSettings(app({ nodecount: 3 }))).toThrow("write nodeCount, or take it out");
  expect(() => requireKnownSettings(app({ excludeStackIdFromLogicalIds: true, nodeCount: 3 }))).not.toThrow();
});

test("variables of Flink's own scripts and of others are let be", () => {
  withEnvironment({ FLINK_HOME: "/opt/flink", FLINK_CONF_DIR: "/etc/flink", FLINK_ENV_JAVA_OPTS_CLI: "x", PATH: "/" });
  expect(() => requireKnownSettings(app())).not.toThrow();
});

test("a choice in other letters is refused with how to write it", () => {
  withEnvironment({ FLINK_REMOVAL_POLICY: "DESTROY" });
  expect(() => choiceSetting(app(), "removalPolicy", ["retain", "destroy"])).toThrow(
    'FLINK_REMOVAL_POLICY is "DESTROY", but must be retain or destroy: write destroy',
  );
  withEnvironment({ FLINK_SINK_TABLE_ACCESS: "upsert_and_delete" });
  expect(() => choiceSetting(app(), "sinkTableAccess", ["append", "upsert", "upsert-and-delete"])).toThrow(
    'FLINK_SINK_TABLE_ACCESS is "upsert_and_delete", but must be append, upsert or upsert-and-delete: write upsert-and-delete',
  );
});

test.each([
  [{}, "eu-west-1"],
  [{ AWS_REGION: "us-gov-west-1" }, "us-gov-west-1"],
  [{ AWS_REGION: "us-east-1", FLINK_REGION: "ap-southeast-2" }, "ap-southeast-2"],
])("the region of %j is %s", (variables, region) => {
  withEnvironment(variables);
  expect(regionSetting(app())).toBe(region);
});

test.each(["eu_west_1", "eu-west-1a", "Ireland", "eu-west"])("%s is no region", (region) => {
  withEnvironment({ AWS_REGION: region });
  expect(() => regionSetting(app())).toThrow(`AWS_REGION is "${region}", but must be the name of a region`);
});

test("the page of the ready stacks has a row for every setting, and for nothing else", () => {
  const page = readFileSync(path.join(__dirname, "../../docs/stacks.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `(FLINK_\w+)`/gm)].map(([, name, variable]) => ({ name, variable }));
  expect(rows.map(({ name }) => name)).toEqual(SETTINGS_OF.pipeline);
  expect(rows.map(({ variable }) => variable)).toEqual(SETTINGS_OF.pipeline.map(variableOf));
});
