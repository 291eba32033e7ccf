import { spawn } from "child_process";
import * as fs from "fs";
import * as http from "http";
import * as path from "path";
import { SignatureV4 } from "@smithy/signature-v4";
import { CredentialsServer } from "../../lib/node/agent/credentials-server";
import { JOB_CREDENTIALS } from "../../lib/node/job-credentials";
import { ATTEMPT_USER_AGENT } from "../lab/judge/figures";
import { Sha256 } from "../node/support/sha256";
import { temporaryFolder } from "../node/support/software";
import { attemptsOfTheJob, attemptsOfTheMachine } from "./attempts-at-aws";
import { attemptsOnTheMachine, AttemptTargets, everyAttempt, Prober, tryForbidden } from "./job-is-not-machine";

const TARGETS: AttemptTargets = {
  region: "eu-west-1",
  accountId: "123456789012",
  cluster: "lab",
  bucket: "checkpoints-bucket",
  otherBucket: "other-bucket",
  data: { bucket: "data-bucket", source: "in/", sink: "out/" },
  otherNode: "lab-node-2",
  nodeRoleName: "lab-node-x",
  jobRoleName: "lab-job-x",
  bucketKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/x",
};

/** A machine that says the same to everything. */
function machineThatSays(text: string): Prober & { readonly commands: (readonly string[])[] } {
  const commands: (readonly string[])[] = [];
  return {
    commands,
    exec: (argv) => (commands.push(argv), Promise.resolve({ code: 0, stdout: text, stderr: "" })),
  };
}

const byJobs = (attempts = everyAttempt(TARGETS)) => attempts.filter(({ user }) => user !== "root");

describe("what is tried", () => {
  const onMachine = attemptsOnTheMachine();
  const ofJob = attemptsOfTheJob(TARGETS);
  const ofMachine = attemptsOfTheMachine(TARGETS);
  const all = everyAttempt(TARGETS);

  test("is enough of it, each once", () => {
    expect(onMachine.length).toBeGreaterThanOrEqual(20);
    expect(onMachine.length + ofJob.length).toBeGreaterThanOrEqual(40);
    expect(ofMachine.length).toBeGreaterThanOrEqual(20);
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(onMachine.filter(({ layer }) => layer === "IAM")).toEqual([]);
    expect(ofMachine.filter(({ layer, user }) => layer !== "IAM" || user !== "root")).toEqual([]);
  });

  test("counts as refused only by what the refusal says", async () => {
    for (const text of [
      ...["", "200 {}", "sh: not found", "404", "500 AccessDenied", "no answer: timed out soon"],
      // The lab's judge has to know the caller and the call, or it judged nothing.
      "403 <Code>AccessDenied</Code><Message>i-1 may not s3:x on y (judge): cannot be judged",
      "403 <Code>AccessDenied</Code><Message>i-1 may not s3:x on y (caller): handed out to nobody",
      "403 <Code>SignatureDoesNotMatch</Code><Message>i-1 may not s3:x on y (signature): x",
    ]) {
      const done = (await tryForbidden(machineThatSays(text), TARGETS)).filter(({ outcome }) => outcome === "done");
      const mayMean = text.startsWith("no answer") ? 4 : 0;
      expect([text, done.length]).toEqual([text, all.length - mayMean]);
    }
    const saying = "403 <Code>AccessDenied</Code><Message>i-1 may not s3:x on y (identity): no statement";
    const refused = (await tryForbidden(machineThatSays(saying), TARGETS)).filter((one) => one.outcome === "refused");
    expect(new Set(refused.map(({ layer, policy }) => `${layer}, ${policy}`))).toEqual(new Set(["IAM, identity"]));
    expect(refused).toHaveLength(all.filter(({ layer }) => layer === "IAM").length);
  });

  test("of jobs is tried with nothing of root's left", async () => {
    const machine = machineThatSays("x");
    await tryForbidden(machine, TARGETS);
    const commands = machine.commands.filter(([program]) => program === "setpriv");
    expect(commands).toHaveLength(byJobs().length);
    for (const argv of commands) {
      expect(argv.slice(0, 7)).toEqual([
        "setpriv",
        expect.stringMatching(/^--reuid=flink-(taskmanager|jobmanager|zookeeper)$/),
        expect.stringMatching(/^--regid=flink-/),
        ...["--init-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"],
      ]);
    }
  });
});

test("calls of AWS are signed with the credentials that the agent serves", async () => {
  const folder = temporaryFolder();
  const keys = {
    ...{ accessKeyId: "ASIAJOB", secretAccessKey: "secret", sessionToken: "session" },
    expiration: new Date(Date.now() + 3_600_000),
  };
  const agent = new CredentialsServer(
    { path: JOB_CREDENTIALS.path, token: "the-token" },
    { get: () => Promise.resolve(keys) },
  );
  const agentPort = await agent.listen(0);
  const tokenFile = path.join(folder, "token");
  fs.writeFileSync(tokenFile, "the-token");
  let received: http.IncomingMessage | undefined;
  const s3 = http.createServer((request, response) => {
    received = request;
    response.writeHead(403, { connection: "close" }).end("<Code>AccessDenied</Code>");
  });
  await new Promise<void>((resolve) => s3.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(s3.address() as { port: number }).port}`;
  try {
    const call = { service: "s3", region: "eu-west-1", scheme: "http", host, method: "GET", path: "/a b/c" };
    const output = await python({ ...call, query: { prefix: "ha/x/", "list-type": "2" } }, agentPort, tokenFile);
    expect(output.trim()).toBe("403 <Code>AccessDenied</Code>");

    const { headers } = received!;
    const signer = new SignatureV4({
      ...{ service: "s3", region: "eu-west-1", credentials: keys, sha256: Sha256 },
      ...{ uriEscapePath: false, applyChecksum: false },
    });
    const [hostname, port] = host.split(":");
    const date = String(headers["x-amz-date"]).replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
    const signed = ["content-type", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
    const expected = await signer.sign(
      {
        ...{ method: "GET", protocol: "http:", hostname, port: Number(port), path: "/a%20b/c" },
        query: { prefix: "ha/x/", "list-type": "2" },
        headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
      },
      { signingDate: new Date(date) },
    );
    expect(headers.authorization).toBe(expected.headers.authorization);
    expect(headers["x-amz-security-token"]).toBe("session");
    expect(headers["user-agent"]).toBe(ATTEMPT_USER_AGENT);
  } finally {
    await agent.close();
    await new Promise((resolve) => s3.close(resolve));
    fs.rmSync(folder, { recursive: true });
  }
});

function python(call: object, agentPort: number, tokenFile: string): Promise<string> {
  const program = path.join(__dirname, "job-is-not-machine", "aws_call.py");
  const child = spawn("python3", [program], {
    env: {
      PATH: process.env.PATH,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${agentPort}/job-credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    },
  });
  child.stdin.end(JSON.stringify(call));
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
}
