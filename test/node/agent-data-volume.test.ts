import { execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { inspectDisk } from "../../lib/node/agent/block-device";
import { decide, deviceOf, foreignOwner, renderMountUnit } from "../../lib/node/agent/data-volume";
import { temporaryFolder } from "./support/software";

describe("the data volume", () => {
  let folder: string;
  let disk: string;

  beforeEach(() => {
    folder = temporaryFolder();
    disk = path.join(folder, "disk");
    fs.writeFileSync(disk, "");
    fs.truncateSync(disk, 32 << 20);
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  async function judge(formatting = false) {
    return decide(await inspectDisk(disk), formatting);
  }

  function writeAt(position: number, bytes: string): void {
    const handle = fs.openSync(disk, "r+");
    fs.writeSync(handle, bytes, position);
    fs.closeSync(handle);
  }

  const makeFileSystem = (...args: string[]) => execFileSync("mkfs.ext4", ["-q", "-F", ...args, disk]);

  test("a blank disk is formatted", async () => {
    expect(await judge()).toBe("format");
  });

  test("our own file system is mounted", async () => {
    makeFileSystem("-L", "cdktf-flink");
    expect(await judge()).toBe("mount");
    expect(await judge(true)).toBe("mount");
  });

  test.each([
    ["a file system without label", () => makeFileSystem(), /a ext4 file system/],
    ["a file system of somebody", () => makeFileSystem("-L", "precious"), /a ext4 file system labelled precious/],
    ["swap", () => execFileSync("mkswap", [disk], { stdio: "ignore" }), /a swap file system/],
    ["a partition table", () => writeAt(510, "\x55\xaa"), /./],
    ["a volume of LVM", () => writeAt(512, "LABELONE" + "\0".repeat(16) + "LVM2 001"), /./],
    ["bytes that nobody knows", () => writeAt(1 << 20, "raw data"), /data without any signature/],
  ])("%s is refused", async (_name, prepare, description) => {
    prepare();
    expect(await judge()).toEqual({ refuse: expect.stringMatching(description) as string });
  });

  test("a disk that cannot be read is an error, never blank", async () => {
    await expect(inspectDisk(path.join(folder, "none"))).rejects.toThrow("ENOENT");
    fs.truncateSync(disk, 0);
    await expect(inspectDisk(disk)).rejects.toThrow("gives no bytes");
  });

  test("a formatting of ours that was cut is done again", async () => {
    writeAt(1 << 20, "half an inode table");
    expect(await judge(true)).toBe("format");
    makeFileSystem();
    expect(await judge(true)).toBe("format");
  });

  test("but never over what is somebody's", async () => {
    makeFileSystem("-L", "precious");
    expect(await judge(true)).toEqual({ refuse: expect.stringContaining("precious") as string });
    execFileSync("mkswap", ["-f", disk], { stdio: "ignore" });
    expect(await judge(true)).toEqual({ refuse: expect.stringContaining("swap") as string });
  });

  test("belongs to one node of one cluster", () => {
    const owner = { cluster: "orders", node: "orders-node-1", volumeId: "vol-1" };
    expect(foreignOwner(JSON.stringify(owner), owner)).toBeUndefined();
    expect(foreignOwner(JSON.stringify({ ...owner, volumeId: "vol-2" }), owner)).toBeUndefined();
    expect(foreignOwner(JSON.stringify({ ...owner, node: "orders-node-2" }), owner)).toBe(
      "it belongs to orders-node-2 of orders",
    );
    expect(foreignOwner("{", owner)).toMatch(/cannot be read/);
    expect(foreignOwner("null", owner)).toMatch(/cannot be read/);
  });

  test("is found by its own id", () => {
    expect(deviceOf("vol-0123456789abcdef0")).toBe(
      "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
    );
  });

  test("is mounted by a unit that nothing starts at boot", () => {
    const unit = renderMountUnit("/dev/disk/by-id/x");
    expect(unit).toContain("What=/dev/disk/by-id/x\nWhere=/opt/cdktf-flink/data\nType=ext4\n");
    expect(unit).toContain("noatime");
    expect(unit).not.toContain("[Install]");
  });
});
