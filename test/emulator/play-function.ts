import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { ROLE } from "../dataflow/provisioning/bundled-function";

/** What the emulator asks whoever plays functions (moto/repairs/functions.py), as far as it matters here. */
export interface FunctionQuestion {
  readonly question: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The archive, in Base64. */
  readonly program: string;
  /** JSON. */
  readonly payload: string;
}

export interface FunctionAnswer {
  readonly failed: boolean;
  /** JSON. */
  readonly payload: string;
}

/** In place of names and routes: Secrets Manager is another server. */
const ELSEWHERE = `
const given = globalThis.fetch;
globalThis.fetch = (url, init) => given(String(url).replace(/^https:\\/\\/secretsmanager\\.[^/]+/, process.env.SECRETS), init);`;
const CALL = `
require(process.argv[1]).handler(JSON.parse(require("fs").readFileSync(process.argv[2], "utf8"))).then(
  (answer) => console.log(JSON.stringify({ failed: false, payload: JSON.stringify(answer) })),
  ({ name, message, stack }) => console.log(
    JSON.stringify({ failed: true, payload: JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split("\\n") }) })));`;

/** Runs a function as Lambda does, in a process of its own, but for the network that it stands in. */
export async function playFunction(question: FunctionQuestion, secretsEndpoint: string): Promise<FunctionAnswer> {
  const folder = mkdtempSync(join(tmpdir(), "function-"));
  try {
    const [program, elsewhere, payload] = ["index.js", "elsewhere.js", "payload.json"].map((file) =>
      join(folder, file),
    );
    writeFileSync(program, unzipSync(Buffer.from(question.program, "base64"))["index.js"]);
    writeFileSync(elsewhere, ELSEWHERE);
    // Larger than an argument may be.
    writeFileSync(payload, question.payload);
    const { PATH } = process.env;
    const env = { PATH, ...ROLE, SECRETS: secretsEndpoint, ...question.environment };
    const { stdout } = await promisify(execFile)("node", ["-r", elsewhere, "-e", CALL, program, payload], {
      env,
    });
    return JSON.parse(stdout) as FunctionAnswer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
