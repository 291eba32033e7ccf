import { CheckpointBucket, DataBucket, FlinkNetwork, LogQuery } from "../../lib";
import { refuse, showValue } from "../../lib/core/validation";
import { testStack } from "../support/synth";

test("a refusal is one line, whatever the construct's id and the value hold", () => {
  const make = () => new CheckpointBucket(testStack(), "line\nbreak\u001b[31m", { bucketName: "x\n\u202ey" });
  expect(make).toThrow(/^stack\/line break \[31m: bucketName is "x\\n y", but must be /);
});

test("a refusal is one line where it names another construct", () => {
  const shown = { property: "routes of stack/line\nbreak", value: 1, allowed: "left out", remedy: "leave them out" };
  expect(() => refuse(shown)).toThrow(/^routes of stack\/line break is 1, but must be left out: leave them out$/);
});

test.each([
  ["a query of everything", LogQuery.all(), '{"text":"","joinedBy":"nothing"}'],
  ["spaces and control characters", { toString: (): string => " \u001b\n" }, "{}"],
])("a value that says nothing of itself is shown by what it holds: %s", (_, value, shown) => {
  expect(showValue(value)).toBe(shown);
  expect(() => refuse({ property: "network", value, allowed: "a FlinkNetwork", remedy: "create one" })).toThrow(
    `network is ${shown}, but must be a FlinkNetwork: create one`,
  );
});

test("a refusal does not repeat a text that is far too long", () => {
  const given = "x".repeat(20_000);
  const prefix = () => new DataBucket(testStack(), "files").prefix(given);
  expect(prefix).toThrow(/: set prefix to such a text$/);
  expect(() => new DataBucket(testStack(), "files").prefix("in")).toThrow(/: write "in\/"$/);
  expect(() => new FlinkNetwork(testStack(), "network", { cidr: given })).toThrow(
    /^stack\/network: cidr is "x{119}…, /,
  );
});
