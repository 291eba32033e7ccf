/**
 * Runs every test in the order in which a fault is cheapest to find, and prints how long each phase took.
 *
 * `LAB=required` makes a machine that cannot run the lab a failure; otherwise the last line then says what
 * was not proven.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { filesBelow } from "./build/files.mjs";
import { root } from "./build/root.mjs";

/** Design's budget, in minutes on 2 cores with a warm cache. */
const PHASES = [
  {
    name: "static",
    group: "static, unit, jsii",
    commands: [
      ["npx", "tsc", "--noEmit"],
      ["npx", "eslint", "."],
      ["npx", "prettier", "--check", "--log-level", "warn", "."],
    ],
  },
  { name: "build", group: "static, unit, jsii", commands: [["node", "scripts/build.mjs"]] },
  { name: "unit", group: "static, unit, jsii", commands: [jest("unit")] },
  { name: "package", group: "static, unit, jsii", commands: [jest("package")] },
  { name: "emulator", group: "emulator", commands: [jest("emulator", "--runInBand")] },
  { name: "lab", group: "lab", commands: [jest("lab", "--runInBand")] },
];
const BUDGET_MINUTES = { "static, unit, jsii": 8, emulator: 8, lab: 20 };

function jest(project, ...options) {
  return ["npx", "jest", "--selectProjects", project, ...options];
}

/** Runs a command with its output as our own; resolves to whether it succeeded. */
function succeeds([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", env: process.env });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

function hasTests(phase) {
  if (!["emulator", "lab"].includes(phase.name)) return true;
  return filesBelow(path.join(root, "test", phase.name)).some((file) => file.endsWith(".test.ts"));
}

/** Why this machine cannot run the lab; undefined when it can. */
async function labUnavailableReason() {
  if (!hasTests({ name: "lab" })) return "it has no tests yet";
  return undefined;
}

async function runPhase(phase) {
  const started = performance.now();
  console.log(`\n=== ${phase.name}`);
  let passed = true;
  for (const command of phase.commands) passed = (await succeeds(command)) && passed;
  return { ...phase, passed, seconds: (performance.now() - started) / 1000 };
}

function printSummary(results) {
  console.log("\n=== seconds per phase");
  for (const { name, seconds, passed } of results) {
    console.log(`${name.padEnd(10)}${seconds.toFixed(1).padStart(8)}  ${passed ? "passed" : "FAILED"}`);
  }
  for (const [group, minutes] of Object.entries(BUDGET_MINUTES)) {
    const used = results.filter((r) => r.group === group).reduce((sum, r) => sum + r.seconds, 0) / 60;
    if (used > minutes) console.log(`over budget: ${group} took ${used.toFixed(1)} of ${minutes} minutes`);
  }
}

const results = [];
let notProven;
for (const phase of PHASES) {
  if (phase.name === "lab") {
    const reason = await labUnavailableReason();
    if (reason) {
      console.log(`\n=== lab\nThe lab cannot run: ${reason}.`);
      notProven = "NOT PROVEN: lab";
      continue;
    }
  } else if (!hasTests(phase)) {
    console.log(`\n=== ${phase.name}\nIt has no tests yet.`);
    continue;
  }
  const result = await runPhase(phase);
  results.push(result);
  if (!result.passed) break;
}
printSummary(results);
if (results.some((result) => !result.passed)) process.exitCode = 1;
else if (notProven) console.log(notProven);
