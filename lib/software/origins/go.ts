import { access } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../core/package-root";
import { packPart } from "../part-archive";
import { Problem } from "../problem";
import type { TaskProgress } from "../progress";
import type { Source, TablePart } from "../software-table";
import { GO, runClient } from "./client";

type GoBuild = Extract<Source, { kind: "go-build" }>;

/** In Go's names, which are Debian's. */
const PLATFORM = { amd64: { GOARCH: "amd64", GOAMD64: "v1" }, arm64: { GOARCH: "arm64", GOARM64: "v8.0" } };

/** Where what is built lies: one folder for each program and version, whose go.sum holds the hash of every module. */
export function programsFolder(): string {
  return join(packageRoot(), "programs");
}

/** A program built of its Go modules, packed as a part; the path of the archive in `folder`. */
export async function packProgram(
  part: TablePart,
  source: GoBuild,
  folder: string,
  progress: TaskProgress,
  programs: string = programsFolder(),
): Promise<string> {
  const sources = join(programs, `${part.name}-${part.version}`);
  await requireSources(part, sources);
  progress.note("building, which takes some minutes");
  const tree = join(folder, "tree");
  const build = ["build", ...optionsOf(source), "-o", join(tree, part.name), source.package ?? "."];
  // Not where the sources are: Go takes no go.mod of the folder that programs make their temporary files in.
  await runClient(GO, build, folder, { cwd: sources, environment: environmentOf(part, source) });
  progress.note("packing");
  const archive = join(folder, part.fileName);
  await packPart(tree, `${part.name}-${part.version}`, archive);
  return archive;
}

/** Neither paths of this machine nor what a linker makes of them: the same modules give the same bytes everywhere. */
function optionsOf({ tags = [], variables = {} }: GoBuild): readonly string[] {
  const values = Object.entries(variables).map(([name, value]) => ` -X ${name}=${value}`);
  return [
    ...["-trimpath", "-buildvcs=false", `-ldflags=-s -w -buildid=${values.join("")}`],
    ...(tags.length > 0 ? [`-tags=${tags.join(",")}`] : []),
  ];
}

/**
 * Of the machine's own settings those hold that say where modules come from. A module that go.sum does not name is
 * refused, so that nobody has to be asked for its hash.
 */
function environmentOf({ architecture }: TablePart, { toolchain }: GoBuild): Readonly<Record<string, string>> {
  if (architecture === "any") throw new Error("a program in Go is built for one architecture");
  return {
    GOTOOLCHAIN: toolchain,
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    GOOS: "linux",
    ...PLATFORM[architecture],
    CGO_ENABLED: "0",
    GOEXPERIMENT: "",
    GOFIPS140: "off",
  };
}

async function requireSources({ name, version }: TablePart, folder: string): Promise<void> {
  await access(folder).catch(() => {
    throw new Problem(
      `this version of cdktf-flink does not build ${name} ${version}: run \`npx cdktf-flink fetch --origin package-registries --update\` for the one that it builds`,
    );
  });
}
