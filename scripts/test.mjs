/**
 * Runs every test in the order in which a fault is cheapest to find, and prints how long each phase took.
 *
 * `LAB=required` makes a machine that cannot run the lab a failure; otherwise the last line then says what
 * was not proven.
 */
import { spawn } from "node:child_process";
import { availableParallelism, freemem } from "node:os";
import { createInterface } from "node:readline";
import pLimit from "p-limit";
import { root } from "./build/root.mjs";

/** What scripts/prepare.ts ends with where no lab can run. */
const LAB_UNAVAILABLE = 3;

/** What one test with an emulator, Terraform and the AWS provider takes of memory, with room. */
const EMULATOR_BYTES = 2 * 1024 ** 3;

/** How long output may stay open after the command that wrote it has ended. */
const LEFT_BEHIND_MILLIS = 30_000;

const FAST = "static, build, unit";
const EMULATOR = "emulator, package, metrics, local, scan";
/** Commands of one phase run side by side, as many as there are cores; those that take longest stand first. */
const PHASES = [
  {
    name: "static, build",
    budget: FAST,
    commands: {
      eslint: ["npx", "eslint", "--max-warnings", "0", "."],
      tsc: ["npx", "tsc", "--noEmit"],
      prettier: ["npx", "prettier", "--check", "--log-level", "warn", "."],
      build: ["node", "scripts/build.mjs"],
    },
  },
  // Before the tests that would build programs themselves, in the time of a test.
  {
    name: "prepare",
    budget: "prepare",
    commands: { prepare: ["npx", "ts-node", "--transpile-only", "scripts/prepare.ts"] },
  },
  // On two cores jest would take one for itself alone.
  { name: "unit", budget: FAST, commands: { unit: jest("unit", "--maxWorkers=2") } },
  {
    name: EMULATOR,
    budget: EMULATOR,
    commands: {
      emulator: jest("emulator", `--maxWorkers=${emulatorsAtOnce()}`),
      package: jest("package"),
      metrics: jest("metrics", `--maxWorkers=${availableParallelism()}`),
      local: jest("local", "--runInBand"),
      scan: jest("scan", "--runInBand"),
    },
  },
  { name: "lab", budget: "lab", commands: { lab: jest("lab", "--runInBand") } },
];

/** Minutes on 2 cores with a warm cache; a cold one takes longer in `prepare` alone. */
const BUDGET_MINUTES = { [FAST]: 8, [EMULATOR]: 8, lab: 20 };

function jest(project, ...options) {
  return ["npx", "jest", "--selectProjects", project, ...options];
}

/**
 * Emulator, Terraform and the provider of one test wait for each other and for their own pauses more than half of the
 * time: two of them for each core, as far as memory reaches.
 */
function emulatorsAtOnce() {
  const byMemory = Math.floor(freemem() / EMULATOR_BYTES);
  return Math.max(1, Math.min(2 * availableParallelism(), byMemory));
}

/** Runs a command; resolves to its exit code. With a label, each line that it prints begins with it. */
function run([command, ...args], label) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: label === undefined ? "inherit" : ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        npm_config_loglevel: "error",
        // Which Node.js we support, package.json says.
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      },
    });
    for (const input of [child.stdout, child.stderr].filter(Boolean)) {
      createInterface({ input }).on("line", (line) => console.log(`${label.padEnd(8)} | ${line}`.trimEnd()));
    }
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    // What it left behind may hold its output open for ever: that is told, and not waited for.
    child.once("exit", () => setTimeout(() => releaseOutput(child, label), LEFT_BEHIND_MILLIS).unref());
    child.once("close", (code) => resolve(code ?? 1));
  });
}

function releaseOutput({ stdout, stderr }, label) {
  const open = [stdout, stderr].filter((output) => output && !output.destroyed);
  if (open.length === 0) return;
  console.log(`${label.padEnd(8)} | has ended, and left a process behind that still holds its output`);
  for (const output of open) output.destroy();
}

/** Runs commands by their labels side by side; resolves to their exit codes. */
function runSideBySide(commands) {
  const limit = pLimit(availableParallelism());
  const runWithTime = async ([label, command]) => {
    const started = performance.now();
    const code = await run(command, label);
    console.log(`${label.padEnd(8)} | ${code === 0 ? "passed" : "FAILED"} in ${secondsSince(started).toFixed(1)} s`);
    return code;
  };
  return Promise.all(Object.entries(commands).map((entry) => limit(runWithTime, entry)));
}

function secondsSince(started) {
  return (performance.now() - started) / 1000;
}

/** Runs all commands of a phase, also where one has failed, so that one run tells all that it can. */
async function runPhase({ name, budget, commands }) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const [only, ...others] = Object.values(commands);
  const codes = others.length > 0 ? await runSideBySide(commands) : [await run(only)];
  const seconds = secondsSince(started);
  return { name, budget, seconds, code: codes.find((code) => code !== 0) ?? 0 };
}

function printSummary(results) {
  console.log("\n=== seconds per phase");
  for (const { name, seconds, code } of results) {
    const outcome = code === 0 ? "passed" : code === LAB_UNAVAILABLE ? "passed, but for the lab" : "FAILED";
    console.log(`${name.padEnd(24)}${seconds.toFixed(1).padStart(8)}  ${outcome}`);
  }
  for (const [budget, minutes] of Object.entries(BUDGET_MINUTES)) {
    const phases = results.filter((result) => result.budget === budget);
    const used = phases.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
    if (used > minutes) console.log(`Over budget: ${budget} took ${used.toFixed(1)} of ${minutes} minutes.`);
  }
}

const results = [];
let labUnavailable = false;
for (const phase of PHASES) {
  if (phase.name === "lab" && labUnavailable) continue;
  const result = await runPhase(phase);
  results.push(result);
  labUnavailable ||= phase.name === "prepare" && result.code === LAB_UNAVAILABLE;
  const isExcused = phase.name === "prepare" && labUnavailable && process.env.LAB !== "required";
  if (result.code !== 0 && !isExcused) break;
}
printSummary(results);

const failed = results.find(({ name, code }) => code !== 0 && !(name === "prepare" && code === LAB_UNAVAILABLE));
if (failed) {
  console.error(`${failed.name} failed: the tests that follow it did not run.`);
  process.exitCode = 1;
} else if (labUnavailable && process.env.LAB === "required") {
  console.error("The lab is required and cannot run on this machine: the reason stands above.");
  process.exitCode = 1;
} else if (labUnavailable) {
  console.log("NOT PROVEN: lab");
}
