import { mkdtempSync, rmSync, writeFileSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { CLIENT_ROLE_PREFIX } from "./lab-stacks";
import { JudgedDeployment, requireLeastPrivilege } from "./judgement";

const USED = "identity lab-job/flink-job Used";
const CALL = { time: "2026-01-01T00:00:00Z", service: "s3", principal: "lab-job/n-1", method: "PUT", action: "PUT" };
const DECISION = { action: "s3:PutObject", resource: "x", layer: "identity", statements: [USED] };

const OUTPUT = { node_role_name: "lab-node", job_role_name: "lab-job", node_names: ["lab-node-1", "lab-node-2"] };

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
    const ofNode = { ...used, principal: "lab-node/i-1" };
    writeFileSync(lab.accessLog, [used, ofNode, call].map((line) => `${JSON.stringify(line)}\n`).join(""));
    writeFileSync(lab.statementFile, statements.map((line) => `${line}\n`).join(""));
    return { lab, output: OUTPUT, teardowns: [], buildups: [] };
  };

  test("all is well where every call was allowed and every statement of ours was used", () => {
    requireLeastPrivilege(session(true, [USED, `identity ${CLIENT_ROLE_PREFIX}-1/x #1`]));
    expect(told).toHaveBeenCalledWith(expect.stringContaining("calls judged: 3"));
  });

  test("an action of ours that nobody did fails it", () => {
    expect(() => requireLeastPrivilege(session(true, [`${USED}\ts3:PutObject,s3:GetObject`]))).toThrow(
      /never used: identity lab-job\/flink-job Used s3:GetObject/,
    );
  });

  test("a role that did nothing fails it: then nothing was shown of it", () => {
    const all = session(true, [USED]);
    const output = { ...all.output, node_role_name: "lab-other" };
    expect(() => requireLeastPrivilege({ ...all, output })).toThrow(/nothing was decided for: lab-other/);
  });

  test("a refusal fails it, and so does a statement that nothing used", () => {
    expect(() => requireLeastPrivilege(session(false, [USED]))).toThrow(/denied/);
    expect(() => requireLeastPrivilege(session(true, [USED, "identity lab-job/flink-job Idle"]))).toThrow(/Idle/);
  });
});
