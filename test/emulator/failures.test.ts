import { ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Terraform, TerraformError } from "../support/terraform";
import { Emulator } from "./emulator";
import { emulatorOverride } from "./override";
import { ensureEmulator } from "./python";

const MINUTES = 60_000;

let dir: string;
let emulator: Emulator;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "emulator-failures-"));
  emulator = await Emulator.start({ dir: join(dir, "emulator") });
}, 5 * MINUTES);

afterAll(async () => {
  await emulator?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test(
  "what the emulator lacks is said at once, in Terraform's own message",
  async () => {
    writeFileSync(
      join(dir, "main.tf"),
      'provider "aws" {\n  region = "eu-west-1"\n}\n' +
        'resource "aws_placement_group" "apart" {\n  name     = "apart"\n  strategy = "spread"\n}\n',
    );
    emulatorOverride(dir, emulator.endpoint!);
    const terraform = new Terraform(dir);
    await terraform.init();
    const attempt = terraform.apply();
    await expect(attempt).rejects.toThrow(TerraformError);
    await expect(attempt).rejects.toThrow(
      /^terraform apply failed after .*\nError: .*the emulator does not have this call/s,
    );
  },
  4 * MINUTES,
);

test("stopping it leaves no process and no socket", async () => {
  const other = await Emulator.start({ dir: join(dir, "other"), loopback: false });
  await other.stop();
  expect(existsSync(other.socketPath)).toBe(false);
  expect(() => process.kill(other.pid, 0)).toThrow(/ESRCH/);
}, 60_000);

test("it ends by itself when whoever started it is gone, also before it was ready", async () => {
  const server = [join(__dirname, "moto", "server.py"), "--unix", join(dir, "orphan.sock")];
  const python = await ensureEmulator();
  const child: ChildProcess = spawn(python, server, { stdio: ["pipe", "pipe", "ignore"] });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.stdin!.destroy();
  child.stdout!.destroy();
  await exited;
  expect(existsSync(join(dir, "orphan.sock"))).toBe(false);
}, 60_000);
