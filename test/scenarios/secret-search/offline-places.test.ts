import { execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { temporaryFolder } from "../../node/support/software";
import { Copies } from "./copies";
import { Matcher } from "./matcher";
import { needlesOf } from "./needles";
import { mistakesOf, plant, valueOf } from "./planted";
import { searchConsole } from "./places";
import { passwordsIn } from "./rest-answers";
import { searchTerraformFiles } from "./terraform-files";
import { findingsOf } from "./verdict";

// Programs are started, on a machine that may be busy.
jest.setTimeout(120_000);

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => fs.rmSync(folder, { recursive: true }));

function write(name: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), content);
}

/** A plan is a zip, packed. */
function zip(name: string, entry: string, content: string): void {
  const script = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as file:\n";
  const write = "  file.writestr(sys.argv[2], sys.stdin.read())\n";
  execFileSync("python3", ["-c", script + write, path.join(folder, name), entry], { input: content });
}

test("what lies where Terraform ran is found: states, plans unzipped, what was synthesized", async () => {
  const [state, backup, plan, file] = [
    plant("state", ["Terraform's states"]),
    plant("backup", ["Terraform's states"]),
    plant("plan", ["plan files, unzipped"]),
    plant("file", ["synthesized files and Terraform's output"]),
  ];
  write("terraform.streaming.tfstate", JSON.stringify({ value: valueOf(state) }));
  write("terraform.streaming.tfstate.backup", JSON.stringify({ value: valueOf(backup) }));
  write("cdktf.out/stacks/streaming/cdk.tf.json", JSON.stringify({ value: valueOf(file) }));
  write("cdktf.out/stacks/streaming/.terraform/provider", valueOf(file));
  zip("cdktf.out/stacks/streaming/planned.tfplan", "tfplan", `${"x".repeat(5000)}${valueOf(plan)}`);

  const plants = [state, backup, plan, file];
  const secrets = plants.map(({ secret }) => secret);
  const searched = await searchTerraformFiles(folder, new Matcher(needlesOf(secrets)));
  const findings = findingsOf(searched, secrets);
  expect(mistakesOf(plants, findings)).toEqual([]);
  expect(findings.map(({ where }) => where)).toContain("cdktf.out/stacks/streaming/planned.tfplan: tfplan (verbatim)");
  expect(searched.map(({ things }) => things)).toEqual([2, 1, 1]);
});

test("copies of what cannot be changed are found by what searches the originals, and leave those alone", async () => {
  write("machine.log", "Welcome to Debian\n");
  fs.mkdirSync(path.join(folder, "copies"));
  const consoleLog = path.join(folder, "machine.log");
  const environment = JSON.stringify({ jvm: { options: [] }, classpath: [] });
  const copies = new Copies(
    { userData: Buffer.from("#!/bin/sh"), consoleLog, environment },
    path.join(folder, "copies"),
  );
  const secrets = copies.all.map(({ secret }) => secret);
  const matcher = new Matcher(needlesOf(secrets));
  expect(mistakesOf(copies.all, findingsOf(await copies.search(matcher), secrets))).toEqual([]);
  expect(findingsOf([await searchConsole(consoleLog, matcher)], secrets)).toEqual([]);
});

describe("passwords that Flink shows", () => {
  const config = (password: string, other = "1g") =>
    JSON.stringify([
      { key: "security.ssl.rest.key-password", value: password },
      { key: "jobmanager.memory.process.size", value: other },
    ]);

  test("are none where it hides them", () => {
    expect(passwordsIn(config("******"), '{"jvm":{}}')).toEqual([]);
  });

  test("are told by their keys, wherever they stand", () => {
    expect(passwordsIn(config("hello"), "{}")).toEqual(["security.ssl.rest.key-password"]);
    expect(passwordsIn(config("******", "-Dx=changeit"), "{}")).toEqual(["jobmanager.memory.process.size"]);
    expect(passwordsIn(config("******"), '{"options":["-Dpassword=changeit"]}')).toEqual(["the environment"]);
  });

  test("cannot be looked for where none is set", () => {
    expect(() => passwordsIn("[]", "{}")).toThrow("has no password: nothing would be looked at");
  });
});
