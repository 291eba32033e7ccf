import { execFileSync, spawn } from "child_process";
import * as fs from "fs";
import { PlantTask, UprootTask } from "./task";
import { idsOf } from "./users";

/** Ends by itself, should nobody end it. */
const SECONDS = 600;

/** Lays marked secrets down; gives the numbers of the processes that it started. */
export function plant(task: PlantTask): number[] {
  for (const { path, content, mode, owner } of task.files) {
    // Whoever else may read: not before owner and mode are right.
    fs.writeFileSync(path, `planted: ${content}\n`, { mode: 0o600 });
    fs.chownSync(path, idsOf(owner).uid, idsOf(owner).gid);
    fs.chmodSync(path, mode);
  }
  const env = { ...process.env, PLANTED: task.unit.value };
  execFileSync("systemd-cat", ["--identifier=secret-search"], {
    input: `planted: ${task.journal}\n`,
    env: process.env,
  });
  // Without a value on the command line it takes that of its own environment.
  const unit = [`--unit=${task.unit.name}`, "--remain-after-exit", "--setenv=PLANTED", "/bin/true"];
  execFileSync("systemd-run", ["--quiet", ...unit], { env });
  return [
    start(["sleep", String(SECONDS)], task.user, { PLANTED: task.environment }),
    start(["python3", "-c", `import time; time.sleep(${SECONDS})`, task.commandLine], task.user, {}),
  ];
}

/** Takes all of it away again but the line of the journal. */
export function uproot(task: UprootTask): void {
  for (const pid of task.processes) process.kill(pid, "SIGKILL");
  for (const file of task.files) fs.rmSync(file, { force: true });
  execFileSync("systemctl", ["stop", task.unit], { env: process.env });
}

function start([program, ...args]: string[], user: string, env: Record<string, string>): number {
  const { uid, gid } = idsOf(user);
  const options = { uid, gid, cwd: "/", detached: true, stdio: "ignore" } as const;
  const child = spawn(program, args, { ...options, env: { PATH: process.env.PATH, ...env } });
  child.unref();
  if (child.pid === undefined) throw new Error(`${program} did not start`);
  return child.pid;
}
