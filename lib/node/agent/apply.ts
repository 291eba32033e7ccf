import * as fs from "fs/promises";
import * as path from "path";
import type { DesiredState, FileSpec, LinkFolderSpec, NodeSpec } from "../desired-state";
import { isHostSetting } from "../host-settings";
import { CONNECTIONS, ETC, TRUST_STORE } from "../paths";
import { Accounts, ensureUsers } from "./accounts";
import { ensureFolder, writeFileAtomically } from "./files";
import { loadHostFirewall } from "./host-firewall";
import { applyHostSettings } from "./host-settings";
import { writeUnits } from "./systemd";
import { readSystemCertificates, renderTrustStore } from "./trust-store";

/**
 * Makes the machine as the state says, all but the software and the start of the units. It may be cut at any
 * point and done again; what is right already is not touched.
 */
export async function layOut(state: DesiredState, node: NodeSpec): Promise<void> {
  await ensureUsers(state.users);
  const accounts = await Accounts.read();
  await fs.mkdir(ETC, { recursive: true, mode: 0o755 });
  for (const folder of state.directories) {
    await ensureFolder(folder.path, parseInt(folder.mode, 8), accounts.owner(folder.owner, folder.group));
  }
  for (const folder of state.linkFolders) await layOutLinks(folder);
  for (const file of [...state.files, ...node.files]) {
    if (isHostSetting(file.path)) await fs.mkdir(path.dirname(file.path), { recursive: true, mode: 0o755 });
    await writeFileAtomically(file.path, file.content, parseInt(file.mode, 8), accounts.owner(file.owner, file.group));
  }
  // A job shall find no connection that the cluster has not any more.
  await removeOtherFiles(CONNECTIONS, state.files);
  await writeFileAtomically(TRUST_STORE, renderTrustStore(await readSystemCertificates()));
  await applyHostSettings(state.files);
  // Before any unit is started: a machine that cannot load it runs nothing of Flink.
  await loadHostFirewall();
  await writeUnits(state.units.filter((unit) => node.units.includes(unit.name)));
}

/** Leaves in a folder, where there is one, those of these files that belong there. */
export async function removeOtherFiles(folder: string, files: readonly Pick<FileSpec, "path">[]): Promise<void> {
  const wanted = new Set(files.map((file) => file.path));
  for (const entry of await fs.readdir(folder).catch(() => [])) {
    const found = path.join(folder, entry);
    if (!wanted.has(found)) await fs.rm(found, { recursive: true });
  }
}

/** A folder that holds the links that are asked for, and nothing else. */
export async function layOutLinks(spec: LinkFolderSpec): Promise<void> {
  const wanted = new Map<string, string>();
  for (const folder of spec.entriesOf) {
    for (const entry of await fs.readdir(folder)) wanted.set(entry, path.join(folder, entry));
  }
  for (const link of spec.links) wanted.set(link.name, link.target);

  await fs.mkdir(spec.path, { recursive: true, mode: 0o755 });
  for (const entry of await fs.readdir(spec.path)) {
    if (!wanted.has(entry)) await fs.rm(path.join(spec.path, entry), { recursive: true });
  }
  for (const [name, target] of wanted) {
    const link = path.join(spec.path, name);
    if ((await fs.readlink(link).catch(() => undefined)) === target) continue;
    const temporary = `${link}.new`;
    await fs.rm(temporary, { recursive: true, force: true });
    await fs.symlink(target, temporary);
    await fs.rename(temporary, link);
  }
}
