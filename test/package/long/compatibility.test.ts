import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Block } from "../../support/synthesized";
import { writeCompatibilityRecord } from "./compatibility-record";
import { differences } from "./differences";
import { Installation } from "./installation";

const ROOT = path.resolve(__dirname, "../../..");
const MINUTES = 60_000;
const CONSTRUCTS = "10.6.0";
const TERRAIN = "0.24.0";

type Name = "provider 20" | "provider 21" | "CDK Terrain";

let folder: string;
const installed = new Map<Name, Installation>();
const files = new Map<Name, ReadonlyMap<string, string>>();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "compatibility-"));
  const packed = spawnSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: ROOT, encoding: "utf8" });
  const [{ filename }] = Object.values(JSON.parse(packed.stdout) as object) as { filename: string }[];
  const peers = (cdktf: string, provider: string, overrides?: Record<string, string>) => ({
    dependencies: {
      [cdktf.split("@")[0]]: cdktf.split("@")[1],
      constructs: CONSTRUCTS,
      "@cdktf/provider-aws": provider,
    },
    ...(overrides && { overrides }),
  });
  const wanted: Record<Name, ReturnType<typeof peers>> = {
    "provider 20": peers("cdktf@0.21.0", "20.1.0"),
    "provider 21": peers("cdktf@0.21.0", "21.22.1"),
    // As docs/ci.md has it.
    "CDK Terrain": peers(`cdktn@${TERRAIN}`, "21.22.1", { cdktf: `npm:cdktn@${TERRAIN}` }),
  };
  for (const [name, each] of Object.entries(wanted) as [Name, ReturnType<typeof peers>][]) {
    const installation = Installation.create(each, path.join(folder, filename));
    installed.set(name, installation);
    files.set(name, installation.synthesize());
  }
}, 20 * MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const parsed = (name: Name, file: string): Block => JSON.parse(files.get(name)!.get(file)!) as Block;
/** Where two installations differ, each place once. */
const between = (one: Name, other: Name): string[] => {
  const places = [...files.get(one)!.keys()].flatMap((file) => differences(parsed(one, file), parsed(other, file)));
  return [...new Set(places)].sort();
};

test("all synthesize the same stacks, and there are many", () => {
  const stacks = [...files.values()].map((each) => [...each.keys()]);
  expect(stacks[0].length).toBeGreaterThan(30);
  expect(stacks[1]).toEqual(stacks[0]);
  expect(stacks[2]).toEqual(stacks[0]);
});

test("each was synthesized by what its name says", () => {
  expect(installed.get("CDK Terrain")!.version("cdktf")).toBe(TERRAIN);
  const stack = "examples/quickstart/stacks/streaming/cdk.tf.json";
  const [by20, by21, byTerrain] = (["provider 20", "provider 21", "CDK Terrain"] as const).map((name) => {
    const { "//": about, terraform } = parsed(name, stack) as Record<string, Record<string, Block>>;
    return [about.metadata.version, (terraform.required_providers.aws as Block).version];
  });
  expect(by20).toEqual(["0.21.0", "5.100.0"]);
  expect(by21).toEqual(["0.21.0", "6.25.0"]);
  expect(byTerrain).toEqual([TERRAIN, "6.25.0"]);
});

test("under CDK Terrain everything is equal but for the version that synthesized it", () => {
  expect(between("provider 21", "CDK Terrain")).toEqual(["//.metadata.version"]);
});

test("with provider 21 everything is equal but for the version of the provider", () => {
  expect(between("provider 20", "provider 21")).toEqual(["terraform.required_providers.aws.version"]);
});

describe("the package and every program, type-checked", () => {
  const said = new Map<Name, string>();

  test.each(["provider 20", "provider 21", "CDK Terrain"] as const)(
    "with %s",
    (name) => {
      said.set(name, installed.get(name)!.typeCheck());
      expect(said.get(name)).toBe("");
    },
    10 * MINUTES,
  );

  afterAll(() => {
    if (files.size < 3) return;
    const comparedWith: Partial<Record<Name, Name>> = { "provider 21": "provider 20", "CDK Terrain": "provider 21" };
    writeCompatibilityRecord({
      stacks: files.get("provider 20")!.size,
      installations: [...installed].map(([name, each]) => {
        const before = comparedWith[name];
        const packages = ["cdktf", "@cdktf/provider-aws", "constructs"];
        return {
          name,
          versions: Object.fromEntries(packages.map((one) => [one, each.version(one)])),
          comparedWith: before,
          differences: before && between(before, name),
          typeCheck: said.get(name) ?? "not asked",
        };
      }),
    });
  });
});
