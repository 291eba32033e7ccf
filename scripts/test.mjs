/**
 * Runs every test in the order in which a fault is cheapest to find, and prints how long each phase took.
 *
 * `LAB=required` makes a machine that cannot run the lab a failure; otherwise the last line then says what
 * was not proven.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { root } from "./build/root.mjs";

/** What scripts/prepare.ts ends with where no lab can run. */
const LAB_UNAVAILABLE = 3;

const FAST = "static, build, unit, package, scan";
/** Commands of one phase run side by side, as many as there are cores: the longest first, as each takes one for itself. */
const PHASES = [
  {
    name: "static, build",
    budget: FAST,
    commands: [
      ["npx", "eslint", "--max-warnings", "0", "."],
      ["npx", "tsc", "--noEmit"],
      ["npx", "prettier", "--check", "--log-level", "warn", "."],
      ["node", "scripts/build.mjs"],
    ],
  },
  // On two cores jest would take one for itself alone.
  { name: "unit", budget: FAST, commands: [jest("unit", "--maxWorkers=2")] },
  { name: "prepare", budget: "prepare", commands: [["npx", "ts-node", "--transpile-only", "scripts/prepare.ts"]] },
  { name: "package, scan", budget: FAST, commands: [jest("package"), jest("scan", "--runInBand")] },
  { name: "emulator", budget: "emulator", commands: [jest("emulator", "--maxWorkers=2")] },
  { name: "lab", budget: "lab", commands: [jest("lab", "--runInBand")] },
];

/** Minutes on 2 cores with a warm cache; a cold one takes longer in `prepare` alone. */
const BUDGET_MINUTES = { [FAST]: 8, emulator: 8, lab: 20 };

function jest(project, ...options) {
  return ["npx", "jest", "--selectProjects", project, ...options];
}

/** Runs a command; resolves to its exit code. What it prints goes to `print`, or else is our own output. */
function run([command, ...args], print) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: print ? ["ignore", "pipe", "pipe"] : "inherit",
      env: { ...process.env, npm_config_loglevel: "error" },
    });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", print);
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** Runs commands of which each takes one core; what one of them printed stands together, once it has ended. */
function runSideBySide(commands) {
  const limit = pLimit(availableParallelism());
  const runToldApart = async (command) => {
    const started = performance.now();
    let printed = "";
    const code = await run(command, (text) => (printed += text));
    console.log(`--- ${command.join(" ")} (${secondsSince(started).toFixed(1)} s)\n${printed.trimEnd()}`.trimEnd());
    return code;
  };
  return Promise.all(commands.map((command) => limit(runToldApart, command)));
}

function secondsSince(started) {
  return (performance.now() - started) / 1000;
}

/** Runs all commands of a phase, also where one has failed, so that one run tells all that it can. */
async function runPhase({ name, budget, commands }) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const codes = commands.length > 1 ? await runSideBySide(commands) : [await run(commands[0])];
  const seconds = secondsSince(started);
  return { name, budget, seconds, code: codes.find((code) => code !== 0) ?? 0 };
}

function printSummary(results) {
  console.log("\n=== seconds per phase");
  for (const { name, seconds, code } of results) {
    const outcome = code === 0 ? "passed" : code === LAB_UNAVAILABLE ? "passed, but for the lab" : "FAILED";
    console.log(`${name.padEnd(14)}${seconds.toFixed(1).padStart(8)}  ${outcome}`);
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
