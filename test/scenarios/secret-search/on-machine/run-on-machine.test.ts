import * as fs from "fs";
import { createServer, Server } from "http";
import { AddressInfo } from "net";
import * as os from "os";
import * as path from "path";
import { bundle } from "../../../lab/bundle";
import { run } from "../../../lab/command";
import { temporaryFolder } from "../../../node/support/software";
import { needlesOf } from "../needles";
import { plant, valueOf } from "../planted";
import { TaskHost, TaskRunner } from "./run-on-machine";
import { CollectTask } from "./task";

// Programs are started, on a machine that may be busy.
jest.setTimeout(120_000);

const TOKEN = "token-of-the-loopback-endpoint";
const ROLE = { SecretAccessKey: "secret-of-the-role", Token: "session-of-the-role", AccessKeyId: "not secret" };

const here: TaskHost = { name: "here", run: (command, options) => run(command, options) };
let folder: string;
let runner: TaskRunner;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = temporaryFolder();
  await bundle(path.join(__dirname, "program.ts"), path.join(folder, "program.js"));
  runner = new TaskRunner(path.join(folder, "program.js"));
  // The metadata service and the agent's endpoint at once; each asks for its token.
  server = createServer((request, response) => {
    const { "x-aws-ec2-metadata-token": session, authorization } = request.headers;
    const answers: Record<string, string | undefined> = {
      "PUT /latest/api/token": "session",
      "GET /latest/meta-data/iam/security-credentials/": session && "lab-node",
      "GET /latest/meta-data/iam/security-credentials/lab-node": session && JSON.stringify(ROLE),
      "GET /job-credentials": authorization === TOKEN ? JSON.stringify({ ...ROLE, Token: "of-jobs" }) : undefined,
    };
    const answer = answers[`${request.method} ${request.url}`];
    response.writeHead(answer === undefined ? 401 : 200).end(answer ?? ROLE.Token);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  fs.rmSync(folder, { recursive: true });
});

function collect(token: string): CollectTask {
  const [key, tokenFile] = ["key.pem", "token"].map((name) => path.join(folder, name));
  fs.writeFileSync(key, "a key");
  fs.writeFileSync(tokenFile, token);
  return {
    ...{ task: "collect", files: [key, path.join(folder, "not-there")], metadata: url },
    ...{ jobCredentialsUrl: `${url}/job-credentials`, jobCredentialsTokenFile: tokenFile },
  };
}

test("the program collects the secrets of a machine, given by standard input alone", async () => {
  const task = collect(TOKEN);
  const commands: string[][] = [];
  const host: TaskHost = {
    name: "here",
    run: (command, options) => (commands.push([...command]), here.run(command, options)),
  };
  const collected = await runner.run(host, process.execPath, task);
  expect(collected).toEqual({
    files: { [task.files[0]]: Buffer.from("a key").toString("base64") },
    jobCredentialsToken: TOKEN,
    machineCredentials: { SecretAccessKey: ROLE.SecretAccessKey, Token: ROLE.Token },
    jobCredentials: { SecretAccessKey: ROLE.SecretAccessKey, Token: "of-jobs" },
  });
  expect(commands.flat().join(" ")).not.toContain(url);
});

test("a failure says what failed and holds no answer", async () => {
  const failure = await runner.run(here, process.execPath, collect("wrong")).catch((error: Error) => error.message);
  expect(failure).toContain("/job-credentials answered 401");
  expect(failure).not.toContain(ROLE.Token);
  const strange: TaskHost = { name: "here", run: () => Promise.resolve(`not JSON: ${TOKEN}`) };
  const answer = await runner.run(strange, "node", collect(TOKEN)).catch((error: Error) => error.message);
  expect(answer).toBe("here: the task collect was not answered by JSON but by 40 characters");
});

test("the program searches all places of a machine", async () => {
  const marked = plant("marked", []);
  const bin = path.join(folder, "bin");
  fs.mkdirSync(bin);
  for (const program of ["journalctl", "systemctl"]) {
    fs.writeFileSync(path.join(bin, program), `#!/bin/sh\necho "${valueOf(marked)}"\n`, { mode: 0o755 });
  }
  const logs = path.join(folder, "log");
  fs.mkdirSync(logs);
  fs.writeFileSync(path.join(logs, "flink.log"), valueOf(marked));
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const host: TaskHost = { name: "here", run: (command, options) => run(command, { ...options, env }) };

  const searched = await runner.run(host, process.execPath, {
    task: "search",
    needles: needlesOf([marked.secret]).map((needle) => ({ ...needle, bytes: needle.bytes.toString("base64") })),
    ...{ viewers: [os.userInfo().username], changedSince: 0, logFolders: [logs], roots: [folder] },
  });
  expect(searched.map(({ place, hits }) => [place, hits.length])).toEqual([
    ["environments of processes, by who can read them", 0],
    ["command lines", 0],
    ["listings of systemd, as nobody", 2],
    ["journal", 1],
    // The two programs of this test.
    ["files, by who can read them", 2],
    ["log files", 1],
  ]);
  expect(searched.every(({ things, bytes }) => things > 0 && bytes > 0)).toBe(true);
});
