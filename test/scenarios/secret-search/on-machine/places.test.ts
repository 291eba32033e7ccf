import { spawn } from "child_process";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { gzipSync } from "zlib";
import { temporaryFolder } from "../../../node/support/software";
import { Matcher } from "../matcher";
import { needlesOf } from "../needles";
import { searchFiles } from "./files";
import { searchProcesses } from "./processes";
import { searchJournal, searchUnits } from "./systemd";
import { SearchTask } from "./task";
import { idsOf } from "./users";

// Programs are started, on a machine that may be busy.
jest.setTimeout(120_000);

const MARKER = "a-marked-secret-of-more-than-24-characters";
const matcher = new Matcher(needlesOf([{ name: "marked", parts: [Buffer.from(MARKER)], holders: [] }]));
/** Who is not root has only themselves to look with. */
const isRoot = process.getuid!() === 0;
const viewer = isRoot ? "nobody" : os.userInfo().username;
const CLOSED = isRoot ? 0o600 : 0o200;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  fs.chmodSync(folder, 0o755);
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer, mode = 0o644): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  fs.chmodSync(file, mode);
  return file;
}

describe("files", () => {
  const task = (more: Partial<SearchTask> = {}): SearchTask => ({
    ...{ task: "search", needles: [], viewers: [viewer], changedSince: 0, logFolders: [path.join(folder, "log")] },
    ...{ roots: [folder], ...more },
  });

  test("are found with who can read them, as the kernel decides it", async () => {
    const open = write("open", `x ${MARKER} x`);
    const long = write("deep/long", Buffer.concat([Buffer.alloc(9_000_001), Buffer.from(MARKER)]));
    const shut = write("shut/inside", MARKER);
    write("other", "nothing");
    fs.symlinkSync(open, path.join(folder, "link"));
    const [files, logs] = await searchFiles(task(), matcher);
    expect(files.things).toBe(4);
    expect(files.bytes).toBeGreaterThan(9_000_000);
    const hits = files.hits.map(({ where, readers }) => [where, readers]);
    expect(hits.sort()).toEqual([open, long, shut].map((file) => [file, [viewer]]).sort());
    expect(logs).toMatchObject({ things: 0, hits: [] });

    if (isRoot) {
      // A folder that is closed closes what is in it, whatever its mode; and so does the mode of the file itself.
      fs.chmodSync(path.dirname(shut), 0o700);
      fs.chmodSync(long, CLOSED);
      const [closed] = await searchFiles(task(), matcher);
      expect(closed.hits.map(({ where, readers }) => [where, readers]).sort()).toEqual(
        [
          [open, ["nobody"]],
          [long, []],
          [shut, []],
        ].sort(),
      );
      expect(process.geteuid!()).toBe(0);
      expect(process.getegid!()).toBe(0);
    }
  });

  test("of the image are left out, logs of it are not", async () => {
    write("old", MARKER);
    const log = write("log/of/something", MARKER, 0o600);
    const packed = write("log/rotated.gz", gzipSync(`${"x".repeat(1000)}${MARKER}`), 0o600);
    write("log/strange.gz", "it is not packed");
    const [files, logs] = await searchFiles(task({ changedSince: Date.now() + 60_000 }), matcher);
    expect(files.things).toBe(0);
    expect(logs.things).toBe(3);
    expect(logs.hits.map(({ where }) => where).sort()).toEqual([log, packed]);
    expect(logs.hits.every((hit) => !("readers" in hit))).toBe(true);
  });

  test("whose names hold a secret are found, and not named", async () => {
    write(`of-${MARKER}`, MARKER);
    const [files] = await searchFiles(task(), matcher);
    expect(files.hits).toHaveLength(2);
    expect(JSON.stringify(files)).not.toContain(MARKER.slice(0, 10));
  });
});

test("environments and command lines of processes are found, with who can read the former", async () => {
  const { uid, gid } = idsOf(viewer);
  const env = { PATH: process.env.PATH, SECRET: MARKER };
  const children = [
    spawn("sleep", ["60"], { env, uid, gid, cwd: "/" }),
    spawn("sleep", ["60"], { env }),
    spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)", MARKER], { env: {} }),
  ];
  try {
    await Promise.all(children.map((child) => new Promise((resolve) => child.once("spawn", resolve))));
    const [environments, commandLines] = await searchProcesses([viewer], matcher);
    const of = (pid?: number) => expect.stringContaining(`process ${pid} `) as string;
    const [ofViewer, own, commandLine] = children.map(({ pid }) => of(pid));
    expect(environments.hits).toHaveLength(2);
    expect(environments.hits).toContainEqual(expect.objectContaining({ where: ofViewer, readers: [viewer] }));
    expect(environments.hits).toContainEqual(expect.objectContaining({ where: own, readers: isRoot ? [] : [viewer] }));
    expect(commandLines.hits).toEqual([{ secret: 0, form: "verbatim", where: commandLine }]);
    expect(environments.things).toBeGreaterThanOrEqual(3);
  } finally {
    children.forEach((child) => child.kill("SIGKILL"));
  }
});

describe("what systemd tells", () => {
  const PATH = process.env.PATH;
  afterEach(() => (process.env.PATH = PATH));

  /** Programs of the test in place of systemd's. */
  function answer(program: string, script: string): void {
    write(`bin/${program}`, `#!/bin/sh\n${script}\n`, 0o755);
    process.env.PATH = `${path.join(folder, "bin")}:${PATH}`;
  }

  test("in its journal is found", async () => {
    answer("journalctl", `echo "$@" | grep -q -- '--all .*--output=export' && echo 'MESSAGE=${MARKER}'`);
    const journal = await searchJournal(matcher);
    expect(journal).toMatchObject({ place: "journal", things: 1, hits: [{ where: "journal", secret: 0 }] });
  });

  test("of units and of the environment is found", async () => {
    answer("systemctl", `[ "$1" = show ] || echo 'A=${MARKER}'`);
    const units = await searchUnits(isRoot ? "nobody" : undefined, matcher);
    expect(units).toMatchObject({ things: 2, hits: [{ where: "systemctl show-environment" }] });
  });

  test("is no empty answer where it fails", async () => {
    answer("journalctl", "echo no journal >&2; exit 1");
    await expect(searchJournal(matcher)).rejects.toThrow("journalctl ended with 1: no journal");
  });
});
