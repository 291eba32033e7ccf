/**
 * Measures what the library costs a program: `npm run bench`, after `make build`. Prints the page that stands in
 * docs/records/bench.md; with `--record` it writes it.
 *
 * What is compared runs side by side, alternating, each in a process of its own as a program does, for how fast a machine
 * is changes from minute to minute. Medians are told, and ratios; nothing here fails for being slow.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { root } from "./build/root.mjs";

const ROUNDS = 7;
/** Of those that take long. */
const FEW_ROUNDS = 3;
const FEW_CLUSTERS = 10;
const MANY_CLUSTERS = 100;

const scratch = mkdtempSync(path.join(tmpdir(), "bench-"));
let folders = 0;

/** Runs one program of scripts/bench/ and gives what it printed. */
function measure(program, ...args) {
  const file = path.join(root, "scripts/bench", program);
  return JSON.parse(execFileSync(process.execPath, [file, root, ...args], { encoding: "utf8" }));
}

function folder() {
  folders += 1;
  return path.join(scratch, `${folders}`);
}

/** Rounds of one after the other, so that both see the same minutes. */
function alternate(rounds, ...measurements) {
  const all = measurements.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    measurements.forEach((take, index) => all[index].push(take()));
  }
  return all;
}

function median(all, of) {
  const values = all.map(of).sort((one, other) => one - other);
  return values[Math.floor(values.length / 2)];
}

/** What stands in a synthesized app, by stack, without what only tells where constructs stand. */
function resourcesIn(app) {
  const stacks = path.join(app, "stacks");
  return Object.fromEntries(
    readdirSync(stacks).map((name) => {
      const json = JSON.parse(readFileSync(path.join(stacks, name, "cdk.tf.json"), "utf8"));
      return [name, { resource: withoutPlaces(json.resource), data: withoutPlaces(json.data) }];
    }),
  );
}

function withoutPlaces(value) {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "//")
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, withoutPlaces(each)]),
  );
}

function assertSame(library, byHand) {
  const [one, other] = [resourcesIn(library), resourcesIn(byHand)];
  for (const stack of Object.keys(one)) {
    for (const part of ["resource", "data"]) {
      for (const [type, instances] of Object.entries(one[stack][part] ?? {})) {
        for (const [id, values] of Object.entries(instances)) {
          if (isDeepStrictEqual(values, other[stack]?.[part]?.[type]?.[id])) continue;
          throw new Error(`${stack}: ${type}.${id} is not the same by hand`);
        }
      }
    }
  }
  return Object.values(one).reduce((sum, { resource }) => sum + countOf(resource), 0);
}

function countOf(resources) {
  return Object.values(resources).reduce((sum, instances) => sum + Object.keys(instances).length, 0);
}

function bench() {
  const loads = alternate(
    ROUNDS,
    () => measure("require.cjs"),
    () => measure("require.cjs", "cdktf"),
    () => measure("require.cjs", path.join(root, "build/lib")),
  );
  const [bare, cdktf, library] = loads.map((all) => ({
    seconds: median(all, ({ milliseconds }) => milliseconds) / 1000,
    processor: median(all, ({ processor }) => processor) / 1000,
    mebibytes: median(all, ({ mebibytes }) => mebibytes),
  }));

  const pattern = folder();
  measure("clusters.cjs", "1", pattern);
  const byHandFolder = folder();
  measure("by-hand.cjs", pattern, byHandFolder);
  const resources = assertSame(pattern, byHandFolder);
  const [made, byHand] = alternate(
    ROUNDS,
    () => measure("clusters.cjs", "1", folder()),
    () => measure("by-hand.cjs", pattern, folder()),
  );
  const whole = ({ construct, synth }) => construct + synth;
  const [few, many] = alternate(
    FEW_ROUNDS,
    () => measure("clusters.cjs", `${FEW_CLUSTERS}`, folder()),
    () => measure("clusters.cjs", `${MANY_CLUSTERS}`, folder()),
  );
  return { bare, cdktf, library, resources, made, byHand, few, many, whole };
}

function page({ bare, cdktf, library, resources, made, byHand, few, many, whole }) {
  const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  const milliseconds = (all, of) => median(all, of).toFixed(0);
  const ratio = (one, other) => (one / other).toFixed(2);
  const row = (title, all) =>
    `| ${title} | ${milliseconds(all, ({ construct }) => construct)} | ${milliseconds(all, ({ synth }) => synth)} | ` +
    `${milliseconds(all, whole)} | ${milliseconds(all, ({ processor }) => processor)} | ` +
    `${median(all, ({ mebibytes }) => mebibytes).toFixed(0)} |`;
  const loaded = (title, { seconds, processor, mebibytes }) =>
    `| ${title} | ${seconds.toFixed(2)} | ${processor.toFixed(2)} | ${mebibytes.toFixed(0)} |`;
  const processorOf = ({ processor }) => processor;
  const ofOne = (all, count, of) => median(all, of) / count;
  const growth = (of) => ratio(ofOne(many, MANY_CLUSTERS, of), ofOne(few, FEW_CLUSTERS, of));
  return [
    "# What the library costs a program",
    "",
    `\`npm run bench\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}, Node.js ${process.version}, on ${cpus().length} processors with`,
    `${Math.round(totalmem() / 1024 ** 3)} GiB that other work shared. Side by side, alternating, each in a process of its own; medians of`,
    `${ROUNDS} rounds, of ${FEW_ROUNDS} where there are many clusters.`,
    "",
    "| `require` of | seconds | of a processor | MiB of the process |",
    "| --- | --- | --- | --- |",
    loaded("nothing", bare),
    loaded("cdktf", cdktf),
    loaded("the library with all that it requires (target: 0.5 s, 120 MiB)", library),
    "",
    `The program of examples/quickstart, ${resources} resources, and the same resources written by hand with the classes of`,
    "`@cdktf/provider-aws`; what both synthesize is compared and is the same.",
    "",
    "| | ms to construct | ms to synthesize | ms | ms of a processor | MiB at most |",
    "| --- | --- | --- | --- | --- | --- |",
    row("the library", made),
    row("by hand", byHand),
    "",
    `Ratio: ${ratio(median(made, whole), median(byHand, whole))}, of the time of a processor ` +
      `${ratio(median(made, processorOf), median(byHand, processorOf))} (target: 1.10).`,
    "",
    "Clusters of one app, each in a stack of its own:",
    "",
    "| clusters | ms to construct | ms to synthesize | ms | ms of a processor | MiB at most |",
    "| --- | --- | --- | --- | --- | --- |",
    row(`${FEW_CLUSTERS}`, few),
    row(`${MANY_CLUSTERS}`, many),
    "",
    `One of ${MANY_CLUSTERS} takes ${growth(whole)} times as long as one of ${FEW_CLUSTERS} (1.00 is linear), and ` +
      `${growth(processorOf)} times as long of a processor.`,
    "",
  ].join("\n");
}

if (!existsSync(path.join(root, "build/lib/index.js"))) {
  console.error("bench: build/lib is not there: run `make build` first");
  process.exit(1);
}
try {
  const text = page(bench());
  console.log(text);
  if (process.argv.includes("--record")) writeFileSync(path.join(root, "docs/records/bench.md"), text);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
