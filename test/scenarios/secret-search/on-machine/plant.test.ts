import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { waitFor } from "../../../lab/wait-for";
import { temporaryFolder } from "../../../node/support/software";
import { Matcher } from "../matcher";
import { needlesOf } from "../needles";
import { plant as marked, valueOf } from "../planted";
import { plant, uproot } from "./plant";
import { searchProcesses } from "./processes";

// Programs are started, on a machine that may be busy.
jest.setTimeout(120_000);

const user = os.userInfo().username;
const PATH = process.env.PATH;
let folder: string;

/** A program that writes down how it was called, in place of systemd's. */
function record(program: string): void {
  const script = `#!/bin/sh\n{ echo "${program} $*; PLANTED=$PLANTED"; cat; } >> ${folder}/calls\n`;
  fs.writeFileSync(path.join(folder, "bin", program), script, { mode: 0o755 });
}

beforeEach(() => {
  folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, "bin"));
  ["systemd-cat", "systemd-run", "systemctl"].forEach(record);
  process.env.PATH = `${path.join(folder, "bin")}:${PATH}`;
});
afterEach(() => {
  process.env.PATH = PATH;
  fs.rmSync(folder, { recursive: true });
});

test("marked secrets lie where they must be found, on no command line but one, and go again", async () => {
  const [file, environment, commandLine, journal, unit] = ["file", "env", "cmd", "journal", "unit"].map((name) =>
    marked(name, []),
  );
  const at = path.join(folder, "planted");
  const processes = plant({
    task: "plant",
    files: [{ path: at, content: valueOf(file), mode: 0o640, owner: user }],
    ...{ user, environment: valueOf(environment), commandLine: valueOf(commandLine), journal: valueOf(journal) },
    unit: { name: "control", value: valueOf(unit) },
  });
  const secrets = [environment, commandLine].map(({ secret }) => secret);
  const matcher = new Matcher(needlesOf(secrets));
  const search = async () => {
    const [environments, commandLines] = await searchProcesses([user], matcher);
    return [environments, commandLines].map(({ hits }) => [...new Set(hits.map(({ secret }) => secret))]);
  };
  expect(await search()).toEqual([[0], [1]]);
  expect(fs.readFileSync(at, "utf8")).toBe(`planted: ${valueOf(file)}\n`);
  expect(fs.statSync(at).mode & 0o777).toBe(0o640);

  uproot({ task: "uproot", files: [at], processes, unit: "control" });
  expect(fs.existsSync(at)).toBe(false);
  const commandLines = processes.map((pid) => path.join("/proc", String(pid), "cmdline"));
  // A process that was killed ends when it is next given a processor.
  await waitFor(() => !commandLines.some(runs), { timeout: 60_000, what: "the processes to end" });
  expect(fs.readFileSync(path.join(folder, "calls"), "utf8").split("\n").filter(Boolean)).toEqual([
    "systemd-cat --identifier=secret-search; PLANTED=",
    `planted: ${valueOf(journal)}`,
    `systemd-run --quiet --unit=control --remain-after-exit --setenv=PLANTED /bin/true; PLANTED=${valueOf(unit)}`,
    "systemctl stop control; PLANTED=",
  ]);
});

/** One that was killed has no command line, even before somebody has noticed its end. */
function runs(commandLine: string): boolean {
  try {
    return fs.readFileSync(commandLine).length > 0;
  } catch {
    return false;
  }
}
