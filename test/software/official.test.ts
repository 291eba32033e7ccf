import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Downloader } from "../../lib/software/download";
import { OfficialSites } from "../../lib/software/origins/official";
import { PartFetcher } from "../../lib/software/part-fetcher";
import { packPart } from "../../lib/software/part-archive";
import { PartStore } from "../../lib/software/part-store";
import { Lines } from "../../lib/software/progress";
import type { Signature, TablePart } from "../../lib/software/software-table";
import { HttpSite } from "./http-site";
import { temporaryFolder } from "./temporary-folder";

const folder = temporaryFolder();
let site: HttpSite;
let store: PartStore;
let archive: Buffer;
let number = 0;

beforeAll(async () => {
  mkdirSync(join(folder, "tree/opt"), { recursive: true });
  writeFileSync(join(folder, "tree/opt/plugin-1.jar"), "a plugin");
  await packPart(join(folder, "tree"), "flink-2.2.1", join(folder, "flink.tgz"));
  archive = readFileSync(join(folder, "flink.tgz"));
});
beforeEach(async () => {
  site = await HttpSite.start();
  store = new PartStore(join(folder, `store-${++number}`));
  site.file("/flink.tgz", archive);
  site.file("/flink.tgz.sha512", Buffer.from(`${hash("sha512", archive)}  flink.tgz\n`));
});
afterEach(() => site.stop());

const hash = (algorithm: string, content: Buffer): string => createHash(algorithm).update(content).digest("hex");

function flink(signature: Signature = { kind: "none", why: "a test" }): TablePart {
  return {
    name: "flink",
    version: "2.2.1",
    architecture: "any",
    kind: "tar.gz",
    fileName: "flink.tgz",
    source: { kind: "url", url: site.url("/flink.tgz"), checksumUrl: site.url("/flink.tgz.sha512"), signature },
  };
}

function plugin(path = "opt/plugin-1.jar"): TablePart {
  return {
    name: "flink-s3-fs-presto",
    version: "1",
    architecture: "any",
    kind: "file",
    fileName: "plugin.jar",
    source: { kind: "inside", part: "flink", path },
  };
}

function fetcher(lines: string[] = [], tellsOfCached = true): PartFetcher {
  const downloader = new Downloader({ retries: 1, backoffMillis: 1 });
  return new PartFetcher("official", {
    store,
    progress: new Lines((line) => lines.push(line)),
    origin: new OfficialSites(store, downloader),
    concurrency: 1,
    tellsOfCached,
  });
}

test("a part is verified and lies under its hash; a plugin is taken out of it", async () => {
  const parts = await fetcher().fetchAll([plugin(), flink()]);
  expect(parts.map((part) => part.sha256)).toEqual([hash("sha256", Buffer.from("a plugin")), hash("sha256", archive)]);
  expect(readFileSync(store.path(parts[1]))).toEqual(archive);
  expect(site.asked("/flink.tgz")).toHaveLength(1);
});

test("what is in the cache is not asked for again, unless it was altered there", async () => {
  const [part] = await fetcher().fetchAll([flink()]);
  await fetcher().fetchAll([part]);
  expect(site.asked("/flink.tgz")).toHaveLength(1);
  writeFileSync(store.path(part), Buffer.alloc(archive.length));
  await fetcher().fetchAll([part]);
  expect(site.asked("/flink.tgz")).toHaveLength(2);
  expect(readFileSync(store.path(part))).toEqual(archive);
});

test("what is in the cache is told of, or where nobody wants to know of it what is fetched alone", async () => {
  const lines: string[] = [];
  const [part] = await fetcher(lines, false).fetchAll([flink()]);
  expect(lines).not.toEqual([]);
  lines.length = 0;
  await fetcher(lines, false).fetchAll([part]);
  expect(lines).toEqual([]);
  await fetcher(lines).fetchAll([part]);
  expect(lines).toEqual([expect.stringContaining("in the cache")]);
});

test("a file that does not match its published checksum is refused, and the next run gets a good one", async () => {
  site.file("/flink.tgz", Buffer.from("something else"));
  await expect(fetcher().fetchAll([flink()])).rejects.toThrow(
    /flink\.tgz has checksum .* but .*\.sha512 says .*altered/,
  );
  site.file("/flink.tgz", archive);
  await expect(fetcher().fetchAll([flink()])).resolves.toHaveLength(1);
});

test("a list of checksums is read where it names the file, and refused where it does not", async () => {
  const other = `${"0".repeat(64)}  flink.tgz.old\n`;
  site.file("/flink.tgz.sha512", Buffer.from(`${other}${hash("sha256", archive)} *flink.tgz\n`));
  await expect(fetcher().fetchAll([flink()])).resolves.toHaveLength(1);
  store = new PartStore(join(folder, `store-${++number}`));
  site.file("/flink.tgz.sha512", Buffer.from(`${other}${hash("sha256", archive)}  flink.tgz.new\n`));
  await expect(fetcher().fetchAll([flink()])).rejects.toThrow(/holds no SHA-256 or SHA-512 checksum of flink\.tgz/);
});

test("a file other than the locked one is refused", async () => {
  const locked = { ...flink(), sha256: "0".repeat(64), sizeBytes: archive.length };
  await expect(fetcher().fetchAll([locked])).rejects.toThrow(/but the lock file says 0{64}: a published version/);
});

test("a plugin that is not inside is said", async () => {
  await expect(fetcher().fetchAll([flink(), plugin("opt/none.jar")])).rejects.toThrow(/does not hold opt\/none\.jar/);
});

describe("a program out of an archive without a top folder", () => {
  const collector = (program = "otelcol-k8s"): TablePart => ({
    name: "otelcol",
    version: "1",
    architecture: "amd64",
    kind: "tar.gz",
    fileName: "otelcol-1-linux-amd64.tar.gz",
    source: {
      kind: "url",
      url: site.url("/download/otelcol-k8s_1_linux_amd64.tar.gz"),
      checksumUrl: site.url("/checksums.txt"),
      signature: { kind: "none", why: "a test" },
      program,
    },
  });

  beforeEach(() => {
    const tree = mkdtempSync(join(folder, "flat-"));
    writeFileSync(join(tree, "otelcol-k8s"), "a program", { mode: 0o755 });
    writeFileSync(join(tree, "README.md"), "what nobody needs");
    const flat = execFileSync("tar", ["-czf", "-", "-C", tree, "README.md", "otelcol-k8s"]);
    site.file("/download/otelcol-k8s_1_linux_amd64.tar.gz", flat);
    site.file(
      "/checksums.txt",
      Buffer.from(
        `${"0".repeat(64)}  otelcol-k8s_1_linux_arm64.tar.gz\n${hash("sha256", flat)}  otelcol-k8s_1_linux_amd64.tar.gz\n`,
      ),
    );
  });

  test("is verified as it is published, and packed under the part's name", async () => {
    const [part] = await fetcher().fetchAll([collector()]);
    const listed = execFileSync("tar", ["-tvzf", store.path(part)], { encoding: "utf8" });
    expect(listed).toMatch(/^-rwxr-xr-x .* otelcol-1\/otelcol\n$/);
    expect(execFileSync("tar", ["-xOzf", store.path(part), "otelcol-1/otelcol"], { encoding: "utf8" })).toBe(
      "a program",
    );
  });

  test("that was altered is refused", async () => {
    site.file("/download/otelcol-k8s_1_linux_amd64.tar.gz", archive);
    await expect(fetcher().fetchAll([collector()])).rejects.toThrow(
      /otelcol-k8s_1_linux_amd64\.tar\.gz has checksum .* but .*checksums\.txt says .*altered/,
    );
  });

  test("that is not inside is said", async () => {
    await expect(fetcher().fetchAll([collector("otelcol")])).rejects.toThrow(
      "otelcol-k8s_1_linux_amd64.tar.gz does not hold otelcol: update cdktf-flink",
    );
  });
});

describe("signatures", () => {
  // gpg's agent listens on a socket in its home, whose path must be short.
  const home = mkdtempSync(join(tmpdir(), "gpg-"));
  const gpg = (...args: string[]): void => {
    execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", "--yes", "--pinentry-mode", "loopback", ...args], {
      stdio: "pipe",
    });
  };

  beforeAll(() => {
    gpg("--passphrase", "", "--quick-generate-key", "Release Manager <rm@example.org>", "ed25519", "sign");
    gpg("--armor", "--output", join(home, "KEYS"), "--export");
    writeFileSync(join(home, "flink.tgz"), archive);
    gpg("--output", join(home, "flink.tgz.sig"), "--detach-sign", join(home, "flink.tgz"));
    writeFileSync(join(home, "sums"), `${hash("sha256", archive)}  flink.tgz\n`);
    gpg("--output", join(home, "sums.asc"), "--clear-sign", join(home, "sums"));
  }, 60_000);
  afterAll(() => {
    execFileSync("gpgconf", ["--homedir", home, "--kill", "all"]);
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    for (const name of ["KEYS", "flink.tgz.sig", "sums.asc"]) site.file(`/${name}`, readFileSync(join(home, name)));
  });

  const detached = (): Signature => ({
    kind: "detached",
    url: site.url("/flink.tgz.sig"),
    keysUrls: [site.url("/KEYS")],
  });
  const sums = (): Signature => ({ kind: "signed-sums", url: site.url("/sums.asc"), keysUrls: [site.url("/KEYS")] });

  test("a good detached one passes", async () => {
    const lines: string[] = [];
    await fetcher(lines).fetchAll([flink(detached())]);
    expect(lines.join("\n")).not.toContain("not checked");
  }, 60_000);

  test("a good signed list passes", async () => {
    await expect(fetcher().fetchAll([flink(sums())])).resolves.toHaveLength(1);
  }, 60_000);

  test("one of another file is refused, even if the checksum was altered with the file", async () => {
    const evil = Buffer.from("evil");
    site.file("/flink.tgz", evil);
    site.file("/flink.tgz.sha512", Buffer.from(hash("sha512", evil)));
    await expect(fetcher().fetchAll([flink(detached())])).rejects.toThrow(/signature .* is not good .*do not use it/);
    await expect(fetcher().fetchAll([flink(sums())])).rejects.toThrow(
      /the signed list .* says [0-9a-f]{64}: the file was/,
    );
  }, 60_000);

  test("a list that was altered, and one by a stranger's key, are refused", async () => {
    const text = readFileSync(join(home, "sums.asc"), "utf8");
    site.file("/sums.asc", Buffer.from(text.replace(hash("sha256", archive), "0".repeat(64))));
    await expect(fetcher().fetchAll([flink(sums())])).rejects.toThrow(/is not good/);
    site.file("/KEYS", Buffer.from("no keys here"));
    await expect(fetcher().fetchAll([flink(detached())])).rejects.toThrow(/is not good/);
  }, 60_000);

  test("where nobody can look, it is said", async () => {
    const lines: string[] = [];
    await fetcher(lines).fetchAll([flink()]);
    expect(lines).toContain("flink 2.2.1 any: signature not checked: a test");
  });
});

test("a failed part leaves the others in the cache", async () => {
  const missing = { ...flink(), name: "zookeeper" as const, source: { ...flink().source, url: site.url("/none") } };
  await expect(fetcher().fetchAll([missing as TablePart, flink()])).rejects.toThrow(/answered 404/);
  const part = { sha256: hash("sha256", archive), fileName: "flink.tgz" };
  expect(existsSync(store.path(part))).toBe(true);
});
