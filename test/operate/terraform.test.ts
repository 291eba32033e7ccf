import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Terraform } from "../../lib/operate/terraform";
import { waitFor } from "../lab/wait-for";

let folder: string;
const { TERRAFORM_BINARY_NAME: before } = process.env;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "terraform-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = before;
});

/** A program in Terraform's place, which writes down what it is asked. */
function terraformThat(does: string): Terraform {
  const program = path.join(folder, "program");
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${path.join(folder, "asked")}\n${does}\n`);
  chmodSync(program, 0o755);
  process.env.TERRAFORM_BINARY_NAME = program;
  return new Terraform("some/stack");
}

const asked = (): string => readFileSync(path.join(folder, "asked"), "utf8");

test("it plans what is to be made anew, and applies exactly that, in the folder of the stack", async () => {
  const terraform = terraformThat(
    'echo "aws_instance.a: Creating..."; echo "Warning: Applied changes may be incomplete"; echo "aws_instance.a: Creation complete"',
  );
  const steps: string[] = [];
  await terraform.plan({
    replace: ["aws_instance.a"],
    targets: ["aws_instance.a", "aws_volume_attachment.a"],
    out: "p",
  });
  await terraform.apply("p", (step) => steps.push(step));
  expect(asked()).toBe(
    [
      "-chdir=some/stack plan -no-color -input=false -out=p -replace=aws_instance.a -target=aws_instance.a -target=aws_volume_attachment.a",
      "-chdir=some/stack apply -no-color -input=false p\n",
    ].join("\n"),
  );
  expect(steps).toEqual(["aws_instance.a: Creating...", "aws_instance.a: Creation complete"]);
});

test("the values of outputs are read", async () => {
  const terraform = terraformThat(`echo '{"orders": {"value": {"region": "eu-west-1"}, "type": "object"}}'`);
  expect(await terraform.outputs()).toEqual({ orders: { region: "eu-west-1" } });
  expect(asked()).toBe("-chdir=some/stack output -json\n");
});

test.each([
  ["Error: Error acquiring the state lock", /^somebody else works with the state of this stack just now/],
  ["Error: Saved plan is stale", /^somebody else has changed the stack since it was planned, and nothing was done/],
  [
    "╷\n│ Error: creating EC2 Instance\n│ \n│   no capacity\n╵",
    /^terraform apply failed: Error: creating EC2 Instance no capacity$/,
  ],
])("a failure is one sentence: %j", async (said, sentence) => {
  const terraform = terraformThat(`printf '%s\\n' '${said}' >&2; exit 1`);
  await expect(terraform.apply("p", () => undefined)).rejects.toThrow(sentence);
});

test("where it is not there, that is said", async () => {
  process.env.TERRAFORM_BINARY_NAME = path.join(folder, "none");
  await expect(new Terraform(folder).init()).rejects.toThrow(/none was not found: install Terraform 1\.11 or newer/);
});

test("interrupted it ends what it has begun, and begins nothing more", async () => {
  const begun = path.join(folder, "begun");
  const ended = path.join(folder, "ended");
  const terraform = terraformThat(`trap 'touch ${ended}; exit 1' INT; touch ${begun}; while :; do sleep 0.05; done`);
  const applied = terraform.apply("p", () => undefined);
  const refused = expect(applied).rejects.toThrow("terraform apply was interrupted");
  await waitFor(() => existsSync(begun), { timeout: 50_000, what: "the apply", interval: 20 });
  expect(terraform.isRunning).toBe(true);
  terraform.interrupt();
  await refused;
  expect(existsSync(ended)).toBe(true);
  await expect(terraform.init()).rejects.toThrow("terraform init was interrupted");
  expect(asked()).not.toContain("init");
});
