import * as fs from "fs";
import * as path from "path";
import { renderSysusers } from "../../lib/node/agent/accounts";
import { layOutLinks, removeOtherFiles } from "../../lib/node/agent/apply";
import { ensureFolder, writeFileAtomically } from "../../lib/node/agent/files";
import { StateStore, sha256Of } from "../../lib/node/agent/state-store";
import { USERS } from "../../lib/node/users";
import { temporaryFolder } from "./support/software";

describe("what the agent lays down", () => {
  let folder: string;

  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  test("files get mode and content, and are left alone when they are right", async () => {
    const file = path.join(folder, "file");
    const hostile = "quotes \" ' ${x} %{x} \\ ä \n\t end without newline";
    expect(await writeFileAtomically(file, hostile, 0o640)).toBe(true);
    const before = fs.statSync(file);
    expect(before.mode & 0o7777).toBe(0o640);
    expect(fs.readFileSync(file, "utf8")).toBe(hostile);
    expect(await writeFileAtomically(file, hostile, 0o640)).toBe(false);
    expect(fs.statSync(file).ino).toBe(before.ino);
    expect(await writeFileAtomically(file, hostile, 0o600)).toBe(true);
    expect(await writeFileAtomically(file, "other", 0o600)).toBe(true);
    expect(fs.readFileSync(file, "utf8")).toBe("other");
    expect(fs.readdirSync(folder)).toEqual(["file"]);
  });

  test("a link in the place of a file is replaced, not followed", async () => {
    const victim = path.join(folder, "victim");
    fs.writeFileSync(victim, "precious");
    for (const name of ["file", "file.new"]) fs.symlinkSync(victim, path.join(folder, name));
    await writeFileAtomically(path.join(folder, "file"), "ours");
    expect(fs.readFileSync(victim, "utf8")).toBe("precious");
    expect(fs.lstatSync(path.join(folder, "file")).isFile()).toBe(true);
  });

  // Only root may give files away; anybody else sees that it is refused.
  test("a folder of a user with another number is handed over, but not what belongs to others", async () => {
    if (process.getuid!() !== 0) {
      await expect(ensureFolder(folder, 0o700, { uid: 0, gid: 0 })).rejects.toThrow("EPERM");
      return;
    }
    const home = path.join(folder, "home");
    fs.mkdirSync(path.join(home, "log"), { recursive: true });
    for (const file of ["log/a", "b"]) fs.writeFileSync(path.join(home, file), "");
    fs.symlinkSync("/etc/passwd", path.join(home, "link"));
    for (const file of ["", "log", "log/a", "link"]) fs.lchownSync(path.join(home, file), 5001, 5001);
    fs.chownSync(path.join(home, "b"), 5999, 5999);
    await ensureFolder(home, 0o700, { uid: 5002, gid: 5002 });
    const owners = ["", "log", "log/a", "link", "b"].map((file) => fs.lstatSync(path.join(home, file)).uid);
    expect(owners).toEqual([5002, 5002, 5002, 5002, 5999]);
    expect(fs.statSync("/etc/passwd").uid).toBe(0);
    expect(fs.statSync(home).mode & 0o777).toBe(0o700);
  });

  test("a folder that becomes root's leaves what is in it to its owners", async () => {
    if (process.getuid!() !== 0) {
      await expect(ensureFolder(folder, 0o750, { uid: 0, gid: 5001 })).rejects.toThrow("EPERM");
      return;
    }
    const home = path.join(folder, "home");
    fs.mkdirSync(path.join(home, "log"), { recursive: true });
    for (const file of ["", "log"]) fs.chownSync(path.join(home, file), 5001, 5001);
    await ensureFolder(home, 0o750, { uid: 0, gid: 5001 });
    const owners = ["", "log"].map((file) => fs.statSync(path.join(home, file)).uid);
    expect(owners).toEqual([0, 5001]);
  });

  test("a link or a file in the place of a folder is replaced, not followed", async () => {
    const self = { uid: process.getuid!(), gid: process.getgid!() };
    const victim = path.join(folder, "victim");
    fs.mkdirSync(victim, { mode: 0o755 });
    fs.writeFileSync(path.join(victim, "precious"), "");
    fs.symlinkSync(victim, path.join(folder, "link"));
    fs.symlinkSync(path.join(folder, "nowhere"), path.join(folder, "dangling"));
    fs.writeFileSync(path.join(folder, "file"), "");
    for (const name of ["link", "dangling", "file"]) {
      await ensureFolder(path.join(folder, name), 0o700, self);
      const found = fs.lstatSync(path.join(folder, name));
      expect(found.isDirectory()).toBe(true);
      expect(found.mode & 0o777).toBe(0o700);
    }
    expect(fs.statSync(victim).mode & 0o777).toBe(0o755);
    expect(fs.readdirSync(victim)).toEqual(["precious"]);
    expect(fs.existsSync(path.join(folder, "nowhere"))).toBe(false);
  });

  test("a folder of links holds what is asked for and nothing else", async () => {
    const [shipped, links] = [path.join(folder, "plugins"), path.join(folder, "links")];
    for (const name of ["metrics", "gpu"]) fs.mkdirSync(path.join(shipped, name), { recursive: true });
    fs.mkdirSync(path.join(links, "stray/inside"), { recursive: true });
    const spec = {
      path: links,
      entriesOf: [shipped],
      links: [
        { name: "s3", target: "/s3" },
        { name: "gpu", target: "/gpu" },
      ],
    };
    for (let time = 0; time < 2; time++) {
      await layOutLinks(spec);
      const found = fs.readdirSync(links).map((name) => [name, fs.readlinkSync(path.join(links, name))]);
      expect(found).toEqual([
        ["gpu", "/gpu"],
        ["metrics", path.join(shipped, "metrics")],
        ["s3", "/s3"],
      ]);
    }
    await layOutLinks({ ...spec, links: [{ name: "s3", target: "/newer" }] });
    expect(fs.readlinkSync(path.join(links, "s3"))).toBe("/newer");
  });

  test("of a folder's files only those stay that are asked for, whatever the others are", async () => {
    for (const name of ["kept.json", "gone.json", "kept.json.new"]) fs.writeFileSync(path.join(folder, name), "");
    fs.mkdirSync(path.join(folder, "stray/inside"), { recursive: true });
    const wanted = [{ path: path.join(folder, "kept.json") }, { path: path.join(folder, "not-written-yet.json") }];
    for (let time = 0; time < 2; time++) {
      await removeOtherFiles(folder, wanted);
      expect(fs.readdirSync(folder)).toEqual(["kept.json"]);
    }
    await removeOtherFiles(path.join(folder, "nowhere"), wanted);
  });

  test("users as systemd-sysusers takes them", () => {
    expect(renderSysusers(USERS)).toBe(
      [
        "g flink -",
        'u flink-zookeeper 731 "ZooKeeper of this Flink node" / -',
        'u flink-jobmanager 732 "Flink JobManager" / -',
        'u flink-taskmanager 733 "Flink TaskManager" / -',
        "m flink-jobmanager flink",
        "m flink-taskmanager flink",
        "",
      ].join("\n"),
    );
  });

  describe("the states on the machine's own disk", () => {
    const stored = (text: string, versionId: string) => {
      const bytes = Buffer.from(text);
      return { bytes, reference: { versionId, sha256: sha256Of(bytes), since: "2026-01-01T00:00:00.000Z" } };
    };

    test("what was applied is remembered, and what was before it", async () => {
      const store = new StateStore(folder);
      expect(await store.applied()).toBeUndefined();
      await store.recordApplied(stored("one", "v1"));
      await store.recordHealthy(new Date());
      expect(await store.wasHealthy()).toBe(true);
      await store.recordApplied(stored("two", "v2"));
      expect(await new StateStore(folder).applied()).toEqual(stored("two", "v2"));
      expect(await store.previous()).toEqual(stored("one", "v1"));
      expect(await store.wasHealthy()).toBe(false);
    });

    test("an end between the two files never gives a state the version of another", async () => {
      const store = new StateStore(folder);
      await store.recordApplied(stored("one", "v1"));
      const version = path.join(folder, "desired-state.version.json");
      fs.writeFileSync(version, JSON.stringify(stored("two", "v2").reference));
      expect((await store.applied())!.reference).toMatchObject({
        versionId: "unknown",
        sha256: sha256Of(Buffer.from("one")),
      });
      fs.writeFileSync(version, "{ cut");
      expect((await store.applied())!.reference.versionId).toBe("unknown");
    });

    test("what is forgotten is kept as the previous one", async () => {
      const store = new StateStore(folder);
      await store.recordApplied(stored("one", "v1"));
      await store.forgetApplied();
      expect(await store.applied()).toBeUndefined();
      expect(await store.previous()).toEqual(stored("one", "v1"));
    });
  });
});
