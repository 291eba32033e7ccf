import * as fs from "fs/promises";
import type { UserSpec } from "../desired-state";
import { mustRun } from "./command";
import { Owner, writeFileAtomically } from "./files";

const SYSUSERS_FILE = "/etc/sysusers.d/cdktf-flink.conf";

/** The users as systemd-sysusers takes them. */
export function renderSysusers(users: readonly UserSpec[]): string {
  const groups = [...new Set(users.flatMap((user) => user.groups))].sort();
  return [
    ...groups.map((group) => `g ${group} -`),
    ...users.map((user) => `u ${user.name} ${user.id} "${user.comment.replace(/["\\\n%]/g, " ")}" / -`),
    ...users.flatMap((user) => user.groups.map((group) => `m ${user.name} ${group}`)),
    "",
  ].join("\n");
}

/** Makes the users that are not there yet. */
export async function ensureUsers(users: readonly UserSpec[]): Promise<void> {
  await fs.mkdir("/etc/sysusers.d", { recursive: true });
  await writeFileAtomically(SYSUSERS_FILE, renderSysusers(users));
  await mustRun("systemd-sysusers", [SYSUSERS_FILE]);
}

/** The numbers behind names of local users and groups. */
export class Accounts {
  /** As /etc/passwd and /etc/group have them now. */
  public static async read(): Promise<Accounts> {
    return new Accounts(
      numbersByName(await fs.readFile("/etc/passwd", "utf8")),
      numbersByName(await fs.readFile("/etc/group", "utf8")),
    );
  }

  public constructor(
    private readonly users: ReadonlyMap<string, number>,
    private readonly groups: ReadonlyMap<string, number>,
  ) {}

  public owner(user: string, group: string): Owner {
    const uid = this.users.get(user);
    const gid = this.groups.get(group);
    if (uid === undefined) throw new Error(`there is no user ${user} on this machine`);
    if (gid === undefined) throw new Error(`there is no group ${group} on this machine`);
    return { uid, gid };
  }
}

function numbersByName(text: string): Map<string, number> {
  const fields = text.split("\n").map((line) => line.split(":"));
  return new Map(fields.filter((line) => line.length > 2).map((line) => [line[0], Number(line[2])]));
}
