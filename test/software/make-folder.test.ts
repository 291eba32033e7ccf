import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeFolder } from "../../lib/software/make-folder";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "folders-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("makes it with all above it, of the mode that is wanted, and takes one that is there", () => {
  const made = path.join(folder, "a/b");
  makeFolder("--out", made, 0o700);
  makeFolder("--out", made);
  for (const each of [made, path.dirname(made)]) expect(statSync(each).mode & 0o777).toBe(0o700);
  makeFolder("--out", "/");
});

test("no name is not taken for the current folder", () => {
  expect(() => makeFolder("--out", "")).toThrow(
    '--out is "", but must be the name of a folder: name a folder, or write --out . for the current one',
  );
});

test.each([
  ["below a file", () => path.join(folder, "file/x")],
  ["in place of a file", () => path.join(folder, "file")],
  ["below what takes no folder", () => "/proc/x/y"],
  ["of too long a name", () => path.join(folder, "x".repeat(300))],
])("%s it is refused in one sentence, and nothing is made", (_, where) => {
  writeFileSync(path.join(folder, "file"), "");
  expect(() => makeFolder("--out", where())).toThrow(
    /^--out is ".*["…], but must be a folder that is there or can be made, and the system says \w+: .*: name another folder, or mend what the system says$/,
  );
  expect(existsSync("/proc/x")).toBe(false);
});
