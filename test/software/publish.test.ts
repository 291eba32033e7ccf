import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { fetchSoftware } from "../../lib/software/fetch";
import { PartStore } from "../../lib/software/part-store";
import { publishSoftware, type PublishedParts, type PublishOptions } from "../../lib/software/publish";
import { temporaryFolder } from "./temporary-folder";
import { WrittenOrigin } from "./written-origin";

const CONNECTOR = /^software\/flink-connector-kafka\/5\.0\.0-2\.2\//;
const OPENSEARCH = /^software\/flink-connector-opensearch\/[^/]+\/[0-9a-f]{64}\/flink-connector-opensearch\.tar\.gz$/;
const folder = temporaryFolder();
const agent = join(folder, "agent.js");
const connectorsFolder = join(folder, "connectors");
const logExporter = join(folder, "log-exporter.js");
const store = new PartStore(join(folder, "store"));
const originImplementation = new WrittenOrigin();
/** Flink 2.2 with a connector and what ships logs, 1.20 and 2.3 without. */
const lockFile = join(folder, "lock.json");

beforeAll(async () => {
  writeFileSync(agent, "an agent");
  writeFileSync(logExporter, "an exporter");
  mkdirSync(connectorsFolder);
  writeFileSync(join(connectorsFolder, "flink-connector-opensearch.tar.gz"), "a connector");
  const all = { lockFile, origin: "official", architectures: ["amd64"], store, originImplementation } as const;
  await fetchSoftware({ ...all, flink: ["1.20", "2.2", "2.3"] });
  await fetchSoftware({ ...all, flink: ["2.2"], connectors: ["kafka"], logs: true, metrics: true });
});

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** S3 with one empty bucket. */
function emptyBucket(): S3Client {
  const objects = new Map<string, Record<string, string>>();
  const answer = ({ method, path, headers }: Request): [number, Record<string, string>] => {
    if (method === "GET") return [200, {}];
    if (method === "PUT") {
      objects.set(path, {
        "content-length": headers["x-amz-decoded-content-length"] ?? headers["content-length"],
        "x-amz-meta-sha256": headers["x-amz-meta-sha256"],
      });
      return [200, {}];
    }
    const found = objects.get(path);
    return found ? [200, found] : [404, {}];
  };
  return new S3Client({
    region: "eu-west-1",
    credentials: { accessKeyId: "some", secretAccessKey: "thing" },
    forcePathStyle: true,
    requestHandler: {
      handle: async (request: unknown) => {
        const [statusCode, headers] = answer(request as Request);
        return { response: { statusCode, headers, body: undefined } };
      },
    } as never,
  });
}

function publish(options: Partial<PublishOptions> = {}): Promise<PublishedParts> {
  return publishSoftware({
    client: emptyBucket(),
    bucket: "some-bucket",
    lockFile,
    origin: "official",
    agent,
    connectorsFolder,
    logExporter,
    store,
    originImplementation,
    ...options,
  });
}

const connectorsOf = ({ uploaded }: PublishedParts, keys = CONNECTOR): string[] =>
  uploaded.filter((key) => keys.test(key));

test("a connector is published with its release, and is there the next time", async () => {
  const client = emptyBucket();
  const first = await publish({ client, flink: ["2.2"], connectors: ["kafka"] });
  expect(connectorsOf(first)).toHaveLength(1);
  const second = await publish({ client, flink: ["2.2"], connectors: ["kafka"] });
  expect(second.uploaded).toEqual([]);
  expect([...second.present].sort()).toEqual([...first.uploaded].sort());
});

test("without a name every locked connector is published, of the named releases alone", async () => {
  expect(connectorsOf(await publish())).toHaveLength(1);
  const of23 = await publish({ flink: ["2.3"] });
  expect(connectorsOf(of23)).toEqual([]);
  expect(of23.uploaded).not.toEqual([]);
});

test("no connectors at all are published where none is wanted", async () => {
  const published = await publish({ flink: ["2.2"], connectors: [] });
  expect(connectorsOf(published)).toEqual([]);
  expect(connectorsOf(published, OPENSEARCH)).toEqual([]);
});

test("what comes with this package is published alone where it alone is named, and is there the next time", async () => {
  const client = emptyBucket();
  const options = { client, flink: ["2.2", "2.3"], connectors: ["opensearch"] } as const;
  const first = await publish(options);
  expect(connectorsOf(first, OPENSEARCH)).toHaveLength(1);
  expect(connectorsOf(first)).toEqual([]);
  const second = await publish(options);
  expect(second.uploaded).toEqual([]);
  expect(second.present.filter((key) => OPENSEARCH.test(key))).toHaveLength(1);
});

test("without a name what comes with this package is published, for the lines that it serves", async () => {
  expect(connectorsOf(await publish(), OPENSEARCH)).toHaveLength(1);
  expect(connectorsOf(await publish({ flink: ["2.3"] }), OPENSEARCH)).toHaveLength(1);
  expect(connectorsOf(await publish({ flink: ["1.20"] }), OPENSEARCH)).toEqual([]);
});

test("what comes with this package goes beside a locked connector", async () => {
  const published = await publish({ flink: ["2.2"], connectors: ["kafka", "opensearch"] });
  expect(connectorsOf(published)).toHaveLength(1);
  expect(connectorsOf(published, OPENSEARCH)).toHaveLength(1);
});

test("what this package does not bring for a line is refused", async () => {
  await expect(publish({ flink: ["1.20"], connectors: ["opensearch"] })).rejects.toThrow(
    /must be left out for Flink 1\.20\.\d+, as this version of cdktf-flink brings no OpenSearch connector for it/,
  );
});

test("what is not built yet stops the publication before anything is uploaded", async () => {
  const options = { flink: ["2.2"], connectorsFolder: join(folder, "not built") };
  await expect(publish({ ...options, connectors: ["opensearch"] })).rejects.toThrow(
    /flink-connector-opensearch\.tar\.gz yet: run `make build` in /,
  );
  expect((await publish({ ...options, connectors: ["kafka"] })).uploaded).not.toEqual([]);
});

test("a connector that is not locked is refused with the command that locks it", async () => {
  await expect(publish({ flink: ["1.20"], connectors: ["kafka"] })).rejects.toThrow(
    `the lock file ${lockFile} has no flink-connector-kafka 3.4.0-1.20 for Flink 1.20.5 from official: ` +
      "run `npx cdktf-flink fetch --origin official --flink 1.20.5 --architecture amd64 --connector kafka` and commit the file",
  );
});

test("a line that has no connector is refused with those that have one", async () => {
  await expect(publish({ flink: ["2.3"], connectors: ["kafka"] })).rejects.toThrow(
    /must be left out for Flink 2\.3\.0, as no Kafka connector for it is published yet: name as --flink only lines that have one \(1\.20, 2\.2\)/,
  );
});

describe("what ships logs", () => {
  const LOGS = /^software\/(otelcol|log4j-layout-template-json|log-exporter)\//;
  const namesOf = ({ uploaded }: PublishedParts): (string | undefined)[] =>
    uploaded.flatMap((key) => LOGS.exec(key)?.[1] ?? []).sort();

  test.each([
    ["where it is locked, without a word", undefined, "2.2", ["log-exporter", "otelcol"]],
    ["where it is locked and asked for", true, "2.2", ["log-exporter", "otelcol"]],
    ["not where it is not wanted", false, "2.2", []],
    ["not where it is not locked, without a word", undefined, "2.3", []],
  ])("is published %s", async (_, logs, flink, expected) => {
    expect(namesOf(await publish({ flink: [flink], connectors: [], logs }))).toEqual(expected);
  });

  test("that is asked for and not locked is refused with the command that locks it", async () => {
    await expect(publish({ flink: ["1.20"], connectors: [], logs: true })).rejects.toThrow(
      `the lock file ${lockFile} has no otelcol for Flink 1.20.5 from official: ` +
        "run `npx cdktf-flink fetch --origin official --flink 1.20.5 --architecture amd64 --logs` and commit the file",
    );
  });

  test("whose exporter is not built yet stops the publication, but not one without it", async () => {
    const options = { flink: ["2.2"], connectors: [], logExporter: join(folder, "not built.js") };
    await expect(publish(options)).rejects.toThrow(/not built\.js yet: run `make build` in /);
    expect((await publish({ ...options, logs: false })).uploaded).not.toEqual([]);
  });
});

describe("what ships metrics", () => {
  const hasTelegraf = ({ uploaded }: PublishedParts): boolean =>
    uploaded.some((key) => key.startsWith("software/telegraf/"));

  test.each([
    ["where it is locked, without a word", undefined, "2.2", true],
    ["where it is locked and asked for", true, "2.2", true],
    ["not where it is not wanted", false, "2.2", false],
    ["not where it is not locked, without a word", undefined, "2.3", false],
  ])("is published %s", async (_, metrics, flink, expected) => {
    expect(hasTelegraf(await publish({ flink: [flink], connectors: [], logs: false, metrics }))).toBe(expected);
  });

  test("that is asked for and not locked is refused with the command that locks it", async () => {
    await expect(publish({ flink: ["1.20"], connectors: [], metrics: true })).rejects.toThrow(
      `the lock file ${lockFile} has no telegraf for Flink 1.20.5 from official: ` +
        "run `npx cdktf-flink fetch --origin official --flink 1.20.5 --architecture amd64 --metrics` and commit the file",
    );
  });
});
