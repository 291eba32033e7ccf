import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { Command } from "commander";
import { addPlan, DANGEROUS } from "../../bin/plan-command";
import type { PlanJudgement } from "../../lib/plan-guard/judge-plan";
import { shownPlan, type ShownChange } from "../plan-guard/shown-plan";

const VOLUME: ShownChange = {
  address: "aws_ebs_volume.flink_Node2_DataVolume_0123ABCD",
  actions: ["delete", "create"],
  before: { id: "vol-2", tags: { Name: "orders-node-2-data" } },
  after: { tags: { Name: "orders-node-2-data" } },
};

interface Ended {
  readonly stdout: string;
  readonly code: typeof process.exitCode;
  readonly failure?: string;
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "plan-command-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command in this process: what it writes, and how it ends. */
async function run(args: readonly string[]): Promise<Ended> {
  const cli = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addPlan(cli);
  const said: string[] = [];
  const spy = jest.spyOn(console, "log").mockImplementation((text) => void said.push(String(text)));
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    await cli.parseAsync(["plan", ...args], { from: "user" });
    return { stdout: said.join("\n"), code: process.exitCode };
  } catch (failure) {
    return { stdout: said.join("\n"), code: process.exitCode, failure: (failure as Error).message };
  } finally {
    process.exitCode = exitCode;
    spy.mockRestore();
  }
}

function fileWith(...changes: readonly ShownChange[]): string {
  const file = path.join(folder, "plan.json");
  writeFileSync(file, shownPlan(changes));
  return file;
}

test("a plan of outputs alone says which", async () => {
  const file = path.join(folder, "outputs.json");
  const outputs = { orders: { actions: ["update"] }, clicks: { actions: ["no-op"] }, region: { actions: ["delete"] } };
  writeFileSync(file, shownPlan([], { output_changes: outputs }));
  expect(await run([file])).toEqual({
    stdout: "The plan touches no resource. Outputs that have another value, or may have: orders, region.",
    code: undefined,
  });
  expect(JSON.parse((await run([file, "--json"])).stdout)).toMatchObject({ outputs: ["orders", "region"] });
});

test("a plan that moves in the state or imports says what, as it does not change nothing", async () => {
  const [moved, imported] = ["aws_kms_key.storage_key_1", "aws_kms_key.storage_key_2"];
  const file = fileWith(
    { address: moved, actions: ["no-op"], movedFrom: "aws_kms_key.key" },
    { address: imported, actions: ["no-op"], isImported: true },
  );
  expect((await run([file])).stdout).toBe(
    `State\n  aws_kms_key.key is called ${moved}\n  ${imported} is imported\n\nThe plan touches no resource.`,
  );
  const { stateChanges } = JSON.parse((await run([file, "--json"])).stdout) as { stateChanges: readonly object[] };
  expect(stateChanges).toEqual([{ address: moved, movedFrom: "aws_kms_key.key" }, { address: imported }]);
});

test("a plan without danger ends as every command that is done", async () => {
  expect(await run([fileWith()])).toEqual({ stdout: "The plan changes nothing.", code: undefined });
  const { stdout, code } = await run([fileWith({ ...VOLUME, actions: ["create"], before: undefined })]);
  expect(code).toBeUndefined();
  expect(stdout).toMatch(/1 created: aws_ebs_volume 1[\s\S]*Nothing of it is dangerous\.$/);
});

test("a dangerous one has an exit code of its own, until each danger is allowed by its address", async () => {
  const refused = await run([fileWith(VOLUME)]);
  expect(refused.code).toBe(DANGEROUS);
  expect(refused.stdout).toContain(`${VOLUME.address} replaces the volume "orders-node-2-data": what is on the volume`);
  expect(refused.stdout).toMatch(/If that is meant, allow each by its address: --allow <address>\.$/);
  const allowed = await run([fileWith(VOLUME), "--allow", "aws_kms_key.other", "--allow", VOLUME.address]);
  expect(allowed.code).toBeUndefined();
  expect(allowed.stdout).toMatch(/\(allowed\)\nAll of that is allowed\.$/);
  expect(allowed.stdout).toContain("--allow aws_kms_key.other is not needed");
});

test("programs read the same, with the same exit code", async () => {
  const { stdout, code } = await run([fileWith(VOLUME), "--json"]);
  expect(code).toBe(DANGEROUS);
  const judgement = JSON.parse(stdout) as PlanJudgement;
  expect(judgement).toMatchObject({ isDangerous: true, dangers: [{ address: VOLUME.address, isAllowed: false }] });
});

test("a plan comes by standard input too", async () => {
  const { stdin } = process;
  Object.defineProperty(process, "stdin", { value: Readable.from([shownPlan([VOLUME])]), configurable: true });
  try {
    expect(await run(["-"])).toMatchObject({ code: DANGEROUS });
  } finally {
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
  }
});

test("what cannot be read fails, and is never called harmless", async () => {
  expect(await run([path.join(folder, "none.json")])).toEqual({
    stdout: "",
    code: undefined,
    failure: expect.stringMatching(/none\.json cannot be read \(ENOENT.*\): name the file of the plan$/) as string,
  });
  const file = path.join(folder, "half.json");
  writeFileSync(file, shownPlan([VOLUME]).slice(0, 100));
  expect((await run([file])).failure).toMatch(/half\.json is no JSON: give what `terraform show -json/);
});

test("a name from a plan moves no terminal", async () => {
  const escape = "\u001b[2J";
  const { stdout } = await run([fileWith({ ...VOLUME, before: { tags: { Name: `orders${escape}-data` } } })]);
  expect(stdout).not.toContain(escape);
});
