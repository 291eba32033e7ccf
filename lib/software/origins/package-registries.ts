import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { packPart, unpackTarGz, unpackZip, type Placement } from "../part-archive";
import { Problem } from "../problem";
import type { PythonPackage, Source, TablePart } from "../software-table";
import { NPM, PIP, runClient } from "./client";
import { packProgram } from "./go";
import { copyJar, packTree } from "./maven";
import type { IOrigin, OriginContext } from "./origin";

/** A Python for which every package has a wheel; only the files inside are used. */
const PYTHON_OF_WHEELS = "3.11";

/**
 * Builds parts from what package registries hold, in the layout of the official ones. It runs the
 * machine's own clients, so that their settings say which registries those are.
 */
export class PackageRegistries implements IOrigin {
  public async obtain(part: TablePart, folder: string, context: OriginContext): Promise<string> {
    const { source } = part;
    switch (source.kind) {
      case "pypi":
        return this.fromPyPi(part, source, folder, context);
      case "npm":
        return this.fromNpm(part, source.package, folder, context);
      case "maven-jar":
        context.progress.note(`fetching ${source.artifact}`);
        await copyJar(source.artifact, folder, folder);
        return join(folder, part.fileName);
      case "maven-tree":
        return packTree(part, source, folder, context.progress);
      case "go-build":
        return packProgram(part, source, folder, context.progress);
      default:
        throw new Error(`a package registry cannot give a source of kind ${source.kind}`);
    }
  }

  private async fromPyPi(
    part: TablePart,
    source: Extract<Source, { kind: "pypi" }>,
    folder: string,
    context: OriginContext,
  ): Promise<string> {
    const tree = join(folder, "tree");
    const place = source.layout === "flink" ? placeFlink : placeJava;
    for (const [index, each] of source.packages.entries()) {
      context.progress.note(`fetching ${each.requirement}`);
      const downloads = join(folder, `download-${index}`);
      await mkdir(downloads);
      await runClient(PIP, pipArguments(each, downloads), folder);
      const archive = join(downloads, await onlyFile(downloads, each.requirement));
      await (archive.endsWith(".whl") ? unpackZip : unpackTarGz)(archive, tree, place);
      await rm(downloads, { recursive: true });
    }
    for (const jar of source.jars ?? []) {
      context.progress.note(`fetching ${jar.artifact}`);
      await copyJar(jar.artifact, join(tree, jar.folder), folder);
    }
    return this.pack(part, tree, folder, context);
  }

  private async fromNpm(part: TablePart, spec: string, folder: string, context: OriginContext): Promise<string> {
    context.progress.note(`fetching ${spec}`);
    const downloads = join(folder, "download");
    await mkdir(downloads);
    await runClient(NPM, ["pack", spec, "--silent", "--pack-destination", downloads], folder);
    const tree = join(folder, "tree");
    await unpackTarGz(join(downloads, await onlyFile(downloads, spec)), tree, placeNodeJs);
    await rm(downloads, { recursive: true });
    return this.pack(part, tree, folder, context);
  }

  private async pack(part: TablePart, tree: string, folder: string, context: OriginContext): Promise<string> {
    context.progress.note("packing");
    const archive = join(folder, part.fileName);
    await packPart(tree, `${part.name}-${part.version}`, archive);
    return archive;
  }
}

function pipArguments(each: PythonPackage, folder: string): string[] {
  const platform = each.platform ? ["--platform", each.platform] : [];
  const form =
    each.form === "source"
      ? ["--no-binary", ":all:"]
      : ["--only-binary", ":all:", "--python-version", PYTHON_OF_WHEELS, ...platform];
  return ["-m", "pip", "download", "--quiet", "--no-deps", ...form, "--dest", folder, each.requirement];
}

async function onlyFile(folder: string, what: string): Promise<string> {
  const [name, ...others] = await readdir(folder);
  if (!name || others.length > 0)
    throw new Problem(`the registry gave ${others.length + (name ? 1 : 0)} files for ${what} instead of one`);
  return name;
}

/** The tree of the official tarball; `deps/` is how a source archive has what a wheel has under `pyflink/`. */
const placeFlink: Placement = (path) => {
  const inside = /^(?:pyflink|[^/]+\/deps)\/((?:bin|conf|lib|licenses|opt|plugins)\/.+)$/.exec(path)?.[1];
  if (inside) return /^bin\/(pyflink-|.*\.bat$)/.test(inside) ? undefined : inside;
  // The notice of the whole, wherever a package keeps it.
  const notice = /^(?:[^/]+\.dist-info\/(?:licenses\/)?|apache_flink_libraries-[^/]+\/)(LICENSE|NOTICE)$/.exec(
    path,
  )?.[1];
  return notice;
};

const placeJava: Placement = (path) => /^[^/]+\/java-runtime\/(.+)$/.exec(path)?.[1];

/** Without the headers for native modules: nothing is compiled on a node. */
const placeNodeJs: Placement = (path) => /^package\/((?:bin\/node|LICENSE|README\.md|CHANGELOG\.md))$/.exec(path)?.[1];
