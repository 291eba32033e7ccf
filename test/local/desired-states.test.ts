import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { DataBucket, FlinkVersion } from "../../lib";
import { clusterOfState } from "../../lib/local/cluster-of-state";
import { desiredStateOfFile, synthesizedState } from "../../lib/local/desired-states";
import { cluster } from "../cluster/support";
import { testStack } from "../support/synth";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "desired-states-"));
  const app = new App({ outdir: join(folder, "cdktf.out") });
  const first: TerraformStack = testStack("first", app);
  cluster(first, { clusterName: "orders", flinkConfiguration: { "pipeline.name": "100 %{x} and ${y}" } });
  new DataBucket(first, "files");
  cluster(testStack("second", app), { clusterName: "payments", version: FlinkVersion.V2_3 });
  testStack("third", app);
  app.synth();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function out(...below: string[]): string {
  return join(folder, "cdktf.out", ...below);
}

test("a cluster is found in all that was synthesized by its name, and in its stack alone", () => {
  expect(synthesizedState(out(), "payments").cluster).toBe("payments");
  const state = synthesizedState(out("stacks", "first"));
  const found = clusterOfState(state);
  expect(found).toMatchObject({ name: "orders", flink: "2.2.1" });
  expect(found.libraries).toEqual(["flink-s3-fs-presto", "flink-s3-fs-hadoop"]);
  // As Terraform would write it.
  expect(found.configuration["pipeline.name"]).toBe("100 %{x} and ${y}");
  expect(clusterOfState(synthesizedState(out(), "payments")).flink).toBe("2.3.0");
});

test("a file is read as a node keeps it", () => {
  const file = join(folder, "state.json");
  writeFileSync(file, JSON.stringify(synthesizedState(out(), "orders"), null, 1));
  expect(desiredStateOfFile(file)).toEqual(synthesizedState(out(), "orders"));
});

test.each([
  [() => synthesizedState(out()), /holds more than one cluster: name one of orders, payments with --cluster$/],
  [
    () => synthesizedState(out(), "order"),
    /holds no cluster named order: name one of orders, payments with --cluster$/,
  ],
  [
    () => synthesizedState(out("stacks", "third")),
    /holds no synthesized Flink cluster, or none whose software is known: run `npx cdktf-flink fetch`, then/,
  ],
  [() => synthesizedState(join(folder, "none")), /^there is no folder .*none: run `npx cdktf synth`/],
  [
    () => desiredStateOfFile(join(folder, "none.json")),
    /none\.json cannot be read: mend what the system says \(ENOENT/,
  ],
  [() => desiredStateOfFile(fileWith("nothing")), /holds no desired state of a cluster: take it from a stack/],
  [
    () => desiredStateOfFile(fileWith('{"schemaVersion":2}')),
    /holds no desired state of a cluster: take it from a stack/,
  ],
  [() => desiredStateOfFile(fileWith("[]")), /holds no desired state of a cluster: take it from a stack/],
])("what cannot be one is told in one sentence: %#", (read, told) => {
  expect(read).toThrow(told);
});

function fileWith(text: string): string {
  mkdirSync(join(folder, "files"), { recursive: true });
  const file = join(folder, "files", "state.json");
  writeFileSync(file, text);
  return file;
}
