import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Downloader } from "../download";
import { packPart, unpackTarGz } from "../part-archive";
import type { PartStore } from "../part-store";
import { Problem } from "../problem";
import { verifySignature } from "../signature";
import type { Source, TablePart } from "../software-table";
import { packTree } from "./maven";
import type { IOrigin, OriginContext } from "./origin";

/**
 * The projects' own sites: each file is checked against its published checksum and its signature. What a project
 * publishes in Maven repositories alone comes through the machine's own `mvn`.
 */
export class OfficialSites implements IOrigin {
  public constructor(
    private readonly store: PartStore,
    private readonly downloader: Downloader = new Downloader(),
  ) {}

  public async obtain(part: TablePart, folder: string, context: OriginContext): Promise<string> {
    const { source } = part;
    if (source.kind === "url") return this.download(part, source, folder, context);
    if (source.kind === "inside") return this.takeOut(part, source, folder, context);
    if (source.kind === "maven-tree") {
      // Its jars are of many projects, each with keys of its own.
      context.progress.warn("signatures not checked: its hash and Maven's checksums have to do");
      return packTree(part, source, folder, context.progress);
    }
    throw new Error(`an official site cannot give a source of kind ${source.kind}`);
  }

  private async download(
    part: TablePart,
    source: Extract<Source, { kind: "url" }>,
    folder: string,
    context: OriginContext,
  ): Promise<string> {
    const file = join(folder, source.program ? basename(new URL(source.url).pathname) : part.fileName);
    const partial = await this.store.partialDownload(source.url);
    await this.downloader.file(source.url, file, partial, context.progress);
    context.progress.note("verifying");
    if (source.checksumUrl) await this.verifyChecksum(file, source.checksumUrl, context);
    const verdict = await verifySignature(file, source.signature, this.downloader, context.progress);
    if (!verdict.verified) context.progress.warn(`signature not checked: ${verdict.why}`);
    return source.program ? this.packProgram(part, file, source.program, folder, context) : file;
  }

  /** The project's archive has no top folder, and things beside the program that no node needs. */
  private async packProgram(
    part: TablePart,
    download: string,
    program: string,
    folder: string,
    context: OriginContext,
  ): Promise<string> {
    context.progress.note("packing");
    const tree = join(folder, "tree");
    await takeFile(download, tree, part.name, (path) => path === program, program);
    const archive = join(folder, part.fileName);
    await packPart(tree, `${part.name}-${part.version}`, archive);
    return archive;
  }

  private async verifyChecksum(file: string, url: string, context: OriginContext): Promise<void> {
    const sum = publishedSum((await this.downloader.bytes(url, context.progress)).toString(), basename(file));
    if (!sum) {
      throw new Problem(
        `${url} holds no SHA-256 or SHA-512 checksum of ${basename(file)}: the site has changed, so update cdktf-flink`,
      );
    }
    const hash = createHash(sum.length === 128 ? "sha512" : "sha256");
    await pipeline(createReadStream(file), hash);
    const found = hash.digest("hex");
    if (found !== sum) {
      throw new Problem(
        `${basename(file)} has checksum ${found}, but ${url} says ${sum}: it was altered on its way, so run the command again or check the proxy`,
      );
    }
  }

  /** A jar that the project ships inside its own archive only. */
  private async takeOut(
    part: TablePart,
    source: Extract<Source, { kind: "inside" }>,
    folder: string,
    context: OriginContext,
  ): Promise<string> {
    const archive = await context.partFile(source.part);
    context.progress.note(`taking it out of ${source.part}`);
    const inner = join(folder, "inner");
    // The top folder's name is the project's affair.
    const isIt = (path: string): boolean => path.slice(path.indexOf("/") + 1) === source.path;
    await takeFile(archive, inner, part.fileName, isIt, source.path);
    const file = join(folder, part.fileName);
    await rename(join(inner, part.fileName), file);
    return file;
  }
}

/** Lays one file of an archive down in `folder` under another name; an archive without it is refused. */
async function takeFile(
  archive: string,
  folder: string,
  name: string,
  isIt: (path: string) => boolean,
  what: string,
): Promise<void> {
  let found = false;
  await unpackTarGz(archive, folder, (path) => {
    if (!isIt(path)) return undefined;
    found = true;
    return name;
  });
  if (!found) throw new Problem(`${basename(archive)} does not hold ${what}: update cdktf-flink`);
}

/** The sum of a file out of a list of sums, or out of a text that holds one sum alone. */
function publishedSum(text: string, fileName: string): string | undefined {
  const sums = text.split("\n").flatMap((line) => {
    const sum = /\b([0-9a-f]{128}|[0-9a-f]{64})\b/i.exec(line)?.[1].toLowerCase();
    return sum ? [{ sum, names: line.trim().split(/[\s*]+/) }] : [];
  });
  const named = sums.find(({ names }) => names.includes(fileName));
  return (named ?? (sums.length === 1 ? sums[0] : undefined))?.sum;
}
