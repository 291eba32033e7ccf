/**
 * Brings a machine to where `make test` and `make demo` can run: checks what must be there, installs what can be
 * installed, and says in one sentence what is missing. With `--packages` it looks after Node.js and the npm packages alone.
 *
 * Uses nothing but Node.js itself, as it runs before `npm ci`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { missingForJava, requireJava } from "./build/java.mjs";
import { root } from "./build/root.mjs";

const NODE_AT_LEAST = [20, 12];
const TERRAFORM_AT_LEAST = [1, 11];

function isAtLeast(version, minimum) {
  const parts = version.split(".").map(Number);
  for (const [index, least] of minimum.entries()) {
    if ((parts[index] ?? 0) !== least) return (parts[index] ?? 0) > least;
  }
  return true;
}

function checkNode() {
  if (isAtLeast(process.versions.node, NODE_AT_LEAST)) return;
  throw new Error(
    `Node.js is ${process.versions.node}, but must be ${NODE_AT_LEAST.join(".")} or newer: install it from https://nodejs.org`,
  );
}

function checkTerraform() {
  const remedy = `install Terraform ${TERRAFORM_AT_LEAST.join(".")} or newer from https://developer.hashicorp.com/terraform/install`;
  const result = spawnSync("terraform", ["version", "-json"], {
    encoding: "utf8",
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  if (result.status !== 0) throw new Error(`Terraform is not here: ${remedy}`);
  const version = JSON.parse(result.stdout).terraform_version;
  if (!isAtLeast(version, TERRAFORM_AT_LEAST)) throw new Error(`Terraform is ${version}: ${remedy}`);
}

/** Installs the npm packages of the lock file unless they are the ones installed. */
function installNpmPackages() {
  const installed = path.join(root, "node_modules/.package-lock.json");
  const wanted = path.join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  run("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"], "npm packages could not be installed");
}

function run(command, args, sentence, env = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${sentence}: \`${command} ${args.join(" ")}\` failed, its messages stand above`);
}

function isDebianLike() {
  if (!existsSync("/etc/os-release")) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync("/etc/os-release", "utf8"));
}

function isDebianOfRoot() {
  return process.getuid?.() === 0 && isDebianLike();
}

function installDebianPackages(packages) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const sentence = `${packages.join(" ")} could not be installed`;
  run("apt-get", ["update", "-q"], sentence, env);
  run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...packages], sentence, env);
}

/**
 * The emulator runs in a Python environment of its own. What the lab needs beyond it, the lab installs itself when
 * it first runs.
 */
function preparePython() {
  if (spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0) return;
  if (!isDebianOfRoot()) {
    throw new Error("Python 3 with its venv module is not here: install it, on Debian as python3-venv");
  }
  installDebianPackages(["python3", "python3-venv"]);
}

/** The connectors of our own are in Java. */
function prepareJava() {
  const missing = missingForJava();
  if (missing.length === 0) return;
  if (isDebianOfRoot()) installDebianPackages(missing);
  requireJava("the connector to OpenSearch");
}

try {
  checkNode();
  if (!process.argv.includes("--packages")) {
    checkTerraform();
    preparePython();
    prepareJava();
  }
  installNpmPackages();
} catch (error) {
  console.error(`setup: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
