import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../../lib/software/cache";
import { run } from "./process";

const OLDEST_PYTHON = [3, 10] as const;
const CANDIDATES = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];

/** A program in Python that the tests run, with all that it needs pinned by hash. */
export interface PythonProgram {
  /** Folder of its environments in the cache. */
  readonly name: string;
  /** Whom a message says that Python is missing for, such as `the AWS emulator`. */
  readonly title: string;
  /** Path of the requirements, every one with version and hashes. */
  readonly requirements: string;
}

/**
 * The Python interpreter that has a program's packages: a virtual environment in the cache folder, made on first
 * use. Its folder is named after the requirements and the Python version, so a change of either makes a new one.
 */
export async function ensurePythonEnvironment({ name, title, requirements }: PythonProgram): Promise<string> {
  const python = await findPython(title);
  const key = createHash("sha256").update(readFileSync(requirements)).update(python.version).digest("hex").slice(0, 12);
  const home = join(cacheDirectory(), name, key);
  const interpreter = join(home, "bin", "python");
  const complete = join(home, ".complete");
  if (existsSync(complete)) return interpreter;

  mkdirSync(join(cacheDirectory(), name), { recursive: true });
  // Two runs at once: the one that does not get the lock waits, and then finds the environment there.
  await run(["flock", `${home}.lock`, python.command, "-c", MAKE_ENVIRONMENT, home, requirements], {
    timeoutSeconds: 900,
  });
  return interpreter;
}

/** Made under its final name, as environments cannot be moved; whole only when the mark is there. */
const MAKE_ENVIRONMENT = `
import os, shutil, subprocess, sys, venv
home, requirements = sys.argv[1:]
mark = os.path.join(home, ".complete")
if not os.path.exists(mark):
    shutil.rmtree(home, ignore_errors=True)
    try:
        venv.EnvBuilder(with_pip=True, symlinks=True).create(home)
    except subprocess.CalledProcessError:
        sys.exit("Python has no ensurepip here: install the package python3-venv")
    pip = [os.path.join(home, "bin", "python"), "-m", "pip"]
    subprocess.run([*pip, "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--requirement", requirements], check=True)
    open(mark, "w").close()
`;

interface Python {
  readonly command: string;
  readonly version: string;
}

async function findPython(title: string): Promise<Python> {
  const seen: string[] = [];
  for (const command of CANDIDATES) {
    const answer = await run([command, "-c", "import sys; print(*sys.version_info[:3], sep='.')"], {
      anyExitCode: true,
    }).catch(() => undefined);
    if (!answer || answer.exitCode !== 0) continue;
    const version = answer.stdout.trim();
    const [major, minor] = version.split(".").map(Number);
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return { command, version };
    seen.push(`${command} is ${version}`);
  }
  const found = seen.length ? ` (${seen.join(", ")})` : "";
  throw new Error(
    `${title} needs Python ${OLDEST_PYTHON.join(".")} or newer${found}: install the packages python3 and python3-venv`,
  );
}
