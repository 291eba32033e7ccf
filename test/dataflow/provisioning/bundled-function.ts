import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { unpackZip } from "../../../lib/software/part-archive";

export const ROOT = resolve(__dirname, "../../..");
/** What Lambda hands to a function: credentials of its role. */
export const ROLE = {
  AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
  AWS_SECRET_ACCESS_KEY: "key",
  AWS_SESSION_TOKEN: "session",
} as const;

/** All functions as archives, made into a folder; returns the path of one of them. */
export function bundle(folder: string, name: string, env: NodeJS.ProcessEnv = {}): string {
  const program = "import(process.argv[1]).then(({ bundleFunctions }) => bundleFunctions(process.argv[2]))";
  const script = join(ROOT, "scripts/bundle-functions.mjs");
  execFileSync("node", ["-e", program, script, folder], { env: { ...process.env, ...env } });
  return join(folder, `${name}.zip`);
}

/** Makes a function and unpacks it, both into a folder; returns the path of its program. */
export async function unpackedFunction(folder: string, name: string): Promise<string> {
  await unpackZip(bundle(folder, name), join(folder, name), (entry) => entry);
  return join(folder, name, "index.js");
}

/**
 * What a function answers, or its failure, in a process of its own and with nothing but what Lambda hands to it: by default
 * what is asked for is what the deploy ordered.
 */
export async function callFunction(
  program: string,
  request: object,
  env: NodeJS.ProcessEnv = {},
  ordered = request,
): Promise<unknown> {
  const script = `require(process.argv[1]).handler(JSON.parse(process.argv[2])).then(
    (report) => console.log(JSON.stringify(report)),
    ({ name, message, stack }) => console.log(JSON.stringify({ name, message, stack })))`;
  const argv = ["-e", script, program, JSON.stringify(request)];
  const { PATH } = process.env;
  const ORDER_SHA256 = createHash("sha256").update(JSON.stringify(ordered)).digest("hex");
  const { stdout } = await promisify(execFile)("node", argv, { env: { PATH, ...ROLE, ORDER_SHA256, ...env } });
  return JSON.parse(stdout);
}
