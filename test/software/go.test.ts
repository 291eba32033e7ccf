import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logShippingParts } from "../../lib/software/log-shipping";
import type * as Client from "../../lib/software/origins/client";
import { packProgram, programsFolder } from "../../lib/software/origins/go";
import { Lines } from "../../lib/software/progress";
import type { Architecture, TablePart } from "../../lib/software/software-table";
import { temporaryFolder } from "./temporary-folder";

/** What stands in the place of Go. */
let mockCommand = "";
jest.mock("../../lib/software/origins/client", () => {
  const actual = jest.requireActual<typeof Client>("../../lib/software/origins/client");
  return {
    ...actual,
    GO: {
      ...actual.GO,
      get command() {
        return mockCommand;
      },
    },
  };
});

const folder = temporaryFolder();
let number = 0;

/** Makes a program that tells how it was made. As Go does, it takes no go.mod of the folder of temporary files. */
const GO_LIKE = `#!/bin/sh
[ "$TMPDIR" != "$PWD" ] || { echo 'go.mod file not found' >&2; exit 1; }
while [ "$1" != -o ]; do shift; done
mkdir -p "$(dirname "$2")"
{ pwd; env | grep -E '^(GO|CGO)' | sort; } >"$2"
chmod 755 "$2"
`;

const collector = (architecture: Architecture): TablePart =>
  logShippingParts({ origin: "package-registries", flink: "2.2", architecture })[0];

/** What is made of the part with another program in the place of Go. */
async function build(part: TablePart, command: string, programs?: string): Promise<string> {
  mockCommand = command;
  const work = join(folder, `work-${++number}`);
  mkdirSync(work);
  const progress = new Lines(() => undefined).task("part");
  if (part.source.kind !== "go-build") throw new Error(`a source of kind ${part.source.kind}`);
  return packProgram(part, part.source, work, progress, programs);
}

function goLike(): string {
  const file = join(folder, "go-like");
  writeFileSync(file, GO_LIKE, { mode: 0o755 });
  return file;
}

test.each(["amd64", "arm64"] as const)(
  "a program for %s is built by the release of Go that its row names",
  async (architecture) => {
    const settings = { GOFLAGS: process.env.GOFLAGS, GOPROXY: process.env.GOPROXY };
    Object.assign(process.env, { GOFLAGS: "-mod=mod", GOPROXY: "https://modules.example.com" });
    try {
      const archive = await build(collector(architecture), goLike());
      const listed = execFileSync("tar", ["-tvzf", archive], { encoding: "utf8" });
      expect(listed).toMatch(/^-rwxr-xr-x .* otelcol-[0-9.]+\/otelcol\n$/);
      const [name] = /\S+$/m.exec(listed)!;
      const made = execFileSync("tar", ["-xOzf", archive, name], { encoding: "utf8" }).split("\n");
      expect(made[0]).toBe(join(programsFolder(), name.split("/")[0]));
      expect(made).toEqual(
        expect.arrayContaining([
          `GOARCH=${architecture}`,
          "GOOS=linux",
          "CGO_ENABLED=0",
          // What the machine says of where modules come from stays; that a build may change what go.sum holds does not.
          "GOPROXY=https://modules.example.com",
          "GOFLAGS=-mod=readonly",
          expect.stringMatching(/^GOTOOLCHAIN=go1\.\d+\.\d+$/),
        ]),
      );
    } finally {
      for (const [name, value] of Object.entries(settings)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  },
);

test("the same program gives the same bytes", async () => {
  const [first, second] = [await build(collector("amd64"), goLike()), await build(collector("amd64"), goLike())];
  expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
});

test("without Go it says what to install", async () => {
  await expect(build(collector("amd64"), join(folder, "no-go"))).rejects.toThrow(
    /no-go was not found: install Go 1\.\d+ or newer/,
  );
});

test("a version whose sources this package no longer has is said to be another's", async () => {
  const old = { ...collector("amd64"), version: "0.1.0" };
  await expect(build(old, goLike(), folder)).rejects.toThrow(
    "this version of cdktf-flink does not build otelcol 0.1.0: run `npx cdktf-flink fetch --origin package-registries --update` for the one that it builds",
  );
});
