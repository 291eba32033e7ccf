import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, Server } from "node:http";
import { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { processEnd, startProcess } from "../../support/process";

const SCRIPTS = resolve(__dirname, "../../../examples/ci/scripts");

/** What GitHub was asked, and what it holds. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: Record<string, unknown>;
  readonly authorization?: string;
}

let dir: string;
let server: Server;
let asked: Asked[];
/** Answers by method and path without its query. */
let answers: Record<string, unknown>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "ci-scripts-"));
  cpSync(SCRIPTS, join(dir, "scripts"), { recursive: true });
  mkdirSync(join(dir, "cdktf.out/stacks/streaming"), { recursive: true });
  mkdirSync(join(dir, "cdktf.out/words"), { recursive: true });
  mkdirSync(join(dir, "bin"));
  [asked, answers] = [[], {}];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += String(piece)));
    request.on("end", () => {
      const { method = "", url: path = "" } = request;
      asked.push({
        ...{ method, path, authorization: request.headers.authorization },
        ...(body && { body: JSON.parse(body) as Record<string, unknown> }),
      });
      const page = Number(/[?&]page=(\d+)/.exec(path)?.[1] ?? 1);
      const answer = answers[`${method} ${path.split("?")[0]}`] ?? {};
      const some = Array.isArray(answer) ? answer.slice((page - 1) * 100, page * 100) : answer;
      response.writeHead(answer === "refused" ? 403 : 200).end(JSON.stringify(some));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(dir, { recursive: true, force: true });
});

async function run(
  script: string,
  variables: Record<string, string | undefined> = {},
  stack: string[] = ["streaming"],
) {
  const child = startProcess([process.execPath, `scripts/${script}`, ...stack], {
    cwd: dir,
    env: {
      PATH: `${join(dir, "bin")}${delimiter}${process.env.PATH}`,
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_OUTPUT: join(dir, "outputs"),
      GITHUB_REPOSITORY: "my-company/streaming",
      GITHUB_RUN_ID: "42",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_TOKEN: "the token",
      ...variables,
    },
  });
  child.stdin!.end();
  let log = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (piece) => (log += String(piece)));
  return { code: await processEnd(child), log };
}

function say(words: string): void {
  writeFileSync(join(dir, "cdktf.out/words/streaming.txt"), words);
}

/** A program of that name, which does what a shell does with this text. */
function program(name: string, text: string): void {
  writeFileSync(join(dir, "bin", name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(dir, "bin", name), 0o755);
}

describe("the comment on a pull request", () => {
  const COMMENTS = "/repos/my-company/streaming/issues/7/comments";
  const comment = () => run("comment.mjs", { PULL_REQUEST: "7" });

  test("is made once, with the plan in words", async () => {
    say("Cluster orders\nNothing of it is dangerous.\n");
    answers[`GET ${COMMENTS}`] = [];
    expect(await comment()).toEqual({ code: 0, log: "" });
    expect(asked.map(({ method, path }) => `${method} ${path.split("?")[0]}`)).toEqual([
      `GET ${COMMENTS}`,
      `POST ${COMMENTS}`,
    ]);
    expect(asked[1].authorization).toBe("Bearer the token");
    expect(asked[1].body).toEqual({
      body: "<!-- plan of streaming -->\n### What this changes in `streaming`\n\n```text\nCluster orders\nNothing of it is dangerous.\n```\n\n[Log of the run](https://github.com/my-company/streaming/actions/runs/42)\n",
    });
  });

  test("is changed after that, also where it is far behind, and nobody else's is taken for it", async () => {
    say("changed\n");
    const others = Array.from({ length: 130 }, (_, id) => ({ id, body: "well", user: { type: "User" } }));
    const copied = { id: 500, body: "<!-- plan of streaming -->", user: { type: "User" } };
    const ofOther = { id: 501, body: "<!-- plan of storage -->", user: { type: "Bot" } };
    const own = { id: 502, body: "<!-- plan of streaming -->\nold", user: { type: "Bot" } };
    answers[`GET ${COMMENTS}`] = [copied, ...others, ofOther, own];
    expect(await comment()).toEqual({ code: 0, log: "" });
    expect(asked.at(-1)).toMatchObject({ method: "PATCH", path: "/repos/my-company/streaming/issues/comments/502" });
  });

  test("is never longer than GitHub takes, and nothing in it ends its frame", async () => {
    say("```` @everybody\n".repeat(10_000));
    answers[`GET ${COMMENTS}`] = [];
    await comment();
    const body = asked[1].body!.body as string;
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain("\n`````text\n```` @everybody\n");
    expect(body).toContain("\n`````\n\nIt is longer than a comment may be: the rest stands in the log of the run.\n");
  });

  test("fails in one sentence where GitHub refuses", async () => {
    say("x");
    answers[`GET ${COMMENTS}`] = "refused";
    const { code, log } = await comment();
    expect(code).toBe(1);
    expect(log).toBe('GitHub answered GET /issues/7/comments?per_page=100&page=1 with 403: "refused"\n');
  });
});

describe("the issue about drift", () => {
  const ISSUES = "/repos/my-company/streaming/issues";
  const OPEN = { number: 9, title: "Drift in streaming" };
  const report = (DRIFT: string) => run("report-drift.mjs", { DRIFT });

  test("is opened", async () => {
    say("2 changed\n");
    answers[`GET ${ISSUES}`] = [{ number: 8, title: "Drift in storage" }];
    expect(await report("2")).toEqual({ code: 0, log: "" });
    expect(asked[1]).toMatchObject({
      method: "POST",
      path: ISSUES,
      body: { title: "Drift in streaming", labels: ["drift"] },
    });
    expect(asked[1].body!.body).toContain("```text\n2 changed\n```");
  });

  test("is changed while it is open", async () => {
    say("3 changed\n");
    answers[`GET ${ISSUES}`] = [OPEN];
    expect(await report("2")).toEqual({ code: 0, log: "" });
    expect(asked.slice(1)).toEqual([expect.objectContaining({ method: "PATCH", path: `${ISSUES}/9` })]);
  });

  test("is closed when the drift is gone", async () => {
    answers[`GET ${ISSUES}`] = [OPEN];
    expect(await report("0")).toEqual({ code: 0, log: "" });
    expect(asked.slice(1).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${ISSUES}/9/comments`,
      `PATCH ${ISSUES}/9`,
    ]);
    expect(asked[2].body).toEqual({ state: "closed" });
  });

  test("is left as it is where there is nothing to tell, or nobody knows", async () => {
    answers[`GET ${ISSUES}`] = [];
    expect(await report("0")).toEqual({ code: 0, log: "" });
    expect(asked).toHaveLength(1);
    expect(await report("1")).toEqual({ code: 0, log: "" });
    expect(asked).toHaveLength(1);
  });
});

describe("the scripts around Terraform", () => {
  /** Terraform that says it has changes, and a guard that writes down what it was asked. */
  beforeEach(() => {
    program("terraform", 'case "$1" in plan) exit 2;; show) echo "{}";; esac');
    program("npx", `echo "$@" > ${join(dir, "asked-guard")}; cat > /dev/null; echo words; exit 0`);
  });
  const outputs = (): string => readFileSync(join(dir, "outputs"), "utf8");
  const askedGuard = (): string => readFileSync(join(dir, "asked-guard"), "utf8").trim();

  test("what is allowed is asked of the guard, address by address", async () => {
    expect(await run("plan.mjs", { ALLOW: "aws_instance.a\naws_instance.b  aws_s3_bucket.c" })).toMatchObject({
      code: 0,
    });
    expect(askedGuard()).toBe(
      "--no-install cdktf-flink plan --allow aws_instance.a --allow aws_instance.b --allow aws_s3_bucket.c -",
    );
    expect(outputs()).toBe("changes=true\n");
  });

  test("a plan without changes leaves nothing to approve", async () => {
    program("terraform", 'case "$1" in show) echo "{}";; esac');
    expect(await run("plan.mjs")).toMatchObject({ code: 0 });
    expect(askedGuard()).toBe("--no-install cdktf-flink plan -");
    expect(outputs()).toBe("changes=false\n");
  });

  test("a lock is taken, but where a role may only read", async () => {
    program("terraform", `echo "$@" >> ${join(dir, "calls")}; case "$1" in plan) exit 2;; show) echo "{}";; esac`);
    await run("plan.mjs");
    await run("plan.mjs", { LOCK: "false" });
    const planned = readFileSync(join(dir, "calls"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("plan "));
    expect(planned.map((line) => line.includes("-lock=false"))).toEqual([false, true]);
  });

  test("the plan itself is in no log, and its judgement is", async () => {
    program("terraform", 'case "$1" in plan) echo "Plan: 1 to add"; exit 2;; show) echo "{ a secret }";; esac');
    const { log } = await run("plan.mjs");
    expect(log).toContain("Plan: 1 to add");
    expect(log).toContain("words");
    expect(log).not.toContain("secret");
  });

  test.each([
    [
      "a newer machine image alone is no drift, and is told in the log",
      true,
      0,
      /^Another machine image was published, and nothing else differs: .*status/m,
    ],
    ["anything else is", false, 2, /^Plan: 1 to change\n$/],
  ])("%s", async (_, isNewerImageOnly, code, log) => {
    program("terraform", 'case "$1" in plan) echo "Plan: 1 to change"; exit 2;; show) echo "{}";; esac');
    const judgement = JSON.stringify({ isNewerImageOnly });
    program("npx", `cat > /dev/null; case "$*" in *--json*) echo '${judgement}';; *) echo words;; esac`);
    expect(await run("drift.mjs")).toEqual({ code, log: expect.stringMatching(log) as string });
  });

  test.each(["plan.mjs", "drift.mjs"])("%s fails where the guard cannot judge", async (script) => {
    program("npx", "cat > /dev/null; echo 'standard input is no plan' >&2; exit 1");
    expect(await run(script)).toMatchObject({
      code: 1,
      log: expect.stringContaining("the plan could not be judged: standard input is no plan") as string,
    });
  });

  test.each(["plan.mjs", "drift.mjs"])(
    "%s fails where Terraform does, in its words and one sentence",
    async (script) => {
      program("terraform", 'case "$1" in plan) echo "Error: no such thing" >&2; exit 1;; esac');
      const { code, log } = await run(script);
      expect(code).toBe(1);
      expect(log).toBe(
        "Error: no such thing\nterraform plan failed with exit code 1: its own words stand in the log of the run.\n",
      );
    },
  );

  test("a comment can say so too", async () => {
    program("terraform", "exit 1");
    await run("plan.mjs");
    const words = readFileSync(join(dir, "cdktf.out/words/streaming.txt"), "utf8");
    expect(words).toBe("terraform init failed with exit code 1: its own words stand in the log of the run.\n");
  });

  test.each<[string, string[]]>([
    ["no stack", []],
    ["what is none", ["../streaming"]],
  ])("with %s they say how they are called", async (_, stack) => {
    const { code, log } = await run("plan.mjs", {}, stack);
    expect(code).toBe(1);
    expect(log).toBe(`"${stack[0] ?? ""}" is no name of a stack: call it as node plan.mjs <stack>\n`);
  });

  test("a stack that was not synthesized is told so, and not that Terraform is missing", async () => {
    const { code, log } = await run("plan.mjs", {}, ["other"]);
    expect(code).toBe(1);
    expect(log).toMatch(/other is not there: run "npx cdktf synth" before, and name a stack of the program\n$/);
  });

  test("what the workflow has to set is named", async () => {
    expect(await run("comment.mjs", { PULL_REQUEST: undefined })).toEqual({
      code: 1,
      log: "PULL_REQUEST is not set: set it in the step of the workflow\n",
    });
  });
});
