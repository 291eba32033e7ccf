import { constants, Stats } from "fs";
import * as fs from "fs/promises";
import * as path from "path";
import type { LoggedProcess } from "../logs/log-exporter-configuration";
import { readFlinkLine } from "./flink-line";

/** Which lines a file holds: all of one run. */
export interface LinesOfFile {
  readonly run: string;
  readonly first: number;
  readonly last: number;
}

/** Where a file begins and ends is enough, but for lines that are longer than this. */
const PIECES = [64 << 10, 4 << 20];
/** Lines of the same moment may stand so many places out of order. */
const OUT_OF_ORDER = 64;
/** More than are kept (lib/settings/log4j-lines.ts): whoever may write into the folder may fill it. */
export const MOST_FILES = 250;

/** Looks again and again at what one process has on disk. Its folder may hold anything: links are not followed. */
export class LinesOnDisk {
  /** What is full stays as it is. */
  private known = new Map<string, LinesOfFile>();

  public constructor(private readonly process: Pick<LoggedProcess, "folder" | "fileName">) {}

  /** From the oldest file to the one that is written to. */
  public async look(): Promise<readonly LinesOfFile[]> {
    const known = new Map<string, LinesOfFile>();
    const files: LinesOfFile[] = [];
    for (const name of await this.names()) {
      const found = await this.read(path.join(this.process.folder, name), known);
      if (found) files.push(found);
    }
    this.known = known;
    return files;
  }

  private async names(): Promise<readonly string[]> {
    const { folder, fileName } = this.process;
    const found = await fs.readdir(folder).catch(() => []);
    const numbered = found
      .filter((name) => name.startsWith(`${fileName}.`))
      .map((name) => ({ name, number: name.slice(fileName.length + 1) }))
      .filter(({ number }) => /^\d{1,15}$/.test(number))
      .sort((one, other) => Number(one.number) - Number(other.number))
      .map(({ name }) => name);
    return [...numbered.slice(0, MOST_FILES), ...found.filter((name) => name === fileName)];
  }

  private async read(file: string, known: Map<string, LinesOfFile>): Promise<LinesOfFile | undefined> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    // It may have become another one, or be gone, since the folder was read.
    const handle = await fs.open(file, flags).catch(() => undefined);
    if (!handle) return undefined;
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return undefined;
      const key = keyOf(stats);
      const lines = this.known.get(key) ?? (await linesOf(handle, stats.size));
      if (lines) known.set(key, lines);
      return lines;
    } finally {
      await handle.close();
    }
  }
}

function keyOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino}/${size}/${mtimeMs}`;
}

async function linesOf(handle: fs.FileHandle, size: number): Promise<LinesOfFile | undefined> {
  for (const piece of PIECES) {
    const head = positions(await textAt(handle, 0, piece));
    const tail = positions(await textAt(handle, Math.max(0, size - piece), piece));
    const run = head[0]?.run;
    const own = [...head.slice(0, OUT_OF_ORDER), ...tail.slice(-OUT_OF_ORDER)].filter((each) => each.run === run);
    if (run === undefined || tail.length === 0) continue;
    const numbers = own.map(({ sequence }) => sequence);
    return { run, first: Math.min(...numbers), last: Math.max(...numbers) };
  }
  return undefined;
}

/** Of the lines that are whole: what is cut at either end is no JSON. */
function positions(text: string): { run: string; sequence: number }[] {
  return text.split("\n").flatMap((line) => {
    const { run, sequence } = readFlinkLine(line);
    return run !== undefined && sequence !== undefined ? [{ run, sequence }] : [];
  });
}

async function textAt(handle: fs.FileHandle, position: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.toString("utf8", 0, bytesRead);
}
