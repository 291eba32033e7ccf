import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { CiAccess } from "../../../examples/ci/access/ci-access";
import { synthesize } from "../../support/synth";
import { workflowProblems } from "./workflow-problems";

const EXAMPLE = resolve(__dirname, "../../../examples/ci");
const FILES = readdirSync(join(EXAMPLE, "workflows"));

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const textOf = (file: string): string => readFileSync(join(EXAMPLE, "workflows", file), "utf8");
const workflow = (file: string): Workflow => parse(textOf(file)) as Workflow;
const jobs = (file: string): Job[] => Object.values(workflow(file).jobs);
const steps = (file: string): Step[] => jobs(file).flatMap((job) => job.steps ?? []);

test("GitHub's own parser finds what is wrong with a workflow", async () => {
  const bad = "on: pushh\njobs:\n  a:\n    runs-on: x\n    permissons: {}\n    steps:\n      - run: ${{ foo.bar }}\n";
  expect(await workflowProblems("bad.yml", bad)).toEqual([
    expect.stringContaining("Unexpected value 'pushh'"),
    expect.stringContaining("Unexpected value 'permissons'"),
    expect.stringContaining("Unrecognized named-value: 'foo'"),
  ]);
});

describe.each(FILES)("%s", (file) => {
  test("GitHub's own parser has nothing against it", async () => {
    expect(await workflowProblems(join(EXAMPLE, "workflows", file))).toEqual([]);
  });

  test("actions of others are named by a commit, and of which version that is", () => {
    const used = textOf(file)
      .split("\n")
      .filter((line) => /uses:/.test(line) && !line.includes("uses: ./.github/workflows/"));
    expect(used.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    const local = jobs(file).flatMap(({ uses }) => uses ?? []);
    expect(local.filter((use) => !existsSync(join(EXAMPLE, "workflows", use.split("/").pop()!)))).toEqual([]);
  });

  test("what it does is in the scripts, and nothing that others may write gets into a command", () => {
    const commands = steps(file).flatMap(({ run }) => run ?? []);
    expect(commands.filter((command) => command.includes("${{"))).toEqual([]);
    const scripts = commands.flatMap((command) =>
      [...command.matchAll(/scripts\/([\w-]+\.mjs)/g)].map(([, name]) => name),
    );
    expect(scripts.filter((name) => !existsSync(join(EXAMPLE, "scripts", name)))).toEqual([]);
  });

  test("it may read the repository, and each job what it needs beside", () => {
    expect(workflow(file).permissions).toEqual({ contents: "read" });
    for (const job of jobs(file)) {
      const { "id-token": token, contents, ...more } = job.permissions!;
      expect([token, contents]).toEqual(["write", "read"]);
      const writes = textOf(file).includes("comment.mjs") ? "pull-requests" : "issues";
      expect(Object.keys(more)).toEqual(/comment\.mjs|report-drift\.mjs/.test(textOf(file)) ? [writes] : []);
    }
  });
});

test("the versions are the same in all of them", () => {
  const used = FILES.flatMap((file) => [...textOf(file).matchAll(/uses: ([\w-]+\/[\w-]+)@(\w+)/g)]);
  const versions = new Map<string, Set<string>>();
  for (const [, action, commit] of used) versions.set(action, (versions.get(action) ?? new Set()).add(commit));
  expect([...versions.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1]);
});

test("the variables that they ask for are those that the stack of the roles puts out", () => {
  const asked = new Set(FILES.flatMap((file) => [...textOf(file).matchAll(/vars\.(\w+)/g)].map(([, name]) => name)));
  let variables: Readonly<Record<string, string>> = {};
  synthesize((stack) => {
    ({ variables } = new CiAccess(stack, "access", {
      ...{ stateBucket: "state", region: "eu-west-1", repository: "a/b", branch: "main", environment: "production" },
      stacks: ["storage"],
    }));
  });
  expect([...asked].sort()).toEqual(Object.keys(variables).sort());
});
