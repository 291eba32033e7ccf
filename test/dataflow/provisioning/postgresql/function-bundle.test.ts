import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { DatabaseRequest } from "../../../../lib/dataflow/provisioning/postgresql/database-request";
import { functionPackage } from "../../../../lib/dataflow/provisioning/function-package";
import { unpackZip } from "../../../../lib/software/part-archive";
import { LoopbackPostgreSql } from "./loopback-postgresql";
import { SecretsServer } from "../secrets-server";

const ROOT = resolve(__dirname, "../../../..");
const NAME = "postgresql-provisioner";
const START_MILLIS = 600_000;
/** What every deploy with a new release uploads. */
const MOST_BYTES = 200 << 10;

let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "functions-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The archive, made into a folder of its own. */
function bundle(name: string, env: NodeJS.ProcessEnv = {}): string {
  const program = "import(process.argv[1]).then(({ bundleFunctions }) => bundleFunctions(process.argv[2]))";
  const script = join(ROOT, "scripts/bundle-functions.mjs");
  execFileSync("node", ["-e", program, script, join(folder, name)], { env: { ...process.env, ...env } });
  return join(folder, name, `${NAME}.zip`);
}

test("is the same whenever and wherever it is made, small, and knows no path of this machine", async () => {
  const [one, other] = [bundle("one", { TZ: "Asia/Tokyo" }), bundle("other", { TZ: "America/New_York" })];
  const bytes = readFileSync(one);
  expect(readFileSync(other).equals(bytes)).toBe(true);
  expect(bytes.length).toBeLessThan(MOST_BYTES);
  expect(functionPackage(NAME, join(folder, "one"))).toEqual({
    path: one,
    hash: createHash("sha256").update(bytes).digest("base64"),
  });
  await unpackZip(one, join(folder, "unpacked"), (entry) => entry);
  expect(readFileSync(join(folder, "unpacked", "index.js"), "utf8")).not.toContain(ROOT);
});

test("that was not built is refused in one sentence", () => {
  expect(() => functionPackage(NAME, join(folder, "nothing"))).toThrow(/ but must be built: run `make build` in /);
});

describe("as Lambda calls it", () => {
  let server: LoopbackPostgreSql;
  let secrets: SecretsServer;
  let program: string;

  beforeAll(async () => {
    [server, secrets] = await Promise.all([LoopbackPostgreSql.start(), SecretsServer.start()]);
    await server.reset();
    await unpackZip(bundle("whole"), join(folder, "whole"), (entry) => entry);
    program = join(folder, "whole", "index.js");
  }, START_MILLIS);
  afterAll(() => Promise.all([server?.stop(), secrets?.stop()]));

  async function call(request: DatabaseRequest): Promise<unknown> {
    const script = `require(process.argv[1]).handler(JSON.parse(process.argv[2])).then(
      (report) => console.log(JSON.stringify(report)),
      ({ name, message, stack }) => console.log(JSON.stringify({ name, message, stack })))`;
    const role = { AWS_ACCESS_KEY_ID: "ASIAFUNCTION", AWS_SECRET_ACCESS_KEY: "key", AWS_SESSION_TOKEN: "session" };
    const env = { PATH: process.env.PATH, ...role };
    const { stdout } = await promisify(execFile)("node", ["-e", script, program, JSON.stringify(request)], { env });
    return JSON.parse(stdout);
  }

  function request(): DatabaseRequest {
    const { host, port, databaseName, certificateAuthorities } = server;
    return {
      ...{ host, port, databaseName, certificateAuthorities },
      ...{ region: "eu-west-1", secretsEndpoint: secrets.endpoint, administratorSecretArn: "arn:administrator" },
      schemas: [{ name: "analytics", statements: [] }],
      users: [{ name: "writer", secretArn: "arn:writer", grants: [{ schema: "analytics", access: "upsert" }] }],
    };
  }

  test("it makes what is asked for, and its user comes in by the secret", async () => {
    secrets.texts.set("arn:administrator", JSON.stringify(server.administrator));
    expect(await call(request())).toMatchObject({ made: expect.arrayContaining(["user writer"]), closed: [] });
    const login = JSON.parse(secrets.texts.get("arn:writer")!);
    expect(await server.ask("SELECT current_user::text AS me", login)).toEqual([{ me: "writer" }]);
  });

  test("what fails is one sentence, and nothing of where in the bundle", async () => {
    const schemas = [{ name: "other", statements: ["CREATE TABLE IF NOT EXISTS t (a nonsense)"] }];
    const message = 'statement 1 of the schema other failed: PostgreSQL says "type "nonsense" does not exist"';
    expect(await call({ ...request(), schemas })).toEqual({
      name: "ProvisioningProblem",
      message,
      stack: `ProvisioningProblem: ${message}`,
    });
  });
});
