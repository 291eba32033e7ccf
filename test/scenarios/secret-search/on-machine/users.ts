import { execFileSync } from "child_process";
import * as fs from "fs";

/** Numbers of a user, as `id` tells them. */
interface UserIds {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

const known = new Map<string, UserIds>();

export function idsOf(user: string): UserIds {
  const found = known.get(user);
  if (found) return found;
  const ask = (option: string) => execFileSync("id", [option, user], { encoding: "utf8" }).trim();
  const ids = { uid: Number(ask("-u")), gid: Number(ask("-g")), groups: ask("-G").split(" ").map(Number) };
  known.set(user, ids);
  return ids;
}

/** Those of the users who can open a file to read it: the kernel itself decides, for each of them. */
export function readersOf(file: string, users: readonly string[]): string[] {
  return users.filter((user) => as(user, () => canRead(file)));
}

/** Does something with a user's rights: as the effective user a process has none of root's capabilities. */
export function as<T>(user: string, act: () => T): T {
  const [uid, gid] = [process.geteuid!(), process.getegid!()];
  const ids = idsOf(user);
  if (ids.uid === uid) return act();
  const groups = process.getgroups!();
  process.setgroups!([...ids.groups]);
  process.setegid!(ids.gid);
  process.seteuid!(ids.uid);
  try {
    return act();
  } finally {
    process.seteuid!(uid);
    process.setegid!(gid);
    process.setgroups!(groups);
  }
}

function canRead(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") return false;
    // Gone meanwhile.
    if (code === "ENOENT" || code === "ESRCH") return false;
    throw error;
  }
}
