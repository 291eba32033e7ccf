import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ClusterSoftware } from "../../lib/cluster/cluster-software";
import { Software, SoftwareOrigin } from "../../lib/cluster/software";
import { Architecture, FlinkVersion } from "../../lib/settings";
import { Block, Synthesized, synthesize } from "../support/synth";
import { temporaryFolder } from "./temporary-folder";

/** What stands in the place of this package. */
let mockRoot = "";
jest.mock("../../lib/core/package-root", () => ({ packageRoot: () => mockRoot }));

const ARCHIVE = "build/connectors/flink-connector-opensearch.tar.gz";
const LOCK = { lockFile: resolve(__dirname, "../../cdktf-flink.lock.json"), origin: SoftwareOrigin.PACKAGE_REGISTRIES };
const root = temporaryFolder();

beforeEach(() => {
  mockRoot = root;
  for (const folder of ["build/agent", "build/connectors"]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "package.json"), JSON.stringify({ version: "1.2.3" }));
  writeFileSync(join(root, "build/agent/agent.js"), "an agent");
  writeFileSync(join(root, ARCHIVE), "an archive");
});

/** The software of a cluster of Flink 2.2, and what is done with it. */
function program(software: Software, build: (made: ClusterSoftware) => void): Synthesized {
  return synthesize((stack) =>
    build(
      new ClusterSoftware(stack, "software", {
        software,
        version: FlinkVersion.V2_2,
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
  expect(command).toMatch(/^node "\$CLI" publish --flink 2\.2 .* --connector opensearch --bucket /);
  expect(command).not.toContain("--no-connector");
  writeFileSync(join(root, ARCHIVE), "another archive");
  expect(withOpenSearch().parts.split(" ")).toContain(keyOf("another archive"));
});

test("what nobody asked for is neither read nor published", () => {
  rmSync(join(root, ARCHIVE));
  const { parts, command } = published(program(Software.fetched(LOCK), () => undefined));
  expect(parts).not.toContain("opensearch");
  expect(command).toContain("--no-connector");
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
