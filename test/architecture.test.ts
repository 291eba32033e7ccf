import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/* eslint-disable-next-line @typescript-eslint/no-require-imports -- the table that the lint rules read, in plain JavaScript */
const { CLOUD_EXCEPTIONS, OUTSIDE_LIB, PURE_ROOMS, ROOMS } = require("../eslint-rules/rooms.cjs") as {
  CLOUD_EXCEPTIONS: string[];
  OUTSIDE_LIB: string[];
  PURE_ROOMS: string[];
  ROOMS: Record<string, string[]>;
};

const root = path.resolve(__dirname, "..");

interface Import {
  readonly from: string;
  readonly specifier: string;
  /** Path from the root for a file of ours, as it is written for a package. */
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), "utf8"), true, true);
  return importedFiles.map(({ fileName: specifier }) => ({
    from: file,
    specifier,
    target: specifier.startsWith(".") ? path.join(path.dirname(file), specifier) : specifier,
  }));
}

const sources = readdirSync(path.join(root, "lib"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => path.join("lib", file));
const imports = sources.flatMap(importsOf);

/** The room of a path such as `lib/settings/config.ts`; undefined outside a room. */
function roomOf(file: string): string | undefined {
  return /^lib\/([^/]+)\//.exec(`${file}/`)?.[1];
}

function show(breaches: Import[]): string[] {
  return breaches.map(({ from, specifier }) => `${from} imports ${specifier}`);
}

test("the walk sees the rooms", () => {
  expect(imports.some(({ from }) => roomOf(from) === "core")).toBe(true);
});

test("every folder of lib is a room whose arrows are known", () => {
  const found = new Set(sources.map(roomOf).filter((room) => room !== undefined && !room.endsWith(".ts")));
  expect([...found].filter((room) => !(room! in ROOMS))).toEqual([]);
});

test("no arrow comes back to where it began", () => {
  const reaches = (room: string): string[] => ROOMS[room].flatMap((next) => [next, ...reaches(next)]);
  expect(Object.keys(ROOMS).filter((room) => reaches(room).includes(room))).toEqual([]);
});

test("rooms import only the rooms that they may", () => {
  const breaches = imports.filter(({ from, target }) => {
    const [room, other] = [roomOf(from), roomOf(target)];
    if (!room || room.endsWith(".ts") || !other || !(other in ROOMS)) return false;
    return ![room, "core", "vendor", ...ROOMS[room]].includes(other);
  });
  expect(show(breaches)).toEqual([]);
});

test("no file reaches itself by what it imports", () => {
  const imported = new Map<string, string[]>();
  for (const { from, target } of imports) {
    const file = [`${target}.ts`, path.join(target, "index.ts")].find((each) => sources.includes(each));
    if (file) imported.set(from, [...(imported.get(from) ?? []), file]);
  }
  const circleFrom = (start: string): string[] | undefined => {
    const ways = [[start]];
    const seen = new Set<string>();
    for (let way = ways.pop(); way; way = ways.pop()) {
      for (const next of imported.get(way[way.length - 1]) ?? []) {
        if (next === start) return [...way, next];
        if (!seen.has(next)) ways.push([...way, next]);
        seen.add(next);
      }
    }
    return undefined;
  };
  expect(sources.flatMap((file) => circleFrom(file)?.join(" -> ") ?? [])).toEqual([]);
});

test("pure rooms know nothing of Terraform or of a cloud", () => {
  const breaches = imports.filter(
    ({ from, specifier }) =>
      PURE_ROOMS.includes(roomOf(from) ?? "") &&
      !CLOUD_EXCEPTIONS.some((folder) => from.startsWith(`lib/${folder}/`)) &&
      /^(cdktf|constructs|@cdktf\/[^/]+)(\/|$)/.test(specifier),
  );
  expect(show(breaches)).toEqual([]);
});

test("pure rooms reach no Terraform through the exception either", () => {
  const breaches = imports.filter(
    ({ from, target }) =>
      PURE_ROOMS.includes(roomOf(from) ?? "") &&
      !CLOUD_EXCEPTIONS.some((folder) => from.startsWith(`lib/${folder}/`)) &&
      CLOUD_EXCEPTIONS.some((folder) => `${target}/`.startsWith(`lib/${folder}/`)),
  );
  expect(show(breaches)).toEqual([]);
});

test("lib imports nothing of what is built on it", () => {
  expect(show(imports.filter(({ target }) => OUTSIDE_LIB.includes(target.split(path.sep)[0])))).toEqual([]);
});

test("nothing imports the root of a provider", () => {
  expect(show(imports.filter(({ specifier }) => /^@cdktf\/provider-[^/]+$/.test(specifier)))).toEqual([]);
});
