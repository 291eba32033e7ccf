import { mkdtempSync, readFileSync, rmSync } from "fs";
import { createServer, Server } from "http";
import { request } from "https";
import { tmpdir } from "os";
import { join } from "path";
import { createAuthority, KeyAndCertificate } from "../lab/authority";
import { Judge } from "../lab/fabric/api-call";
import { Front } from "../lab/fabric/front";
import { judgeFigures, LoggedCall } from "../lab/judge/figures";

const HOST = "s3.eu-west-1.amazonaws.com";
const LINE = "identity role/policy Sid";
const ALLOWED = { allowed: true, reason: "yes", principal: "role/x" };

let dir: string;
let authority: KeyAndCertificate;
let emulator: Server;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "front-"));
  authority = await createAuthority();
  // Nothing is where somebody looks for it.
  emulator = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => emulator.listen(join(dir, "emulator"), resolve));
});

afterAll(async () => {
  await new Promise((resolve) => emulator.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

/** What one call is answered with, and all that the log has of it. */
async function callThrough(judge: Judge): Promise<{ readonly status?: number; readonly log: readonly LoggedCall[] }> {
  const accessLog = join(dir, "calls.jsonl");
  rmSync(accessLog, { force: true });
  const front = new Front({ emulatorSocket: join(dir, "emulator"), authority, accessLog, judge });
  await front.listen("127.0.0.1", 0);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const where = { host: "127.0.0.1", port: front.portAt("127.0.0.1"), path: "/b/k", agent: false };
    request({ ...where, servername: HOST, headers: { host: HOST }, ca: authority.certificate }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    })
      .on("error", reject)
      .end();
  });
  await front.close();
  const lines = readFileSync(accessLog, "utf8").trim().split("\n");
  return { status, log: lines.map((line) => JSON.parse(line) as LoggedCall) };
}

describe("the front logs", () => {
  const failing = { allowed: false, reason: "the judge failed: lost", decisions: [{ layer: "judge", allowed: false }] };

  beforeEach(() => jest.spyOn(console, "error").mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());

  test("a call on which the judge fails as one that it refuses", async () => {
    const { status, log } = await callThrough(() => Promise.reject(new Error("lost")));
    expect(status).toBe(502);
    expect(log).toMatchObject([failing]);
  });

  test("the same where it fails on whether somebody may know what is missing", async () => {
    const { status, log } = await callThrough(() => ({
      ...ALLOWED,
      ifMissing: () => Promise.reject(new Error("lost")),
    }));
    expect(status).toBe(502);
    const failure = { allowed: false, reason: "the judge failed: lost", followUp: true };
    expect(log).toContainEqual(expect.objectContaining(failure));
  });

  test("what is decided about a missing thing beside the call itself, which alone is counted", async () => {
    const decisions = [{ action: "s3:ListBucket", resource: "b", allowed: true, reason: "", statements: [LINE] }];
    const { status, log } = await callThrough(() => ({
      ...ALLOWED,
      ifMissing: () => Promise.resolve({ ...ALLOWED, decisions }),
    }));
    expect(status).toBe(404);
    expect(log).toHaveLength(2);
    expect(judgeFigures(log, [LINE])).toMatchObject({ calls: 1, decided: [], usedStatements: [LINE] });
  });

  test("that it is refused to know of a missing thing, as a refusal of that call", async () => {
    const { status, log } = await callThrough(() => ({
      ...ALLOWED,
      ifMissing: () => Promise.resolve({ ...ALLOWED, allowed: false, reason: "hidden" }),
    }));
    expect(status).toBe(403);
    expect(judgeFigures(log, [])).toMatchObject({ calls: 1, denied: [expect.stringContaining("hidden")] });
  });
});
