/**
 * Compares how many records one second of a processor passes in a cluster of this checkout and in one of another commit:
 * both are built, both clusters run in labs of their own, and they are measured at the same time, as how fast the machine is
 * changes from minute to minute.
 *
 *   node scripts/compare-throughput.mjs COMMIT [ROUNDS]
 */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "./build/root.mjs";

const PROGRAM = "test/lab/long/throughput.ts";
/** What both checkouts must have alike, so that both are measured in the same way. */
const MEASURING = [PROGRAM, "test/scenarios/throughput.ts"];
const [commit, rounds = "9"] = process.argv.slice(2);
if (!commit || !(Number(rounds) >= 1)) {
  console.error("usage: node scripts/compare-throughput.mjs COMMIT [ROUNDS]");
  process.exit(2);
}

// The record names this commit: what was measured must be in it.
const changed = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
if (changed !== "") {
  console.error(`what is measured must be committed:\n${changed}`);
  process.exit(2);
}

/** The program in one checkout: told to measure, it answers with one line. */
class Candidate {
  constructor(name, folder) {
    this.name = name;
    this.child = spawn("npx", ["ts-node", "--transpile-only", PROGRAM], {
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, npm_config_loglevel: "error" },
    });
    this.ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line that is an answer; other lines are for people. */
  async answer(property) {
    for (;;) {
      const { value, done } = await this.answers.next();
      if (done) throw new Error(`${this.name} ended`);
      if (!value.startsWith("{")) console.log(value);
      else return JSON.parse(value)[property];
    }
  }

  async measure() {
    this.child.stdin.write("measure\n");
    const result = await this.answer("throughput");
    const { recordsPerProcessorSecond, recordsPerSecond } = result;
    console.log(
      `${this.name}: ${recordsPerProcessorSecond} records per processor second, at ${recordsPerSecond} records/s`,
    );
    return result;
  }

  async end() {
    this.child.stdin.end();
    await this.ended;
  }
}

function run(command, options, cwd) {
  execFileSync(command, options, { cwd, stdio: "inherit" });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Measurements of both at once, as many as wanted in which both were at the rate that they were given. */
async function measureTogether(candidates) {
  const [counted, left] = [[], []];
  while (counted.length < Number(rounds) && left.length < Number(rounds)) {
    const both = await Promise.all(candidates.map((candidate) => candidate.measure()));
    const late = candidates.filter((_, side) => !both[side].isAtRate).map(({ name }) => name);
    if (late.length === 0) counted.push(both);
    else {
      left.push(late.join(" and "));
      console.log(`not counted: ${left.at(-1)} did not pass as many as it was given`);
    }
  }
  if (counted.length < Number(rounds)) throw new Error(`only ${counted.length} of ${rounds} rounds can be counted`);
  return { counted, left };
}

const folder = mkdtempSync(join(tmpdir(), "throughput-"));
const other = join(folder, "other");
const candidates = [];
try {
  run("git", ["worktree", "add", "--detach", other, commit], root);
  run("npm", ["ci", "--no-audit", "--no-fund"], other);
  for (const checkout of [other, root]) run("node", ["scripts/build.mjs"], checkout);
  for (const file of MEASURING) {
    mkdirSync(dirname(join(other, file)), { recursive: true });
    cpSync(join(root, file), join(other, file));
  }
  for (const [name, checkout] of [
    [commit, other],
    ["this", root],
  ]) {
    const candidate = new Candidate(name, checkout);
    candidates.push(candidate);
    await candidate.answer("ready");
  }
  const { counted, left } = await measureTogether(candidates);
  const [before, now] = [0, 1].map((side) => counted.map((both) => both[side].recordsPerProcessorSecond));
  const ratios = now.map((value, round) => value / before[round]);
  const told = ratios.map((ratio) => ratio.toFixed(2)).join(", ");
  console.log(`median of the rounds' ratios ${median(ratios).toFixed(3)}: ${told}`);
  writeFileSync(
    join(root, "docs", "records", "throughput.md"),
    [
      "# Throughput beside another commit",
      "",
      `Two clusters of three nodes on one machine, measured at the same time by scripts/compare-throughput.mjs on ${new Date().toISOString().slice(0, 10)}:`,
      `this commit (${execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root, encoding: "utf8" }).trim()}) against ${commit}. Records that one second of a processor passes through a shuffle between machines of 4 GiB, whose TaskManagers are started anew for each measurement, while each side is given and passes ${counted[0][0].recordsPerSecond} records a second; what they take without a job is not counted. Rounds in which a side did not pass what it was given: ${left.length === 0 ? "none" : left.join("; ")}.`,
      "",
      "| round | before | now | ratio |",
      "| --- | --- | --- | --- |",
      ...now.map((value, round) => `| ${round + 1} | ${before[round]} | ${value} | ${ratios[round].toFixed(2)} |`),
      `| median | ${median(before)} | ${median(now)} | ${median(ratios).toFixed(2)} |`,
      "",
    ].join("\n"),
  );
} finally {
  await Promise.all(candidates.map((candidate) => candidate.end()));
  execFileSync("git", ["worktree", "remove", "--force", other], { cwd: root });
  rmSync(folder, { recursive: true, force: true });
}
