import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseRequest } from "../../../../lib/dataflow/provisioning/postgresql/database-request";
import { functionPackage } from "../../../../lib/dataflow/provisioning/function-package";
import { unpackZip } from "../../../../lib/software/part-archive";
import { bundle, callFunction, ROOT, unpackedFunction } from "../bundled-function";
import { SecretsServer } from "../secrets-server";
import { LoopbackPostgreSql } from "./loopback-postgresql";

const NAME = "postgresql-provisioner";
const START_MILLIS = 600_000;
/** What every deploy with a new release uploads. */
const MOST_BYTES = 200 << 10;

let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "functions-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("is the same whenever and wherever it is made, small, and knows no path of this machine", async () => {
  const made = (name: string, TZ: string) => bundle(join(folder, name), NAME, { TZ });
  const [one, other] = [made("one", "Asia/Tokyo"), made("other", "America/New_York")];
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
    program = await unpackedFunction(join(folder, "whole"), NAME);
  }, START_MILLIS);
  afterAll(() => Promise.all([server?.stop(), secrets?.stop()]));

  const call = (asked: DatabaseRequest, ordered = asked) => callFunction(program, asked, {}, ordered);

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

  test("it does nothing that the deploy did not order, whoever calls it", async () => {
    const schemas = [{ name: "other", statements: ["CREATE ROLE intruder"] }];
    expect(await call({ ...request(), schemas }, request())).toMatchObject({
      message: "this is not what the deploy ordered: change the program that made this function, and apply it",
    });
    expect(await call({ ...request(), host: "elsewhere.invalid" }, request())).toMatchObject({
      message: expect.stringMatching(/^this is not what the deploy ordered/) as string,
    });
    expect(await server.ask("SELECT 1 FROM pg_roles WHERE rolname = 'intruder'")).toEqual([]);
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
