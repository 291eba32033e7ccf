import * as fs from "fs";
import * as path from "path";
import { Readable } from "stream";
import { installSoftware, removeOtherSoftware } from "../../lib/node/agent/software";
import type { ObjectStore, OpenObject } from "../../lib/node/agent/object-store";
import { archivePart, filePart, PublishedPart, temporaryFolder } from "./support/software";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

/** Answers of a store, in turn; then the good one. */
class FaultyStore implements ObjectStore {
  public readonly asked: number[] = [];

  public constructor(
    private readonly bytes: Buffer,
    private readonly faults: ((firstByte: number) => OpenObject | Error)[] = [],
  ) {}

  public open(_bucket: string, _key: string, firstByte: number): Promise<OpenObject> {
    this.asked.push(firstByte);
    const answer = this.faults.shift()?.(firstByte) ?? whole(this.bytes, firstByte);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  public currentVersion(): Promise<string> {
    throw new Error("not asked for");
  }

  public write(): Promise<void> {
    throw new Error("not asked for");
  }
}

function whole(bytes: Buffer, firstByte: number): OpenObject {
  return { body: Readable.from([bytes.subarray(firstByte)]), resumed: firstByte > 0, versionId: "1" };
}

function cutAt(bytes: Buffer, end: number): (firstByte: number) => OpenObject {
  return (firstByte) => ({
    body: Readable.from(
      (async function* () {
        yield bytes.subarray(firstByte, end);
        await Promise.resolve();
        throw new Error("connection reset");
      })(),
    ),
    resumed: firstByte > 0,
    versionId: "1",
  });
}

describe("installing software", () => {
  const archive = archivePart("java", { "bin/java": "the program", "lib/jars": "y".repeat(100_000) });
  const jar = filePart("plugin", "the plugin", "plugin.jar");
  let base: string;
  let folder: string;

  beforeEach(() => {
    base = temporaryFolder();
    folder = path.join(base, "software/part");
  });

  afterEach(() => fs.rmSync(base, { recursive: true }));

  function install(store: ObjectStore, part: PublishedPart = archive): Promise<void> {
    return installSoftware(store, "bucket", part.item, folder);
  }

  function expectInstalled(): void {
    expect(fs.readFileSync(path.join(folder, "bin/java"), "utf8")).toBe("the program");
    expect(fs.readdirSync(path.dirname(folder))).toEqual(["part"]);
  }

  test("unpacks an archive without its top folder", async () => {
    await install(new FaultyStore(archive.bytes));
    expectInstalled();
    expect(fs.statSync(folder).mode & 0o777).toBe(0o755);
  });

  test("lays a file down under its name", async () => {
    await install(new FaultyStore(jar.bytes), jar);
    expect(fs.readFileSync(path.join(folder, "plugin.jar"), "utf8")).toBe("the plugin");
  });

  test("what is there is not fetched again", async () => {
    await install(new FaultyStore(archive.bytes));
    const store = new FaultyStore(archive.bytes);
    await install(store);
    expect(store.asked).toEqual([]);
  });

  test("a download that is cut goes on where it broke off", async () => {
    const store = new FaultyStore(archive.bytes, [cutAt(archive.bytes, 150)]);
    await expect(install(store)).rejects.toThrow("connection reset");
    expect(fs.existsSync(folder)).toBe(false);
    await install(store);
    expectInstalled();
    expect(store.asked).toEqual([0, 150]);
  });

  test("a store that cannot go on in the middle is read from the start", async () => {
    const store = new FaultyStore(archive.bytes, [
      cutAt(archive.bytes, 150),
      () => ({ ...whole(archive.bytes, 0), resumed: false }),
    ]);
    await expect(install(store)).rejects.toThrow();
    await install(store);
    expectInstalled();
  });

  test.each([
    ["other bytes", Buffer.from(archive.bytes.map((byte) => byte ^ 1))],
    ["too many bytes", Buffer.concat([archive.bytes, Buffer.from("more")])],
  ])("%s are thrown away, never unpacked", async (_name, bytes) => {
    const store = new FaultyStore(archive.bytes, [() => whole(bytes, 0)]);
    await expect(install(store)).rejects.toThrow(/java 1\.2\.3 .* has the SHA-256 .* thrown away/);
    expect(fs.readdirSync(path.dirname(folder))).toEqual([]);
    await install(store);
    expectInstalled();
  });

  test("too few bytes without an error are noticed", async () => {
    const store = new FaultyStore(archive.bytes, [() => whole(archive.bytes.subarray(0, 99), 0)]);
    await expect(install(store)).rejects.toThrow(`java broke off at 99 of ${archive.bytes.length} bytes`);
    await install(store);
    expectInstalled();
  });

  test("an end in the middle of unpacking leaves nothing that counts", async () => {
    fs.mkdirSync(`${folder}.tmp/bin`, { recursive: true });
    fs.writeFileSync(`${folder}.tmp/stray`, "of a run before");
    fs.writeFileSync(`${folder}.part`, archive.bytes);
    const store = new FaultyStore(archive.bytes);
    await install(store);
    expectInstalled();
    expect(fs.existsSync(path.join(folder, "stray"))).toBe(false);
    expect(store.asked).toEqual([]);
  });

  test("a refusal is passed on", async () => {
    const store = new FaultyStore(archive.bytes, [() => new Error("AccessDenied")]);
    await expect(install(store)).rejects.toThrow("AccessDenied");
  });
});

test("what neither runs nor ran before nor is to run is removed, whole or half fetched", async () => {
  const base = temporaryFolder();
  for (const name of ["java-1", "flink-1", "flink-2.tmp", "old-1", "old-2.tmp"]) fs.mkdirSync(path.join(base, name));
  for (const name of ["flink-2.part", "old-3.part"]) fs.writeFileSync(path.join(base, name), "");
  await removeOtherSoftware(["/software/java-1", "/software/flink-1", "/software/flink-2"], base);
  expect(fs.readdirSync(base).sort()).toEqual(["flink-1", "flink-2.part", "flink-2.tmp", "java-1"]);
  await removeOtherSoftware([], path.join(base, "nowhere"));
  fs.rmSync(base, { recursive: true });
});
