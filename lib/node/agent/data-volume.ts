import * as fs from "fs/promises";
import { DATA, FORMATTING_FILE, VOLUME_OWNER_FILE } from "../paths";
import { mountUnitName } from "../systemd-text";
import { USERS, ZOOKEEPER_USER } from "../users";
import { DiskContent, inspectDisk } from "./block-device";
import { mustRun, runCommand } from "./command";
import { readIfThere, writeFileAtomically } from "./files";

const LABEL = "cdktf-flink";
/** Who may use the last blocks of the disk. */
const RESERVE_OWNER = USERS.find(({ name }) => name === ZOOKEEPER_USER)!.id;

/** Whose a data volume is. */
export interface VolumeOwner {
  readonly cluster: string;
  readonly node: string;
  readonly volumeId: string;
}

/** Where the machine shows a volume: by the volume's own id, whatever order disks were attached in. */
export function deviceOf(volumeId: string): string {
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;
}

/** What shall be done with a disk that is to become the data volume. */
export type VolumeDecision = "format" | "mount" | { readonly refuse: string };

/**
 * Only a blank disk is ever formatted; and one whose formatting this machine began and did not end, which
 * `formatting` tells.
 */
export function decide(content: DiskContent, formatting: boolean): VolumeDecision {
  if (content.kind === "blank") return "format";
  if (content.type === "ext4" && content.label === LABEL) return "mount";
  if (formatting && (content.kind === "unknown" || (content.type === "ext4" && content.label === undefined))) {
    return "format";
  }
  return { refuse: `it holds ${content.description}, and only a blank disk is formatted` };
}

/** Raised while the data volume is not there or not ours; the sentence is for the report. */
export class DataVolumeError extends Error {}

/**
 * Mounts the data volume; formats it if it is blank. Fails with a sentence while it is not attached, or if it
 * holds anything that is not this node's. Calling it again when all is done changes nothing.
 */
export async function ensureDataVolume(owner: VolumeOwner): Promise<void> {
  const device = deviceOf(owner.volumeId);
  const found = await fs.stat(device).catch(() => undefined);
  if (!found) throw new DataVolumeError(`the data volume ${owner.volumeId} is not attached`);
  if (!found.isBlockDevice()) throw new DataVolumeError(`${device} is no disk`);

  if ((await mountedDevice(DATA)) === undefined) {
    const formatting = (await readIfThere(FORMATTING_FILE))?.toString() === owner.volumeId;
    const decision = decide(await inspectDisk(device), formatting);
    if (typeof decision === "object") throw new DataVolumeError(`${owner.volumeId} is refused: ${decision.refuse}`);
    if (decision === "format") await format(device, owner.volumeId);
    else await repair(device, owner.volumeId);
    await mount(device);
  }
  if ((await mountedDevice(DATA)) !== found.rdev) {
    throw new DataVolumeError(`${DATA} is the mount point of another disk than ${owner.volumeId}`);
  }
  await claim(owner);
  // A volume may have grown. While it is mounted nothing else is needed, and where it has not nothing happens.
  await mustRun("resize2fs", [device], 900);
}

async function format(device: string, volumeId: string): Promise<void> {
  await writeFileAtomically(FORMATTING_FILE, volumeId);
  // -F: the whole disk is meant. The reserve is ZooKeeper's, by the mount option: a job that fills the disk must not
  // take the quorum with it.
  await mustRun("mkfs.ext4", ["-q", "-F", "-L", LABEL, "-m", "5", device], 900);
}

/** What a machine's end left half done: exit codes 1 and 2 mean mended. */
async function repair(device: string, volumeId: string): Promise<void> {
  const { exitCode, stdout, stderr } = await runCommand("e2fsck", ["-p", device], 3600);
  if (exitCode > 2) {
    throw new DataVolumeError(`${volumeId} needs a person: e2fsck ended with ${exitCode}: ${stderr || stdout}`);
  }
}

/** A unit of systemd, so that the services' `RequiresMountsFor=` knows it. Not enabled: the agent looks first. */
async function mount(device: string): Promise<void> {
  const unit = mountUnitName(DATA);
  await fs.mkdir(DATA, { recursive: true });
  const changed = await writeFileAtomically(`/etc/systemd/system/${unit}`, renderMountUnit(device));
  if (changed) await mustRun("systemctl", ["daemon-reload"]);
  await mustRun("systemctl", ["start", unit], 120);
}

export function renderMountUnit(device: string): string {
  return [
    "[Unit]",
    "Description=Data volume of this Flink node",
    "",
    "[Mount]",
    `What=${device.replace(/%/g, "%%")}`,
    `Where=${DATA}`,
    "Type=ext4",
    `Options=noatime,nodev,nosuid,resuid=${RESERVE_OWNER}`,
    "TimeoutSec=90",
    "",
  ].join("\n");
}

/** The volume is this node's if it says so, or if nothing is on it yet. */
async function claim(owner: VolumeOwner): Promise<void> {
  const text = await readIfThere(VOLUME_OWNER_FILE);
  if (text === undefined) {
    const entries = (await fs.readdir(DATA)).filter((name) => name !== "lost+found" && !name.endsWith(".new"));
    if (entries.length > 0) {
      await mustRun("systemctl", ["stop", mountUnitName(DATA)], 120);
      throw new DataVolumeError(`${owner.volumeId} is refused: it holds files and does not say whose they are`);
    }
    await writeFileAtomically(VOLUME_OWNER_FILE, JSON.stringify(owner) + "\n");
  } else {
    const problem = foreignOwner(text.toString(), owner);
    if (problem !== undefined) {
      await mustRun("systemctl", ["stop", mountUnitName(DATA)], 120);
      throw new DataVolumeError(`${owner.volumeId} is refused: ${problem}`);
    }
  }
  await fs.rm(FORMATTING_FILE, { force: true });
}

/** Why what a volume says of itself does not fit; the id may differ, as that of a restored snapshot does. */
export function foreignOwner(text: string, owner: VolumeOwner): string | undefined {
  try {
    const found = JSON.parse(text) as VolumeOwner;
    if (found.cluster === owner.cluster && found.node === owner.node) return undefined;
    return `it belongs to ${found.node} of ${found.cluster}`;
  } catch {
    return "what it says of its owner cannot be read";
  }
}

/** Number of the device that is mounted at a folder, as `stat` gives it. */
async function mountedDevice(folder: string): Promise<number | undefined> {
  const mounts = await fs.readFile("/proc/self/mountinfo", "utf8");
  const here = mounts.split("\n").some((line) => line.split(" ")[4] === folder);
  return here ? (await fs.stat(folder)).dev : undefined;
}
