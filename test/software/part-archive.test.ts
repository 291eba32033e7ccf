import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packPart, unpackTarGz } from "../../lib/software/part-archive";
import { StoredGzip } from "../../lib/software/stored-gzip";
import { temporaryFolder } from "./temporary-folder";

const folder = temporaryFolder();

async function gzip(chunks: readonly Buffer[]): Promise<Buffer> {
  const stream = new StoredGzip();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return Buffer.concat(await stream.toArray());
}

test.each([0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, 500_000])("%i bytes survive storing", async (size) => {
  const content = randomBytes(size);
  expect(gunzipSync(await gzip([content])).equals(content)).toBe(true);
});

test("the bytes do not depend on how the content arrives", async () => {
  const content = randomBytes(300_000);
  const pieces = [content.subarray(0, 7), content.subarray(7, 200_001), content.subarray(200_001)];
  expect((await gzip(pieces)).equals(await gzip([content]))).toBe(true);
});

function tree(name: string, order: readonly string[], seconds: number): string {
  const root = join(folder, name);
  for (const path of order) {
    const file = join(root, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, `content of ${path}`);
    chmodSync(file, path.startsWith("bin/") ? 0o775 : 0o600);
    utimesSync(file, seconds, seconds);
  }
  return root;
}

test("the same files give the same archive, whatever their times, order and owner's bits", async () => {
  const files = ["bin/flink", "conf/config.yaml", `lib/${"long-".repeat(30)}name.jar`, "a"];
  const [first, second] = [join(folder, "first.tar.gz"), join(folder, "second.tar.gz")];
  await packPart(tree("one", files, 1_000_000_000), "flink-1", first);
  await packPart(tree("two", [...files].reverse(), 1_500_000_000), "flink-1", second);
  expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
});

test("tar itself unpacks it, with one top folder and its executables", async () => {
  const archive = join(folder, "part.tar.gz");
  await packPart(tree("three", ["bin/flink", "lib/a.jar"], 1_000_000_000), "flink-1", archive);
  const out = join(folder, "out");
  mkdirSync(out);
  execFileSync("tar", ["-xzf", archive, "-C", out]);
  expect(readFileSync(join(out, "flink-1/lib/a.jar"), "utf8")).toBe("content of lib/a.jar");
  expect(statSync(join(out, "flink-1/bin/flink")).mode & 0o777).toBe(0o755);
  expect(statSync(join(out, "flink-1/lib/a.jar")).mode & 0o777).toBe(0o644);
});

test("a file that leads out of its folder is refused", async () => {
  const archive = join(folder, "evil.tar.gz");
  await packPart(tree("four", ["x"], 1_000_000_000), "top", archive);
  await expect(unpackTarGz(archive, join(folder, "in"), (path) => `../../${path}`)).rejects.toThrow(
    /leads out of its folder/,
  );
});
