import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PlayedAws } from "./played-aws";
import { bundleCommandLine } from "../support/bundled-command-line";

let aws: PlayedAws;
let folder: string;
let program: string;

beforeAll(async () => {
  aws = await PlayedAws.start();
  folder = mkdtempSync(path.join(tmpdir(), "bundled-program-"));
  program = bundleCommandLine(folder);
});
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<object> {
  const env = { PATH: process.env.PATH, HOME: folder, ...environment };
  return new Promise((resolve) => {
    execFile(program, args, { env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}

const PLACE = ["--cluster", "orders", "--region", "eu-west-1"];

test("without a network a command ends with one sentence", async () => {
  const away = { ...aws.environment, AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_MAX_ATTEMPTS: "1" };
  expect(await run(["status", ...PLACE], away)).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "cdktf-flink: looking for the cluster orders: AWS cannot be reached: check the network, and HTTPS_PROXY where one leads out (connect ECONNREFUSED 127.0.0.1:9)\n",
  });
});

describe("shells complete", () => {
  const completed = async (...words: string[]): Promise<readonly string[]> => {
    const { stdout } = (await run(["complete", "--", ...words])) as { readonly stdout: string };
    return stdout.trimEnd().split("\n").slice(0, -1);
  };

  test("commands, by what they do", async () => {
    expect(await completed("wa")).toEqual([
      "wait\twait until nodes are healthy, or until a change is taken over by all",
    ]);
    const names = (await completed("")).map((line) => line.split("\t")[0]);
    expect(names).toEqual(expect.arrayContaining(["status", "certificate", "plan", "complete"]));
    expect(names).not.toContain("resize-machines");
  });

  test("what stands below a command, in as few words", async () => {
    expect(await completed("jobs", "st")).toEqual([
      "stop\tstop every job with a savepoint, and write down where these lie",
    ]);
    expect(await completed("local", "u")).toEqual(["up\tbring it up"]);
  });

  test("options, and the values that there are", async () => {
    expect((await completed("wait", "--ro")).map((line) => line.split("\t")[0])).toEqual(["--rolled"]);
    expect(await completed("fetch", "--origin", "")).toEqual(["official\t", "package-registries\t"]);
  });

  test("by a script that the shell takes", async () => {
    const { stdout } = (await run(["complete", "bash"])) as { readonly stdout: string };
    // What bash-completion gives it.
    const given = `_get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"; }`;
    const asked = `COMP_WORDS=(cdktf-flink sta); COMP_CWORD=1; compopt() { :; }; __cdktf_flink_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const PATH = `${path.dirname(program)}:${process.env.PATH}`;
    const reply = execFileSync("bash", ["--norc", "-c", [given, stdout, asked].join("\n")], {
      env: { PATH },
      encoding: "utf8",
    });
    expect(reply.split("\n")[0]).toMatch(/^status\b/);
  });
});
