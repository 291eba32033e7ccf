import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConnectorName } from "../../lib/core/connector-name";
import {
  CONNECTOR_NAMES,
  connectorLines,
  connectorNamed,
  connectorPart,
  connectorVersion,
} from "../../lib/software/connectors";
import { fetchSoftware } from "../../lib/software/fetch";
import { parseLockFile, printLockFile, readLockFile, withRelease, type LockFile } from "../../lib/software/lock-file";
import { pom } from "../../lib/software/origins/maven";
import { packageVersion } from "../../lib/software/package-part";
import { PartStore } from "../../lib/software/part-store";
import { Lines } from "../../lib/software/progress";
import { resolveSoftware } from "../../lib/software/resolve";
import { flinkLines, ORIGINS } from "../../lib/software/software-table";
import { temporaryFolder } from "./temporary-folder";
import { WrittenOrigin } from "./written-origin";

const CONNECTOR = "flink-connector-kafka";
const OPENSEARCH = "flink-connector-opensearch";
const folder = temporaryFolder();
let lockFile: string;
let origin: WrittenOrigin;
let told: string[];
let number = 0;

beforeEach(() => {
  lockFile = join(folder, `${++number}.json`);
  origin = new WrittenOrigin();
  told = [];
});

interface Fetch {
  readonly flink?: readonly string[];
  readonly connectors?: readonly ConnectorName[];
  readonly update?: boolean;
}

function fetch({ flink = ["2.2"], ...rest }: Fetch = {}): Promise<LockFile> {
  const store = new PartStore(join(folder, "store"));
  return fetchSoftware({
    lockFile,
    origin: "official",
    flink,
    architectures: ["amd64"],
    store,
    originImplementation: origin,
    progress: new Lines((line) => told.push(line)),
    ...rest,
  });
}

const lockedConnectors = (lock: LockFile): (string | undefined)[] =>
  lock.origins.official!.releases.map(({ parts }) => parts[CONNECTOR]);

describe("the table", () => {
  test.each([
    ["1.20", "3.4.0-1.20"],
    ["1.20.5", "3.4.0-1.20"],
    ["2.2", "5.0.0-2.2"],
    ["2.2.0", "5.0.0-2.2"],
    ["2.3", undefined],
    ["2.3.0", undefined],
    ["2.20", undefined],
    ["1.2", undefined],
  ])("Flink %s has the Kafka connector %s", (flink, version) => {
    expect(connectorVersion(flink, "kafka")).toBe(version);
  });

  test.each([
    ["1.20", "3.3.0-1.20+"],
    ["2.2.1", "4.0.0-2.0+"],
    ["2.3", "4.0.0-2.0+"],
  ])("Flink %s has the PostgreSQL connector %s with a driver", (flink, version) => {
    expect(connectorVersion(flink, "jdbc-postgresql")).toMatch(/^[^+]+\+42\.7\.\d+$/);
    expect(connectorVersion(flink, "jdbc-postgresql")).toContain(version);
  });

  test.each([
    ["1.20", undefined],
    ["2.2.1", packageVersion()],
    ["2.3", packageVersion()],
    ["2.20", undefined],
  ])("for Flink %s this package brings the OpenSearch connector %s", (flink, version) => {
    expect(connectorVersion(flink, "opensearch")).toBe(version);
  });

  test.each(CONNECTOR_NAMES)("the lines that have %s are among ours", (name) => {
    expect(connectorLines(name)).not.toEqual([]);
    expect(flinkLines()).toEqual(expect.arrayContaining([...connectorLines(name)]));
  });

  test("the lines that have Kafka are those of its rows", () => {
    expect(connectorLines("kafka")).toEqual(["1.20", "2.2"]);
  });

  test("a connector that does not exist is refused with those that do", () => {
    expect(connectorNamed("kafka")).toBe("kafka");
    expect(() => connectorNamed("rabbit")).toThrow(
      '--connector is "rabbit", but must be one of kafka, msk-iam, jdbc-postgresql, opensearch: name one of these',
    );
  });

  test("a line without one is refused with those that have one", () => {
    expect(() => connectorPart("2.3", "kafka")).toThrow(
      '--connector is "kafka", but must be left out for Flink 2.3, as no Kafka connector for it is published yet: ' +
        "name as --flink only lines that have one (1.20, 2.2)",
    );
  });

  test("the PostgreSQL connector tells of its driver, whose jar it brings", () => {
    const { version, fileName, source } = connectorPart("2.2", "jdbc-postgresql");
    const [connector, driver] = version.split("+");
    expect(fileName).toBe(`flink-connector-jdbc-postgresql-${connector}_${driver}.tar.gz`);
    expect(source).toMatchObject({
      kind: "maven-tree",
      artifacts: [
        `org.apache.flink:flink-connector-jdbc-postgres:${connector}`,
        `org.apache.flink:flink-connector-jdbc-core:${connector}`,
        `org.postgresql:postgresql:${driver}`,
      ],
    });
  });
});

describe("the project file", () => {
  test("takes the versions of the jars themselves, and nothing of the groups that Flink has", () => {
    const { source } = connectorPart("2.2", "kafka");
    if (source.kind !== "maven-tree") throw new Error(`a source of kind ${source.kind}`);
    const text = pom(source);
    expect(text).not.toContain("<parent>");
    expect(text).toContain(`<artifactId>${CONNECTOR}</artifactId><version>5.0.0-2.2</version><exclusions>`);
    expect(text).toContain("<exclusion><groupId>org.slf4j</groupId><artifactId>*</artifactId></exclusion>");
  });

  test("takes nothing of Flink's own but the connector: on the class path it would hide the distribution's", () => {
    const { source } = connectorPart("2.2", "jdbc-postgresql");
    if (source.kind !== "maven-tree") throw new Error(`a source of kind ${source.kind}`);
    const excluded = "<exclusion><groupId>org.apache.flink</groupId><artifactId>*</artifactId></exclusion>";
    expect(pom(source).split(excluded)).toHaveLength(source.artifacts.length + 1);
  });

  test("takes those of a parent where there is one", () => {
    const text = pom({ parent: "some.group:parent:1", artifacts: ["some.group:first:1", "other.group:second"] });
    expect(text).toContain("<parent><groupId>some.group</groupId><artifactId>parent</artifactId><version>1</version>");
    expect(text).toContain(
      "<dependency><groupId>other.group</groupId><artifactId>second</artifactId></dependency></dependencies>",
    );
  });
});

describe("fetching", () => {
  test("takes a connector where it is asked for alone", async () => {
    expect(lockedConnectors(await fetch())).toEqual([undefined]);
    expect(origin.asked.map(({ name }) => name)).not.toContain(CONNECTOR);
    expect(lockedConnectors(await fetch({ connectors: ["kafka"] }))).toEqual(["5.0.0-2.2"]);
    expect(origin.asked.filter(({ name }) => name === CONNECTOR)).toHaveLength(1);
  });

  test("keeps what is locked, without being asked", async () => {
    await fetch({ connectors: ["kafka"] });
    const text = readFileSync(lockFile, "utf8");
    await fetch();
    expect(readFileSync(lockFile, "utf8")).toBe(text);
    await fetch({ connectors: ["kafka"] });
    expect(readFileSync(lockFile, "utf8")).toBe(text);
    expect(lockedConnectors(await fetch({ update: true }))).toEqual(["5.0.0-2.2"]);
    expect(lockedConnectors(await fetch({ flink: ["2.3"] }))).toEqual(["5.0.0-2.2", undefined]);
  });

  test("keeps what another fetch locked since it began", async () => {
    const { parts, releases } = (await fetch()).origins.official!;
    const byTheOther = await fetch({ connectors: ["kafka"] });
    expect(withRelease(byTheOther, "official", releases[0], parts)).toEqual(byTheOther);
  });

  test("refuses a line without a connector before anything is fetched", async () => {
    await expect(fetch({ flink: ["2.2", "2.3"], connectors: ["kafka"] })).rejects.toThrow(
      /must be left out for Flink 2\.3\.0, as no Kafka connector for it is published yet/,
    );
    expect(origin.asked).toEqual([]);
    expect(readLockFile(lockFile)).toBeUndefined();
  });

  test("leaves alone what comes with this package, and says so", async () => {
    await fetch();
    const text = readFileSync(lockFile, "utf8");
    const before = origin.asked.length;
    const lock = await fetch({ connectors: ["opensearch"] });
    expect(told).toContain("opensearch: not fetched from official, it comes with cdktf-flink");
    expect(origin.asked).toHaveLength(before);
    expect(readFileSync(lockFile, "utf8")).toBe(text);
    expect(Object.keys(lock.origins.official!.releases[0].parts)).not.toContain(OPENSEARCH);
  });

  test.each([false, true])(
    "refuses what this package does not bring for a line (locked before: %p)",
    async (locked) => {
      if (locked) await fetch({ flink: ["1.20"] });
      const before = origin.asked.length;
      await expect(fetch({ flink: ["1.20"], connectors: ["opensearch"] })).rejects.toThrow(
        /^--connector is "opensearch", but must be left out for Flink 1\.20\.\d+, as this version of cdktf-flink brings no OpenSearch connector for it: name as --flink only lines that have one \(2\.2, 2\.3\)$/,
      );
      expect(origin.asked).toHaveLength(before);
    },
  );
});

test.each(ORIGINS)("a lock file with a connector from %s is read back as it was printed", async (name) => {
  const { origins } = await fetch({ connectors: ["kafka", "jdbc-postgresql"] });
  const lock: LockFile = { schemaVersion: 1, origins: { [name]: origins.official } };
  const text = printLockFile(lock);
  expect(parseLockFile(text, "lock")).toEqual(lock);
  expect(printLockFile(parseLockFile(text, "lock"))).toBe(text);
  expect(JSON.parse(text)).toHaveProperty("schemaVersion", 1);
});

describe("resolving", () => {
  const query = { origin: "official", flinkVersion: "2.2", architecture: "amd64" };

  test("gives the connectors that are asked for", async () => {
    const lock = await fetch({ connectors: ["kafka"] });
    expect(resolveSoftware({ ...query, lock }).items?.connectors).toEqual([]);
    const [item, ...others] = resolveSoftware({ ...query, lock, connectors: ["kafka"] }).items!.connectors;
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      name: CONNECTOR,
      version: "5.0.0-2.2",
      kind: "tar.gz",
      fileName: "flink-connector-kafka-5.0.0-2.2.tar.gz",
    });
    expect(item.key).toBe(`software/${CONNECTOR}/5.0.0-2.2/${item.sha256}/${item.fileName}`);
  });

  test("says that one is missing", async () => {
    const lock = await fetch();
    expect(resolveSoftware({ ...query, lock }).items?.connectors).toEqual([]);
    expect(resolveSoftware({ ...query, lock, connectors: ["kafka"] })).toEqual({
      missing: "The software lock file has no flink-connector-kafka for Flink 2.2.1 on amd64 from official",
    });
  });

  describe("of what comes with this package", () => {
    const connectorsFolder = join(folder, "connectors");
    const archive = join(connectorsFolder, `${OPENSEARCH}.tar.gz`);
    mkdirSync(connectorsFolder);

    test("gives the built file, beside what is locked and in the order that is asked for", async () => {
      writeFileSync(archive, "an archive");
      const lock = await fetch({ connectors: ["kafka"] });
      const connectors = ["opensearch", "kafka"] as const;
      const { items } = resolveSoftware({ ...query, lock, connectors, connectorsFolder });
      const sha256 = createHash("sha256").update("an archive").digest("hex");
      expect(items?.connectors.map(({ name }) => name)).toEqual([OPENSEARCH, CONNECTOR]);
      expect(items?.connectors[0]).toEqual({
        name: OPENSEARCH,
        version: packageVersion(),
        key: `software/${OPENSEARCH}/${packageVersion()}/${sha256}/${OPENSEARCH}.tar.gz`,
        sha256,
        sizeBytes: 10,
        kind: "tar.gz",
        fileName: `${OPENSEARCH}.tar.gz`,
      });
    });

    test("names another part when the file is another one", async () => {
      const lock = await fetch();
      const keyOf = (content: string): string => {
        writeFileSync(archive, content);
        return resolveSoftware({ ...query, lock, connectors: ["opensearch"], connectorsFolder }).items!.connectors[0]
          .key;
      };
      expect(keyOf("one")).not.toBe(keyOf("another"));
    });

    test("says that it is not built yet, and how it is", async () => {
      const lock = await fetch();
      expect(() =>
        resolveSoftware({ ...query, lock, connectors: ["opensearch"], connectorsFolder: join(folder, "not built") }),
      ).toThrow(/^there is no \S.*flink-connector-opensearch\.tar\.gz yet: run `make build` in \//);
    });

    test("says that the system does not let it be read", async () => {
      const connectorsFolder = join(folder, "unreadable");
      mkdirSync(join(connectorsFolder, `${OPENSEARCH}.tar.gz`), { recursive: true });
      const lock = await fetch();
      expect(() => resolveSoftware({ ...query, lock, connectors: ["opensearch"], connectorsFolder })).toThrow(
        /^the OpenSearch connector cannot be read: mend what the system says \(EISDIR/,
      );
    });

    test("refuses a line that it does not serve", async () => {
      const lock = await fetch({ flink: ["1.20"] });
      expect(() =>
        resolveSoftware({ ...query, flinkVersion: "1.20", lock, connectors: ["opensearch"], connectorsFolder }),
      ).toThrow(/must be left out for Flink 1\.20\.\d+, as this version of cdktf-flink brings no OpenSearch connector/);
    });

    test("says what the lock file lacks before it looks at the file", () => {
      const connectors = ["opensearch"] as const;
      const lacking = resolveSoftware({ ...query, lock: undefined, connectors, connectorsFolder: "none" });
      expect(lacking).toEqual({ missing: "There is no software lock file" });
    });
  });
});
