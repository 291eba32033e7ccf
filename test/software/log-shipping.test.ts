import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchSoftware } from "../../lib/software/fetch";
import { readLockFile, withRelease, type LockFile } from "../../lib/software/lock-file";
import { logShippingParts } from "../../lib/software/log-shipping";
import { programsFolder } from "../../lib/software/origins/go";
import { PartStore } from "../../lib/software/part-store";
import { resolveSoftware } from "../../lib/software/resolve";
import { ARCHITECTURES, flinkReleases, ORIGINS, softwareRelease } from "../../lib/software/software-table";
import { temporaryFolder } from "./temporary-folder";
import { WrittenOrigin } from "./written-origin";

const COLLECTOR = "otelcol";
const LAYOUT = "log4j-layout-template-json";
const folder = temporaryFolder();
let lockFile: string;
let origin: WrittenOrigin;
let number = 0;

beforeEach(() => {
  lockFile = join(folder, `${++number}.json`);
  origin = new WrittenOrigin();
});

interface Fetch {
  readonly flink?: readonly string[];
  readonly logs?: boolean;
  readonly update?: boolean;
  readonly connectors?: readonly ["kafka"];
}

function fetch({ flink = ["2.2"], ...rest }: Fetch = {}): Promise<LockFile> {
  return fetchSoftware({
    lockFile,
    origin: "official",
    flink,
    architectures: ["amd64"],
    store: new PartStore(join(folder, "store")),
    originImplementation: origin,
    ...rest,
  });
}

const locked = (lock: LockFile, part: "otelcol" | "log4j-layout-template-json" = COLLECTOR): (string | undefined)[] =>
  lock.origins.official!.releases.map(({ parts }) => parts[part]);

describe("the table", () => {
  test.each(ORIGINS.flatMap((name) => ARCHITECTURES.map((architecture) => [name, architecture] as const)))(
    "%s has a collector for %s, and no release has it by itself",
    (name, architecture) => {
      const [collector] = logShippingParts({ origin: name, flink: "2.2", architecture });
      expect(collector).toMatchObject({ name: COLLECTOR, architecture, kind: "tar.gz" });
      expect(softwareRelease(name, "2.2", architecture).parts.map((part) => part.name)).not.toContain(COLLECTOR);
    },
  );

  test("the official one is checked against its list of checksums", () => {
    const [{ source, version }] = logShippingParts({ origin: "official", flink: "2.2", architecture: "arm64" });
    if (source.kind !== "url") throw new Error(`a source of kind ${source.kind}`);
    expect(source.url).toMatch(
      new RegExp(`/download/v${version}/${source.program}_${version}_linux_arm64\\.tar\\.gz$`),
    );
    expect(source.checksumUrl).toContain(`_${source.program}_checksums.txt`);
  });

  test("what is built has its sources in this package, at that version and with the hash of every module", () => {
    const [{ name, version }] = logShippingParts({ origin: "package-registries", flink: "2.2", architecture: "amd64" });
    const sources = join(programsFolder(), `${name}-${version}`);
    const [modules, sums] = ["go.mod", "go.sum"].map((file) => readFileSync(join(sources, file), "utf8"));
    const needed = [...modules.matchAll(/^\t(\S+ v\S+)/gm)].map(([, one]) => one);
    expect(needed).toContain(`go.opentelemetry.io/collector/otelcol v${version}`);
    expect(needed.filter((one) => !sums.includes(`${one}/go.mod h1:`))).toEqual([]);
    expect(existsSync(join(sources, "main.go"))).toBe(true);
  });

  test.each(flinkReleases())(
    "for Flink %s the layout of JSON lines is brought where the archive lacks it alone",
    (flink) => {
      const names = logShippingParts({ origin: "official", flink, architecture: "amd64" }).map(({ name }) => name);
      expect(names.includes(LAYOUT)).toBe(flink.startsWith("1.20."));
    },
  );
});

describe("fetching", () => {
  test("takes it where it is asked for alone", async () => {
    expect(locked(await fetch())).toEqual([undefined]);
    expect(origin.asked.map(({ name }) => name)).not.toContain(COLLECTOR);
    expect(locked(await fetch({ logs: true }))).toEqual([expect.any(String)]);
    expect(origin.asked.filter(({ name }) => name === COLLECTOR)).toHaveLength(1);
  });

  test("keeps what is locked, without being asked", async () => {
    await fetch({ flink: ["1.20"], logs: true });
    const text = readFileSync(lockFile, "utf8");
    await fetch({ flink: ["1.20"] });
    await fetch({ flink: ["1.20"], logs: true });
    expect(readFileSync(lockFile, "utf8")).toBe(text);
    const updated = await fetch({ flink: ["1.20"], update: true });
    expect([...locked(updated), ...locked(updated, LAYOUT)]).toEqual([expect.any(String), expect.any(String)]);
  });

  test("goes beside a connector, whichever comes first", async () => {
    await fetch({ connectors: ["kafka"] });
    const lock = await fetch({ logs: true });
    expect(Object.keys(lock.origins.official!.releases[0].parts)).toEqual(
      expect.arrayContaining([COLLECTOR, "flink-connector-kafka"]),
    );
  });

  test("keeps what another fetch locked since it began", async () => {
    const { parts, releases } = (await fetch()).origins.official!;
    const byTheOther = await fetch({ logs: true });
    expect(withRelease(byTheOther, "official", releases[0], parts)).toEqual(byTheOther);
  });
});

describe("resolving", () => {
  const query = (flinkVersion: string, lock?: LockFile) => ({
    ...{ origin: "official", flinkVersion, architecture: "amd64", logShipping: true },
    lock: lock ?? readLockFile(lockFile),
  });

  test.each([
    ["1.20", "otelcol, log4j-layout-template-json for Flink 1\\.20\\.\\d+"],
    ["2.2", "otelcol for Flink 2\\.2\\.\\d+"],
  ])("of Flink %s says what is missing", async (flink, missing) => {
    await fetch({ flink: [flink] });
    expect(resolveSoftware(query(flink)).missing).toMatch(
      new RegExp(`^The software lock file has no ${missing} on amd64 from official$`),
    );
    expect(resolveSoftware({ ...query(flink), logShipping: false }).items).toBeDefined();
  });
});
