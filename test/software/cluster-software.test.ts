import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ClusterSoftware } from "../../lib/cluster/cluster-software";
import { Software, SoftwareOrigin } from "../../lib/cluster/software";
import { Architecture, FlinkVersion } from "../../lib/settings";
import { Block, Synthesized, synthesize } from "../support/synth";
import { lockFileWithout, lockFileWithTelegraf } from "./changed-lock-file";
import { temporaryFolder } from "./temporary-folder";

/** What stands in the place of this package. */
let mockRoot = "";
jest.mock("../../lib/core/package-root", () => ({ packageRoot: () => mockRoot }));

const ARCHIVE = "build/connectors/flink-connector-opensearch.tar.gz";
const EXPORTER = "build/log-exporter/log-exporter.js";
const LOCK = { lockFile: resolve(__dirname, "../../cdktf-flink.lock.json"), origin: SoftwareOrigin.PACKAGE_REGISTRIES };
const root = temporaryFolder();

beforeEach(() => {
  mockRoot = root;
  for (const folder of ["build/agent", "build/connectors", "build/log-exporter"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "package.json"), JSON.stringify({ version: "1.2.3" }));
  writeFileSync(join(root, "build/agent/agent.js"), "an agent");
  writeFileSync(join(root, ARCHIVE), "an archive");
  writeFileSync(join(root, EXPORTER), "an exporter");
});

/** The software of a cluster, and what is done with it. */
function program(
  software: Software,
  build: (made: ClusterSoftware) => void,
  version: FlinkVersion = FlinkVersion.V2_2,
): Synthesized {
  return synthesize((stack) =>
    build(
      new ClusterSoftware(stack, "software", {
        software,
        version,
        architecture: Architecture.AMD64,
        bucket: { bucketName: "some-software" },
        onDependable: () => undefined,
      }),
    ),
  );
}

const keyOf = (content: string): string =>
  `flink-connector-opensearch/1.2.3/${createHash("sha256").update(content).digest("hex")}/flink-connector-opensearch.tar.gz`;

const published = (synthesized: Synthesized): { parts: string; command: string } => {
  const [publish] = synthesized.all("terraform_data") as [Block];
  const [provisioner] = publish.provisioner as [{ "local-exec": { command: string } }];
  return { parts: (publish.triggers_replace as { parts: string }).parts, command: provisioner["local-exec"].command };
};

test("a connector of this package is published by the apply, whenever its file changes", () => {
  const withOpenSearch = (): { parts: string; command: string } =>
    published(program(Software.fetched(LOCK), (made) => made.addConnector("opensearch")));
  const { parts, command } = withOpenSearch();
  expect(parts.split(" ")).toContain(keyOf("an archive"));
  expect(command).toMatch(
    /^node "\$CLI" publish --flink 2\.2 .* --connector opensearch --no-logs --no-metrics --bucket /,
  );
  expect(command).not.toContain("--no-connector");
  writeFileSync(join(root, ARCHIVE), "another archive");
  expect(withOpenSearch().parts.split(" ")).toContain(keyOf("another archive"));
});

test("what nobody asked for is neither read nor published", () => {
  rmSync(join(root, ARCHIVE));
  rmSync(join(root, EXPORTER));
  const { parts, command } = published(program(Software.fetched(LOCK), () => undefined));
  expect(parts).not.toMatch(/opensearch|otelcol|log-exporter|telegraf/);
  expect(command).toContain(" --no-logs --no-metrics --no-connector ");
});

test("where software is published already, it is looked for, and a missing one says what to run", () => {
  const synthesized = program(Software.published(LOCK), (made) => {
    made.addConnector("opensearch");
    made.addConnector("opensearch");
  });
  const objects = synthesized.data("aws_s3_objects").filter(({ prefix }) => /opensearch/.test(prefix as string));
  expect(objects).toEqual([
    expect.objectContaining({ bucket: "some-software", prefix: `software/${keyOf("an archive")}` }),
  ]);
  expect(JSON.stringify(objects[0])).toMatch(
    /The bucket holds no flink-connector-opensearch 1\.2\.3 \(.+\): run `npx cdktf-flink publish --flink 2\.2 .* --connector opensearch --lock-file \S+ --bucket <bucket>`/,
  );
});

test("the nodes are told of it beside the others", () => {
  program(Software.fetched(LOCK), (made) => {
    made.addConnector("kafka");
    made.addConnector("opensearch");
    expect(made.items().connectors.map(({ name }) => name)).toEqual([
      "flink-connector-kafka",
      "flink-connector-opensearch",
    ]);
  });
});

test("one that is not built yet is told as such, with the command", () => {
  rmSync(join(root, ARCHIVE));
  program(Software.fetched(LOCK), (made) => {
    expect(() => made.addConnector("opensearch")).toThrow(`there is no ${ARCHIVE} yet: run \`make build\` in ${root}`);
  });
});

test("one that does not serve the cluster's line is refused with those that it serves", () => {
  const refused = (): unknown =>
    synthesize((stack) => {
      const made = new ClusterSoftware(stack, "software", {
        software: Software.fetched(LOCK),
        version: FlinkVersion.V1_20,
        architecture: Architecture.AMD64,
        bucket: { bucketName: "some-software" },
        onDependable: () => undefined,
      });
      made.requireConnector("writeTo", "stack/search indices orders", "opensearch");
    });
  expect(refused).toThrow(/of opensearch there is one for Flink 2\.2 and 2\.3 alone/);
});

test("without a lock file the command to run names what is fetched alone", () => {
  const synthesized = program(Software.fetched({ lockFile: "no such.lock.json" }), (made) => {
    made.addConnector("opensearch");
    made.addConnector("kafka");
  });
  const [failure] = synthesized.all("terraform_data") as [{ lifecycle: { precondition: [{ error_message: string }] } }];
  expect(failure.lifecycle.precondition[0].error_message).toBe(
    "There is no software lock file: run `npx cdktf-flink fetch --flink 2.2 --architecture amd64 --origin official " +
      "--connector kafka --lock-file 'no such.lock.json'` and commit no such.lock.json",
  );
});

describe("what ships logs", () => {
  const shipping = (made: ClusterSoftware): void => {
    made.addLogShipping();
    made.addLogShipping();
  };
  const names = (items: readonly { name: string }[]): string[] => items.map(({ name }) => name);

  test("is published by the apply: the collector that is locked and the exporter of this package", () => {
    const { parts, command } = published(program(Software.fetched(LOCK), shipping));
    const sha256 = createHash("sha256").update("an exporter").digest("hex");
    expect(parts.split(" ")).toContain(`log-exporter/1.2.3/${sha256}/log-exporter.js`);
    expect(parts).toMatch(/ otelcol\/[0-9.]+\/[0-9a-f]{64}\/otelcol-[0-9.]+-linux-amd64\.tar\.gz( |$)/);
    expect(command).toMatch(/ --logs --no-metrics --no-connector --bucket /);
    expect(command).not.toContain("--no-logs");
  });

  test("is told to the nodes, and to no node of a cluster that does not ship", () => {
    program(Software.fetched(LOCK), (made) => {
      expect(made.hasLogShipping).toBe(false);
      expect(made.items()).not.toHaveProperty("logCollector");
      shipping(made);
      expect(made.hasLogShipping).toBe(true);
      expect(made.items()).toMatchObject({
        logCollector: { name: "otelcol", kind: "tar.gz" },
        logExporter: { name: "log-exporter", kind: "file", fileName: "log-exporter.js" },
        connectors: [],
      });
    });
  });

  test("brings Flink 1.20 the layout of JSON lines that its own archive lacks", () => {
    program(
      Software.fetched(LOCK),
      (made) => {
        shipping(made);
        expect(names(made.items().connectors)).toEqual(["log4j-layout-template-json"]);
      },
      FlinkVersion.V1_20,
    );
  });

  test("is looked for where software is published already, each part once", () => {
    const objects = program(Software.published(LOCK), shipping).data("aws_s3_objects");
    const ofLogs = objects.filter(({ prefix }) => /otelcol|log-exporter/.test(prefix as string));
    expect(ofLogs).toHaveLength(2);
    expect(JSON.stringify(ofLogs)).toMatch(
      /The bucket holds no log-exporter 1\.2\.3 \(.+\): run `npx cdktf-flink publish .* --logs --lock-file /,
    );
  });

  test("that the lock file lacks fails the plan with the command, and the nodes are told of none", () => {
    const lockFile = lockFileWithout(root, "otelcol");
    const synthesized = program(Software.fetched({ ...LOCK, lockFile }), (made) => {
      shipping(made);
      expect(made.hasLogShipping).toBe(false);
      expect(made.items()).not.toHaveProperty("logCollector");
    });
    expect(JSON.stringify(synthesized.named("terraform_data", "software_Missing-logs_"))).toContain(
      "The software lock file has no otelcol for Flink 2.2.1 on amd64 from package-registries: run `npx cdktf-flink fetch " +
        `--flink 2.2 --architecture amd64 --origin package-registries --logs --lock-file ${lockFile}\``,
    );
  });

  test("that is not built yet is told as such, with the command", () => {
    rmSync(join(root, EXPORTER));
    program(Software.fetched(LOCK), (made) => {
      expect(() => made.addLogShipping()).toThrow(`there is no ${EXPORTER} yet: run \`make build\` in ${root}`);
    });
  });
});

describe("what ships metrics", () => {
  const shipping = (made: ClusterSoftware): void => {
    made.addMetricsShipping();
    made.addMetricsShipping();
  };
  /** The lock file of this repository, of which all releases have a Telegraf. */
  const withTelegraf = (): typeof LOCK => ({ ...LOCK, lockFile: lockFileWithTelegraf(root) });

  test("is published by the apply", () => {
    const { parts, command } = published(program(Software.fetched(withTelegraf()), shipping));
    expect(parts).toMatch(/ telegraf\/[0-9.]+\/[0-9a-f]{64}\/telegraf-[0-9.]+-linux-amd64\.tar\.gz( |$)/);
    expect(command).toMatch(/ --metrics --no-logs --no-connector --bucket /);
    expect(command).not.toContain("--no-metrics");
  });

  test("is told to the nodes, and to no node of a cluster that does not ship", () => {
    program(Software.fetched(withTelegraf()), (made) => {
      expect(made.hasMetricsShipping).toBe(false);
      expect(made.items()).not.toHaveProperty("telegraf");
      shipping(made);
      expect(made.hasMetricsShipping).toBe(true);
      expect(made.items()).toMatchObject({ telegraf: { name: "telegraf", kind: "tar.gz" }, connectors: [] });
    });
  });

  test("is looked for where software is published already, once", () => {
    const objects = program(Software.published(withTelegraf()), shipping).data("aws_s3_objects");
    const ofMetrics = objects.filter(({ prefix }) => /telegraf/.test(prefix as string));
    expect(JSON.stringify(ofMetrics)).toMatch(
      /^\[.*The bucket holds no telegraf [0-9.]+ \(.+\): run `npx cdktf-flink publish .* --metrics --lock-file /,
    );
    expect(ofMetrics).toHaveLength(1);
  });

  test("that the lock file lacks fails the plan with the command, and the nodes are told of none", () => {
    const lockFile = lockFileWithout(root, "telegraf");
    const synthesized = program(Software.fetched({ ...LOCK, lockFile }), (made) => {
      shipping(made);
      expect(made.hasMetricsShipping).toBe(false);
      expect(made.items()).not.toHaveProperty("telegraf");
    });
    expect(JSON.stringify(synthesized.named("terraform_data", "software_Missing-metrics_"))).toContain(
      "The software lock file has no telegraf for Flink 2.2.1 on amd64 from package-registries: run `npx cdktf-flink fetch " +
        `--flink 2.2 --architecture amd64 --origin package-registries --metrics --lock-file ${lockFile}\``,
    );
  });
});
