import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { markOf } from "../../lib/local/cluster-processes";
import { runningPrograms } from "../../lib/local/programs";
import { cluster, LOCK_FILE } from "../cluster/support";
import { testStack } from "../support/synth";
import { type Ended, runCommand } from "./run-command";

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "local-command-"));
  const app = new App({ outdir: join(home, "cdktf.out") });
  cluster(testStack("one", app), { clusterName: "orders" });
  cluster(testStack("two", app), { clusterName: "payments" });
  app.synth();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function local(...args: readonly string[]): Promise<Ended> {
  return runCommand(["local", ...args], { HOME: home, XDG_STATE_HOME: join(home, "state") });
}

test("where there is none, status says so and ends with 1, and down has nothing to do", async () => {
  const folder = join(home, "state", "cdktf-flink", "local");
  expect(await local("status")).toEqual({ code: 1, stdout: `There is no local cluster in ${folder}.\n`, stderr: "" });
  expect(await local("down")).toEqual({
    code: 0,
    stdout: `No process of a local cluster in ${folder} was running.\n`,
    stderr: "",
  });
  const { stdout } = await local("status", "--json", "--name", "mine");
  expect(JSON.parse(stdout)).toEqual({
    state: "down",
    folder: join(home, "state", "cdktf-flink", "mine"),
    processes: [],
    jobs: [],
  });
});

test.each([
  [
    ["--flink", "newest"],
    /--flink is "newest", but must be a line such as 2\.3 or a version such as 2\.3\.0, being 1\.20 or /,
  ],
  [["--flink", "1.17"], /--flink is "1\.17", but must be .* 1\.20 or 2\.0 and newer: name one of the lines 1\.20, /],
  [
    ["--name", "My"],
    /--name is "My", but must be 1 to 31 small letters, digits and hyphens that begin with a letter: /,
  ],
  [["--dir", "a b"], /--dir is ".*a b", but must be a path of letters, digits and _ \. \/ @ \+ - alone, /],
  [["--dir", ""], /--dir is "", but must be the name of a folder: name one/],
  [["--memory", "3"], /Give a size in MiB or GiB, such as 3072m or 4g\./],
  [["--memory", "0g"], /Give a size in MiB or GiB, such as 3072m or 4g\./],
  [["--memory", "1g"], /--memory is "1024m", but must be at least 1868m, which a JobManager and a TaskManager need: /],
  [["--port", "80"], /Give a whole number from 1024 to 65535\./],
  [["--task-managers", "17"], /Give a whole number from 1 to 16\./],
  [["--cluster", "orders"], /--cluster is "orders", but must be left out where there is no --synthesized, /],
  [
    ["--desired-state", "x", "--synthesized", "y"],
    /'--desired-state <file>' cannot be used with option '--synthesized/,
  ],
])("up %j is a wrong command line, told in one sentence", async (args, told) => {
  const { code, stdout, stderr } = await local("up", ...args);
  expect(stderr).toMatch(told);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test.each([
  [["--synthesized", "OUT"], /holds more than one cluster: name one of orders, payments with --cluster/],
  [["--synthesized", "OUT", "--cluster", "x"], /holds no cluster named x: name one of orders, payments with --cluster/],
  [
    ["--lock-file", "/nowhere.json"],
    /the lock file \/nowhere\.json has no Flink 2\.2 from official: run `npx cdktf-flink fetch/,
  ],
  [
    ["--lock-file", LOCK_FILE],
    /has no Flink 2\.2 from official: run `npx cdktf-flink fetch --origin official --flink 2\.2` first/,
  ],
  [
    ["--lock-file", LOCK_FILE, "--flink", "3.0"],
    /has no Flink 3\.0 from official: name one of 1\.20\.\d+, 2\.2\.\d+, 2\.3\.\d+, which this version of cdktf-flink fetches/,
  ],
])("up %j fails with one sentence, and starts nothing", async (args, told) => {
  const { code, stdout, stderr } = await local(
    ...["up", "--name", "none"],
    ...args.map((each) => (each === "OUT" ? join(home, "cdktf.out") : each)),
  );
  expect(stderr).toMatch(told);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  const mark = markOf(join(home, "state", "cdktf-flink", "none"), "jobmanager");
  expect(runningPrograms().filter(({ words }) => words.includes(mark))).toEqual([]);
});
