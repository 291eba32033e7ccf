import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import ts from "typescript";
import { addDashboards } from "../../../bin/dashboards-command";
import { LogField } from "../../../lib";
import { flinkLogFiles } from "../../../lib/observability/opensearch-objects/flink-log-files";
import { LOG_FIELD_TYPES } from "../../../lib/observability/opensearch-objects/log-fields";

const FOLDER = path.resolve(__dirname, "../../../lib/observability/opensearch-objects");

let out: string;
beforeEach(() => (out = mkdtempSync(path.join(tmpdir(), "dashboards-"))));
afterEach(() => {
  rmSync(out, { recursive: true });
  jest.restoreAllMocks();
});

async function run(...flags: string[]): Promise<string> {
  const said = jest.spyOn(console, "log").mockImplementation();
  const cli = new Command().exitOverride();
  addDashboards(cli);
  await cli.parseAsync(["dashboards", ...flags], { from: "user" });
  return said.mock.calls.flat().join("\n");
}

test("the command writes each file, twice the same, and says what each is for", async () => {
  const said = await run("--out", path.join(out, "of/logs"));
  const written = readdirSync(path.join(out, "of/logs")).sort();
  const files = flinkLogFiles("logs", 3);
  expect(written).toEqual(files.map(({ name }) => name).sort());
  for (const { name, purpose, text } of files) {
    expect(said).toMatch(new RegExp(`  ${name} +${purpose}`));
    expect(readFileSync(path.join(out, "of/logs", name), "utf8")).toBe(text);
  }
  await expect(run("--out", path.join(out, "of/logs"))).resolves.toContain("prepare-logs");
});

test("a prefix and a number of days of one's own are in all of them", async () => {
  await run("--out", out, "--index-prefix", "flink", "--retention-days", "30");
  const text = (name: string): string => readFileSync(path.join(out, name), "utf8");
  for (const name of readdirSync(out)) expect(text(name)).not.toMatch(/"logs-|\/logs-/);
  expect(text("retention-policy.json")).toContain('"min_index_age": "31d"');
  expect(text("saved-objects.ndjson")).toContain('"title":"flink-*"');
  expect(text("monitor-silent-node.json")).toContain('"flink-*"');
});

test.each([
  [["--index-prefix", "Logs"], /^--index-prefix is "Logs", but must be 2 to 200 lower-case letters/],
  [["--retention-days", "0"], /Give a whole number from 1 to 10000/],
  [[], /required option '--out/],
])("%p is refused", async (flags, sentence) => {
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(run(...flags, ...(flags.length > 0 ? ["--out", out] : []))).rejects.toThrow(sentence);
  expect(readdirSync(out)).toEqual([]);
});

test("the requests to be pasted have the bodies of the files", () => {
  const files = new Map(flinkLogFiles("logs", 3).map(({ name, text }) => [name, text]));
  const requests = files
    .get("dev-tools.txt")!
    .split(/^# .*\n/m)
    .filter(Boolean);
  const bodies = requests.map((request) => JSON.parse(request.slice(request.indexOf("\n"))) as object);
  expect(requests.map((request) => request.split("\n")[0])).toEqual([
    "PUT _index_template/logs-lines",
    "PUT _plugins/_ism/policies/logs-retention",
    ...Array.from({ length: 3 }, () => "POST _plugins/_alerting/monitors"),
  ]);
  const jsonFiles = [...files].filter(([name]) => name.endsWith(".json"));
  expect(bodies).toEqual(jsonFiles.map(([, text]) => JSON.parse(text) as object));
});

test("every field that can be chosen for documents has a type, and no other has but those that are always there", () => {
  const always = ["@timestamp", "message", "refused"];
  expect(Object.keys(LOG_FIELD_TYPES).sort()).toEqual([...always, ...Object.values(LogField)].sort());
});

test("the objects know nothing of Terraform: the command line bundles them", () => {
  const files = readdirSync(FOLDER);
  const imported = files.flatMap((file) =>
    ts.preProcessFile(readFileSync(path.join(FOLDER, file), "utf8")).importedFiles.map(({ fileName }) => fileName),
  );
  expect(files.length).toBeGreaterThan(20);
  expect(imported.filter((name) => !/^(node:|\.\/|\.\.\/\.\.\/(core\/(?!terraform)|settings\/))/.test(name))).toEqual(
    [],
  );
});
