import { mkdtempSync, rmSync, writeFileSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { CLIENT_ROLE_PREFIX } from "./lab-stacks";
import { JudgedDeployment, requireNoneDeniedNorIdle } from "./judgement";

const USED = "identity lab-job/flink-job Used";
const CALL = { time: "2026-01-01T00:00:00Z", service: "s3", principal: "lab-job/n-1", method: "PUT", action: "PUT" };
const DECISION = { action: "s3:PutObject", resource: "x", layer: "identity", statements: [USED] };

describe("a session is judged at its end", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "judgement-"));
  const told = jest.spyOn(console, "log").mockImplementation(() => undefined);
  afterAll(() => {
    told.mockRestore();
    rmSync(folder, { recursive: true });
  });

  const session = (allowed: boolean, statements: readonly string[]): JudgedDeployment => {
    const lab = { accessLog: path.join(folder, "calls.jsonl"), statementFile: path.join(folder, "statements.txt") };
    const call = { ...CALL, path: "/x", allowed, decisions: [{ ...DECISION, allowed }] };
    const used = { ...CALL, path: "/x", allowed: true, decisions: [{ ...DECISION, allowed: true }] };
    writeFileSync(lab.accessLog, [used, call].map((line) => `${JSON.stringify(line)}\n`).join(""));
    writeFileSync(lab.statementFile, statements.map((line) => `${line}\n`).join(""));
    return { lab, teardowns: [] };
  };

  test("all is well where every call was allowed and every statement of ours was used", () => {
    requireNoneDeniedNorIdle(session(true, [USED, `identity ${CLIENT_ROLE_PREFIX}-1/x #1`]));
    expect(told).toHaveBeenCalledWith(expect.stringContaining("calls judged: 2"));
  });

  test("a refusal fails it, and so does a statement that nothing used", () => {
    expect(() => requireNoneDeniedNorIdle(session(false, [USED]))).toThrow(/denied/);
    expect(() => requireNoneDeniedNorIdle(session(true, [USED, "identity lab-job/flink-job Idle"]))).toThrow(/Idle/);
  });
});
