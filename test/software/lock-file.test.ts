import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchSoftware } from "../../lib/software/fetch";
import {
  EMPTY_LOCK,
  parseLockFile,
  printLockFile,
  readLockFile,
  withRelease,
  type LockedPart,
  type LockFile,
} from "../../lib/software/lock-file";
import { updateLockFile } from "../../lib/software/lock-file-store";
import { PartStore } from "../../lib/software/part-store";
import { resolveSoftware } from "../../lib/software/resolve";
import { softwareRelease, type Architecture } from "../../lib/software/software-table";
import { temporaryFolder } from "./temporary-folder";
import { WrittenOrigin } from "./written-origin";

const folder = temporaryFolder();

function locked(flink: string, architecture: Architecture = "amd64", digit = "a"): LockedPart[] {
  return softwareRelease("official", flink, architecture).parts.map((part) => ({
    ...part,
    sha256: digit.repeat(64),
    sizeBytes: 1000,
  }));
}

function add(lock: LockFile, flink: string, architecture: Architecture = "amd64", digit = "a"): LockFile {
  const parts = locked(flink, architecture, digit);
  const versions = Object.fromEntries(parts.map((part) => [part.name, part.version]));
  return withRelease(lock, "official", { flink, architecture, parts: versions, absent: [] }, parts);
}

test("what is printed is read back, in an order that does not depend on when it was fetched", () => {
  const one = add(add(EMPTY_LOCK, "2.2.1"), "1.20.5");
  const other = add(add(EMPTY_LOCK, "1.20.5"), "2.2.1");
  expect(printLockFile(one)).toBe(printLockFile(other));
  expect(parseLockFile(printLockFile(one), "lock")).toEqual(parseLockFile(printLockFile(other), "lock"));
});

test("a part that changed is refused, and the release stays as it was", () => {
  expect(() => add(add(EMPTY_LOCK, "2.2.1"), "2.2.1", "amd64", "b")).toThrow(
    /^flink 2\.2\.1 \(any\) from official has SHA-256 b{64}, but the lock file says a{64}: a published version does not change/,
  );
});

test.each([
  ["{", /the text is not JSON/],
  ["[]", /the text is not an object/],
  ['{"schemaVersion":2,"origins":{}}', /schemaVersion is 2 and this version knows 1 only/],
  ['{"schemaVersion":1,"origins":{"elsewhere":{}}}', /origins\.elsewhere is not one of official, package-registries/],
  ['{"schemaVersion":1,"origins":{"official":{}}}', /lacks its lists/],
])("%s is no lock file", (text, message) => {
  expect(() => parseLockFile(text, "my.json")).toThrow(message);
  expect(() => parseLockFile(text, "my.json")).toThrow(/^my\.json is not a valid lock file: .*restore it/);
});

test.each([
  ["sha256", "A".repeat(64)],
  ["sizeBytes", 0],
  ["sizeBytes", "12"],
  ["fileName", "../evil"],
  ["version", "1/../2"],
  ["kind", "zip"],
  ["architecture", "mips"],
])("a part with %s %p is refused", (field, value) => {
  const lock = JSON.parse(printLockFile(add(EMPTY_LOCK, "2.2.1"))) as {
    origins: { official: { parts: Record<string, unknown>[] } };
  };
  lock.origins.official.parts[0][field] = value;
  expect(() => parseLockFile(JSON.stringify(lock), "lock")).toThrow(
    new RegExp(`origins\\.official\\.parts\\[0\\] has a wrong ${field}`),
  );
});

test("two commands at once lose nothing", async () => {
  const path = join(folder, "both.json");
  await Promise.all(["1.20.5", "2.2.1", "2.3.0"].map((flink) => updateLockFile(path, (lock) => add(lock, flink))));
  expect(readLockFile(path)?.origins.official?.releases.map((release) => release.flink)).toEqual([
    "1.20.5",
    "2.2.1",
    "2.3.0",
  ]);
});

test("where no lock file can lie, nothing is fetched for it", async () => {
  const originImplementation = new WrittenOrigin();
  const fetching = fetchSoftware({
    origin: "official",
    flink: ["2.2"],
    architectures: ["amd64"],
    lockFile: "/proc/none/lock.json",
    store: new PartStore(join(folder, "store")),
    originImplementation,
  });
  await expect(fetching).rejects.toThrow(
    'the folder of --lock-file is "/proc/none", but must be a folder that is there or can be made',
  );
  expect(originImplementation.asked).toEqual([]);
});

test("a change that fails leaves the file alone", async () => {
  const path = join(folder, "fails.json");
  await updateLockFile(path, (lock) => add(lock, "2.2.1"));
  const before = readFileSync(path, "utf8");
  await expect(updateLockFile(path, (lock) => add(lock, "2.2.1", "amd64", "b"))).rejects.toThrow(/does not change/);
  expect(readFileSync(path, "utf8")).toBe(before);
});

describe("resolveSoftware", () => {
  const query = { origin: "official", flinkVersion: "2.2", architecture: "amd64" };

  test("gives items under keys that hold the hash", () => {
    const { items } = resolveSoftware({ ...query, lock: add(EMPTY_LOCK, "2.2.1") });
    expect(items?.flink).toEqual({
      name: "flink",
      version: "2.2.1",
      key: `software/flink/2.2.1/${"a".repeat(64)}/flink-2.2.1-bin-scala_2.12.tgz`,
      sha256: "a".repeat(64),
      sizeBytes: 1000,
      kind: "tar.gz",
      fileName: "flink-2.2.1-bin-scala_2.12.tgz",
    });
    expect(items?.presto.kind).toBe("file");
    expect(items?.ssmAgent).toBeUndefined();
  });

  test("a line means its newest locked patch, by number", () => {
    const rename = (flink: string): LockFile => {
      const parts = locked("2.2.1").map((part) => (part.name === "flink" ? { ...part, version: flink } : part));
      const versions = Object.fromEntries(parts.map((part) => [part.name, part.version]));
      return withRelease(lock, "official", { flink, architecture: "amd64", parts: versions, absent: [] }, parts);
    };
    let lock = add(EMPTY_LOCK, "2.2.1");
    for (const patch of ["2.2.10", "2.2.9"]) lock = rename(patch);
    expect(resolveSoftware({ ...query, lock }).items?.flink.version).toBe("2.2.10");
    expect(resolveSoftware({ ...query, flinkVersion: "2.2.9", lock }).items?.flink.version).toBe("2.2.9");
  });

  test.each([
    [{ lock: undefined }, "There is no software lock file"],
    [{ flinkVersion: "2.3" }, "The software lock file has no Flink 2.3 for amd64 from official"],
    [{ architecture: "arm64" }, "The software lock file has no Flink 2.2 for arm64 from official"],
    [{ origin: "package-registries" }, "The software lock file has no Flink 2.2 for amd64 from package-registries"],
  ])("what is missing is said: %p", (difference, missing) => {
    expect(resolveSoftware({ ...query, lock: add(EMPTY_LOCK, "2.2.1"), ...difference })).toEqual({ missing });
  });

  test("a line is not the beginning of another", () => {
    expect(resolveSoftware({ ...query, flinkVersion: "2", lock: add(EMPTY_LOCK, "2.2.1") }).items).toBeDefined();
    expect(resolveSoftware({ ...query, flinkVersion: "1.2", lock: add(EMPTY_LOCK, "1.20.5") }).missing).toBeDefined();
  });

  test("an origin that does not exist is refused", () => {
    expect(() => resolveSoftware({ ...query, origin: "elsewhere", lock: undefined })).toThrow(
      /origin is "elsewhere", but must be one of official, package-registries/,
    );
  });
});

test.each(["official", "package-registries"] as const)("what no machine installs is not fetched from %s", (origin) => {
  const { parts, absent } = softwareRelease(origin, "2.2", "amd64");
  expect(parts.map((part) => part.name)).not.toContain("ssm-agent");
  expect(absent.map((part) => part.name)).toEqual(["ssm-agent"]);
});

test("a release that the table does not have is refused with those that it has", () => {
  expect(() => softwareRelease("official", "2.9", "amd64")).toThrow(
    /^--flink is "2\.9", but must be one of 1\.20, 1\.20\.\d+, 2\.2, /,
  );
});

test("no lock file is not an error, a broken one is", () => {
  expect(readLockFile(join(folder, "none.json"))).toBeUndefined();
  const path = join(folder, "broken.json");
  writeFileSync(path, "");
  expect(() => readLockFile(path)).toThrow(/broken\.json is not a valid lock file/);
});
