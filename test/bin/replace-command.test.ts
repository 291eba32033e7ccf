import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { addReplace } from "../../bin/replace-command";
import { shownPlan } from "../plan-guard/shown-plan";

const MACHINE = "aws_instance.flink_Node1_0";
const ATTACHMENT = "aws_volume_attachment.flink_Node1_DataVolumeAttachment_0";
const PLAN = shownPlan([
  {
    address: MACHINE,
    actions: ["delete", "create"],
    before: { id: "i-1", ami: "ami-00000000000000001", tags: { Name: "orders-node-1" } },
    after: { ami: "ami-00000000000000002", tags: { Name: "orders-node-1" } },
  },
  { address: ATTACHMENT, actions: ["delete", "create"], before: { instance_id: "i-1" }, after: {} },
]);
const OUTPUTS = { orders: { value: { region: "eu-west-1", checkpoint_bucket: "some-bucket" } } };

let folder: string;
let program: string;
const { TERRAFORM_BINARY_NAME: before } = process.env;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "replace-command-"));
  program = path.join(folder, "terraform");
  terraformThatApplied(OUTPUTS);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = before;
});

/** A program in Terraform's place: it plans, and is never to apply. */
function terraformThatApplied(outputs: object): void {
  writeFileSync(path.join(folder, "plan.json"), PLAN);
  writeFileSync(
    program,
    `#!/bin/sh\ncase "$2" in output) echo '${JSON.stringify(outputs)}';; show) cat ${folder}/plan.json;; apply) exit 9;; esac\n`,
  );
  chmodSync(program, 0o755);
  process.env.TERRAFORM_BINARY_NAME = program;
}

/** A synthesized stack with machines of these names. */
function stackOf(...names: readonly string[]): string {
  const dir = path.join(folder, "stack");
  mkdirSync(dir, { recursive: true });
  const machines = names.map((Name, index) => [`flink_Node${index + 1}_0`, { tags: { Name } }]);
  const attachments = names.map((_name, index) => [
    `flink_Node${index + 1}_DataVolumeAttachment_0`,
    { instance_id: `\${aws_instance.flink_Node${index + 1}_0.id}` },
  ]);
  const resource = {
    aws_instance: Object.fromEntries(machines) as object,
    aws_volume_attachment: Object.fromEntries(attachments) as object,
    // It waits for the machine, and has nothing of it.
    aws_s3_object: { state: { depends_on: [MACHINE] } },
  };
  writeFileSync(path.join(dir, "cdk.tf.json"), JSON.stringify({ resource }));
  return dir;
}

/** The command in this process, and what it writes. */
async function run(...args: readonly string[]): Promise<string> {
  const cli = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addReplace(cli);
  const said: string[] = [];
  const spies = (["log", "error"] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation((...words: unknown[]) => void said.push(words.join(" "))),
  );
  const listeners = process.listeners("SIGINT");
  try {
    await cli.parseAsync(["replace", ...args], { from: "user" });
    return said.join("\n");
  } finally {
    spies.forEach((spy) => spy.mockRestore());
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.listeners(signal as NodeJS.Signals).forEach((listener) => {
        if (!listeners.includes(listener)) process.off(signal, listener);
      });
    }
  }
}

test("it says what would be replaced, and by which image", async () => {
  const said = await run("orders-node-1", "--dir", stackOf("orders-node-1"), "--dry-run");
  expect(said).toMatch(/orders-node-1 +│ is replaced +│ it was made of another image +│ i-1 +│ ami-0+1 +│ ami-0+2/);
});

test("the one stack with a cluster is found as cdktf.json has it", async () => {
  const project = path.join(folder, "project");
  mkdirSync(path.join(project, "out", "stacks", "storage"), { recursive: true });
  writeFileSync(path.join(project, "cdktf.json"), JSON.stringify({ output: "out" }));
  const dir = path.join(project, "out", "stacks", "streaming");
  mkdirSync(dir);
  writeFileSync(
    path.join(dir, "cdk.tf.json"),
    JSON.stringify({
      resource: {
        aws_instance: { flink_Node1_0: { tags: { Name: "orders-node-1" } } },
        aws_volume_attachment: { flink_Node1_DataVolumeAttachment_0: { instance_id: `\${${MACHINE}.id}` } },
      },
    }),
  );
  const cwd = process.cwd();
  process.chdir(project);
  try {
    expect(await run("--all", "--dry-run")).toContain("orders-node-1");
    await expect(run("--all", "--stack", "batch")).rejects.toThrow(
      "there is no stack batch in out/stacks: it has storage, streaming",
    );
  } finally {
    process.chdir(cwd);
  }
});

test.each<[string, readonly string[], RegExp]>([
  ["neither a node nor --all", [], /^name a node, or give --all$/],
  ["both", ["orders-node-1", "--all"], /^name a node, or give --all$/],
  [
    "a node that is none",
    ["orders-node-7"],
    /^the program has no node orders-node-7: it has batch-node-1, orders-node-1$/,
  ],
  ["several clusters", ["--all"], /^the stack has several clusters: name one of batch, orders with --cluster$/],
  ["a cluster that is none", ["--all", "--cluster", "none"], /^the stack has no cluster none: it has batch, orders$/],
  ["--force of one node", ["orders-node-1", "--force"], /^--force is for --all/],
  [
    "a node of another cluster that is away",
    ["orders-node-1", "--down", "batch-node-1"],
    /^the program has no node batch-/,
  ],
  ["nobody who could be asked", ["orders-node-1"], /^there is nobody to ask whether that is meant: give --yes$/],
])("%s is refused in one sentence", async (_what, args, sentence) => {
  await expect(run(...args, "--dir", stackOf("orders-node-1", "batch-node-1"))).rejects.toThrow(sentence);
});

test("a stack that is not deployed, or not synthesized, is refused", async () => {
  terraformThatApplied({});
  await expect(run("--all", "--dir", stackOf("orders-node-1"))).rejects.toThrow(
    "the stack has no output of the cluster orders in its state: deploy it first, or give --bucket and --region",
  );
  await expect(run("--all", "--dir", path.join(folder, "none"))).rejects.toThrow(/run `npx cdktf synth` first$/);
});
