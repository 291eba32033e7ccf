import * as fs from "fs";
import * as path from "path";
import { gunzipSync } from "zlib";
import { Matcher, Scanner } from "../matcher";
import { PlaceSearch, PlaceSearcher } from "../place";
import { SearchTask } from "./task";
import { readersOf } from "./users";

/** File systems that hold files, on disk or in memory; all others show what the kernel makes up. */
const WITH_FILES = ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "ramfs"];
const BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * All files that are not the image's: by who can read them, and those of log folders as something for nobody. A
 * link leads to a file that is found where it lies.
 */
export async function searchFiles(task: SearchTask, matcher: Matcher): Promise<PlaceSearch[]> {
  const files = new PlaceSearcher("files, by who can read them", matcher);
  const logs = new PlaceSearcher("log files", matcher);
  const mounts = mountPoints();
  const buffer = Buffer.alloc(BUFFER_BYTES);
  for (const root of task.roots ?? mounts.filter(({ type }) => WITH_FILES.includes(type)).map(({ at }) => at)) {
    for (const { file, stat } of walk(root, new Set(mounts.map(({ at }) => at)))) {
      const isLog = task.logFolders.some((folder) => file.startsWith(`${folder}/`));
      if (!isLog && stat.ctimeMs < task.changedSince) continue;
      const scanner = scan(file, stat.size, matcher, buffer);
      if (!scanner) continue;
      if (isLog) logs.note(file, scanner);
      else files.note(file, scanner, () => readersOf(file, task.viewers));
    }
  }
  return [files.result, logs.result];
}

interface Found {
  readonly file: string;
  readonly stat: fs.Stats;
}

function* walk(folder: string, mounts: ReadonlySet<string>): Generator<Found> {
  for (const entry of unlessGone(() => fs.readdirSync(folder, { withFileTypes: true })) ?? []) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!mounts.has(file)) yield* walk(file, mounts);
    } else if (entry.isFile()) {
      const stat = unlessGone(() => fs.lstatSync(file));
      if (stat) yield { file, stat };
    }
  }
}

function scan(file: string, size: number, matcher: Matcher, buffer: Buffer): Scanner | undefined {
  const handle = unlessGone(() => fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW));
  if (handle === undefined) return undefined;
  const scanner = matcher.scanner();
  try {
    if (file.endsWith(".gz") && size < BUFFER_BYTES) scanner.push(unpacked(fs.readFileSync(handle)));
    else {
      for (let read; (read = fs.readSync(handle, buffer)) > 0;) {
        scanner.push(buffer.subarray(0, read));
        // What is written while it is read might never end.
        if (scanner.bytes >= size + BUFFER_BYTES) break;
      }
    }
  } finally {
    fs.closeSync(handle);
  }
  return scanner;
}

function unpacked(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    // It has only the name of a packed file.
    return bytes;
  }
}

function unlessGone<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** What is mounted where, each place once: the last one covers those before. */
function mountPoints(): { readonly at: string; readonly type: string }[] {
  const last = new Map<string, string>();
  for (const line of fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n").filter(Boolean)) {
    const [before, after] = line.split(" - ");
    // Spaces and the like are written as three octal digits.
    const at = before
      .split(" ")[4]
      .replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
    last.set(at, after.split(" ")[0]);
  }
  return [...last].map(([at, type]) => ({ at, type }));
}
