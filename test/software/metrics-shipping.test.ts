import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchSoftware } from "../../lib/software/fetch";
import { withRelease, type LockFile } from "../../lib/software/lock-file";
import { metricsShippingParts } from "../../lib/software/metrics-shipping";
import { programsFolder } from "../../lib/software/origins/go";
import { PartStore } from "../../lib/software/part-store";
import { resolveSoftware } from "../../lib/software/resolve";
import { ARCHITECTURES, ORIGINS, softwareRelease } from "../../lib/software/software-table";
import { temporaryFolder } from "./temporary-folder";
import { WrittenOrigin } from "./written-origin";

const TELEGRAF = "telegraf";
const folder = temporaryFolder();
let lockFile: string;
let origin: WrittenOrigin;
let number = 0;

beforeEach(() => {
  lockFile = join(folder, `${++number}.json`);
  origin = new WrittenOrigin();
});

function fetch(options: { logs?: boolean; metrics?: boolean; update?: boolean } = {}): Promise<LockFile> {
  const store = new PartStore(join(folder, "store"));
  const release = { origin: "official", flink: ["2.2"], architectures: ["amd64"] } as const;
  return fetchSoftware({ lockFile, store, originImplementation: origin, ...release, ...options });
}

const locked = (lock: LockFile): string[] => Object.keys(lock.origins.official!.releases[0].parts);

test.each(ORIGINS.flatMap((name) => ARCHITECTURES.map((architecture) => [name, architecture] as const)))(
  "%s has Telegraf for %s, and no release has it by itself",
  (name, architecture) => {
    const [telegraf, ...more] = metricsShippingParts({ origin: name, architecture });
    expect(telegraf).toMatchObject({ name: TELEGRAF, architecture, kind: "tar.gz" });
    expect(more).toEqual([]);
    expect(softwareRelease(name, "2.2", architecture).parts.map((part) => part.name)).not.toContain(TELEGRAF);
  },
);

test("the official one is checked by its signature, and its program alone is taken", () => {
  const [{ source, version }] = metricsShippingParts({ origin: "official", architecture: "arm64" });
  expect(source).toEqual({
    kind: "url",
    url: `https://dl.influxdata.com/telegraf/releases/telegraf-${version}_linux_arm64.tar.gz`,
    signature: {
      kind: "detached",
      url: `https://dl.influxdata.com/telegraf/releases/telegraf-${version}_linux_arm64.tar.gz.asc`,
      keysUrls: ["https://repos.influxdata.com/influxdata-archive.key"],
    },
    program: `telegraf-${version}/usr/bin/telegraf`,
  });
});

test("what is built has the hash of every module, and is told its version and its plugins", () => {
  const [{ version, source }] = metricsShippingParts({ origin: "package-registries", architecture: "amd64" });
  if (source.kind !== "go-build") throw new Error(`a source of kind ${source.kind}`);
  const sources = join(programsFolder(), `${TELEGRAF}-${version}`);
  const [modules, sums] = ["go.mod", "go.sum"].map((file) => readFileSync(join(sources, file), "utf8"));
  expect(modules).toContain(`require github.com/influxdata/telegraf v${version}\n`);
  expect(modules).toContain(`tool ${source.package}\n`);
  expect(sums).toContain(`github.com/influxdata/telegraf v${version} h1:`);
  expect(existsSync(join(sources, "main.go"))).toBe(false);
  expect(source.variables).toEqual({ "github.com/influxdata/telegraf/internal.Version": version });
  // Without it all plugins there are would be in it.
  expect(source.tags![0]).toBe("custom");
});

test("fetching takes it where it is asked for alone, keeps it, and keeps it apart from logs", async () => {
  expect(locked(await fetch())).not.toContain(TELEGRAF);
  expect(locked(await fetch({ metrics: true }))).toContain(TELEGRAF);
  const text = readFileSync(lockFile, "utf8");
  await fetch();
  await fetch({ metrics: true });
  expect(readFileSync(lockFile, "utf8")).toBe(text);
  expect(locked(await fetch())).not.toContain("otelcol");
  expect(locked(await fetch({ logs: true }))).toEqual(expect.arrayContaining([TELEGRAF, "otelcol"]));
  expect(locked(await fetch({ update: true }))).toEqual(expect.arrayContaining([TELEGRAF, "otelcol"]));
});

test("fetching keeps what another fetch locked since it began", async () => {
  const { parts, releases } = (await fetch()).origins.official!;
  const byTheOther = await fetch({ metrics: true });
  expect(withRelease(byTheOther, "official", releases[0], parts)).toEqual(byTheOther);
});

test("resolving says what is missing, and gives it where it is asked for alone", async () => {
  const query = { origin: "official", flinkVersion: "2.2", architecture: "amd64" };
  const lock = await fetch();
  expect(resolveSoftware({ ...query, lock, metricsShipping: true }).missing).toMatch(
    /^The software lock file has no telegraf for Flink 2\.2\.\d+ on amd64 from official$/,
  );
  const whole = await fetch({ metrics: true });
  expect(resolveSoftware({ ...query, lock: whole }).items).not.toHaveProperty("metricsShipping");
  expect(resolveSoftware({ ...query, lock: whole, metricsShipping: true }).items!.metricsShipping).toMatchObject({
    name: TELEGRAF,
    kind: "tar.gz",
  });
});
