import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { rdsAuthorities } from "../../lib/dataflow/postgresql/rds-authorities";
import { addPipeline } from "../../stacks/pipeline/pipeline";
import { desiredState } from "../cluster/support";
import { PIPELINE_SETTINGS } from "../support/pipeline-settings";
import { Block, statements, Synthesized } from "../support/synth";

type Settings = Readonly<Record<string, string | undefined>>;

/** What an action makes of a folder that is there for it alone. */
function inFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "pipeline-"));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withFile<T>(content: string, action: (file: string) => T): T {
  return inFolder((folder) => {
    const file = path.join(folder, "given");
    writeFileSync(file, content);
    return action(file);
  });
}

const settings = (more: Settings): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ FLINK_SOFTWARE_ORIGIN: "package-registries", ...PIPELINE_SETTINGS, ...more }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

/** All stacks of a pipeline with these settings, and with the whole ones where nothing else is said; `undefined` takes one out. */
function pipeline(more: Settings = {}): Readonly<Record<string, Synthesized>> {
  const environment = process.env;
  process.env = settings(more);
  try {
    return inFolder((outdir) => {
      const app = new App({ outdir });
      addPipeline(app);
      app.synth();
      return Object.fromEntries(readdirSync(path.join(outdir, "stacks")).map((name) => [name, stackIn(outdir, name)]));
    });
  } finally {
    process.env = environment;
  }
}

function stackIn(outdir: string, name: string): Synthesized {
  const file = path.join(outdir, "stacks", name, "cdk.tf.json");
  return new Synthesized(JSON.parse(readFileSync(file, "utf8")) as Block);
}

/** Sinks of one kind alone. */
const ONLY_FILES: Settings = {
  FLINK_SINK_TOPICS: undefined,
  FLINK_SINK_DATABASE: undefined,
  FLINK_SINK_SCHEMA: undefined,
  FLINK_SINK_TABLES: undefined,
  FLINK_SINK_INDICES: undefined,
  FLINK_SINK_MAPPINGS: undefined,
};

/** The policies of what jobs read and write, without the hashes in their names. */
const dataPolicies = (synthesized: Synthesized): Record<string, Block> =>
  Object.fromEntries(
    synthesized
      .all("aws_iam_role_policy")
      .filter(({ name }) => /^(read|write)-/.test(name as string))
      .map((policy) => [(policy.name as string).replace(/-[0-9a-f]{8}$/, ""), policy]),
  );

const invocation = (sinks: Synthesized, system: string): Block =>
  JSON.parse(sinks.named("aws_lambda_invocation", `${system}_Provisioning_`).input as string) as Block;

describe("with all settings", () => {
  let stacks: Readonly<Record<string, Synthesized>>;
  beforeAll(() => {
    stacks = pipeline();
  });

  test("there are four stacks, of which each holds what outlives those after it", () => {
    const types = (name: string) => Object.keys(stacks[name].json.resource as object);
    expect(Object.keys(stacks).sort()).toEqual(["pipeline", "pipeline-network", "pipeline-sinks", "pipeline-storage"]);
    expect(types("pipeline-storage")).toEqual(expect.arrayContaining(["aws_s3_bucket"]));
    expect(types("pipeline-network")).toEqual(expect.arrayContaining(["aws_vpc"]));
    expect(types("pipeline-sinks")).toEqual(
      expect.arrayContaining(["aws_msk_cluster", "aws_db_instance", "aws_opensearch_domain", "aws_s3_bucket"]),
    );
    expect(types("pipeline")).toEqual(expect.arrayContaining(["aws_instance"]));
    expect(
      types("pipeline").filter((type) =>
        /^aws_(vpc|s3_bucket|msk|db|opensearch)(_cluster|_instance|_domain)?$/.test(type),
      ),
    ).toEqual([]);
  });

  test("jobs may read the source and write the sinks, by these actions and no others", () => {
    const policies = dataPolicies(stacks.pipeline);
    const actions = Object.fromEntries(
      Object.entries(policies).map(([name, { policy }]) => [
        name,
        Object.values(statements(policy)).flatMap(({ Action }) => Action as string[]),
      ]),
    );
    const kafka = (...names: string[]) => names.map((name) => `kafka-cluster:${name}`);
    expect(actions).toEqual({
      "read-kafka-pipeline-source": kafka("Connect", "DescribeTopic", "ReadData", "DescribeGroup", "AlterGroup"),
      "write-kafka-pipeline-sinks-kafka": kafka(
        ...["Connect", "WriteDataIdempotently", "DescribeTopic", "WriteData"],
        ...["DescribeTransactionalId", "AlterTransactionalId"],
      ),
      "write-opensearch-pipeline-sinks-search": ["es:ESHttpPost"],
      "write-postgresql-pipeline-sinks-database-Provisioning-user-flink": [
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
      ],
      "write-s3-pipeline-sinks-files-orders-enriched": expect.arrayContaining(["s3:PutObject"]) as string[],
    });
    const { ReadTopics } = statements(policies["read-kafka-pipeline-source"].policy);
    expect(ReadTopics.Resource).toEqual([
      expect.stringMatching(/:topic\/shop\/.+\/customers$/),
      expect.stringMatching(/:topic\/shop\/.+\/orders$/),
    ]);
    const { WriteIndices } = statements(policies["write-opensearch-pipeline-sinks-search"].policy);
    expect(WriteIndices.Resource).toEqual([expect.stringMatching(/\/orders-\*\/_bulk$/)]);
  });

  test("no policy of jobs but that of the source names the source, and nothing that makes or deletes topics is allowed on it", () => {
    const { "read-kafka-pipeline-source": reading, ...others } = dataPolicies(stacks.pipeline);
    expect(reading.policy).toContain("/shop/");
    expect(JSON.stringify(others)).not.toContain("/shop/");
    for (const name of ["pipeline-storage", "pipeline-network", "pipeline-sinks"]) {
      expect(stacks[name].text).not.toContain("/shop/");
    }
  });

  test("the deploy makes topics, tables, a user of jobs with the least of grants, and the fields of indices", () => {
    const sinks = stacks["pipeline-sinks"];
    expect(invocation(sinks, "kafka").topics).toEqual([
      expect.objectContaining({ name: "orders-enriched", partitions: 6, replicas: 3 }),
      expect.objectContaining({ name: "alerts", partitions: 1, replicas: 3 }),
    ]);
    const { schemas, users } = invocation(sinks, "database");
    expect(schemas).toEqual([
      {
        name: "analytics",
        statements: [
          expect.stringMatching(/^CREATE TABLE IF NOT EXISTS revenue_by_country \([^;]+\)$/),
          "CREATE INDEX IF NOT EXISTS revenue_by_country_revenue ON revenue_by_country (revenue)",
          "COMMENT ON TABLE revenue_by_country IS 'sums; by country'",
        ],
      },
    ]);
    expect(users).toEqual([
      expect.objectContaining({ name: "flink", grants: [{ access: "upsert", schema: "analytics" }] }),
    ]);
    expect(invocation(sinks, "search")).toMatchObject({
      roles: [{ indices: ["orders-*"], mayAddFields: false }],
      templates: [
        { name: "jobs", body: { index_patterns: ["orders-*"], template: { mappings: { dynamic: "strict" } } } },
      ],
    });
  });

  test("nodes may call the brokers' group at their port, and are the only ones that it lets in by this program", () => {
    const ofSource = (direction: "egress" | "ingress", property: string) =>
      Object.values(stacks).flatMap((stack) =>
        stack
          .all(`aws_vpc_security_group_${direction}_rule`)
          .filter((rule) => rule[property] === PIPELINE_SETTINGS.FLINK_SOURCE_SECURITY_GROUP),
      );
    const nodes = expect.stringMatching(/^\$\{aws_security_group\.flink_Firewall_nodes_\w+\.id\}$/) as string;
    const at9098 = { from_port: 9098, to_port: 9098, ip_protocol: "tcp" };
    expect(ofSource("egress", "referenced_security_group_id")).toEqual([
      expect.objectContaining({ ...at9098, security_group_id: nodes }),
    ]);
    expect(ofSource("ingress", "security_group_id")).toEqual([
      expect.objectContaining({ ...at9098, referenced_security_group_id: nodes }),
    ]);
  });

  test("each network has routes to the other, of no more than the addresses that were named", () => {
    const network = stacks["pipeline-network"];
    const peering = network.single("aws_vpc_peering_connection");
    expect(peering).toMatchObject({ peer_vpc_id: PIPELINE_SETTINGS.FLINK_SOURCE_VPC, auto_accept: true });
    const routes = network.all("aws_route");
    const way = expect.stringMatching(/^\$\{aws_vpc_peering_connection\.source-peering\.id\}$/) as string;
    expect(routes.map((route) => route.vpc_peering_connection_id as string)).toEqual(routes.map(() => way));
    const destinations = routes.map((route) => route.destination_cidr_block as string).sort();
    const thrice = (block: string) => [block, block, block];
    expect(destinations).toEqual([...thrice("10.20.0.0/24"), ...thrice("10.20.1.0/24"), "10.40.0.0/16"]);
    expect(routes.find((route) => route.destination_cidr_block === "10.40.0.0/16")).toMatchObject({
      route_table_id: PIPELINE_SETTINGS.FLINK_SOURCE_ROUTE_TABLES,
    });
  });

  test("the whole internet is named nowhere", () => {
    for (const { text } of Object.values(stacks)) {
      expect(text).not.toMatch(/(?<![\d.])0\.0\.0\.0\/0|::\/0/);
    }
  });

  test("the tables of all connections are an output, by the names that docs say", () => {
    const { value } = (stacks.pipeline.json.output as Block).connection_tables as { value: string };
    const names = [...value.matchAll(/CREATE TABLE IF NOT EXISTS connections\.`([^`]+)`/g)].map(([, name]) => name);
    expect(names.sort()).toEqual(["database", "files/orders-enriched", "kafka", "search", "source"]);
  });

  test("what holds data is retained", () => {
    const sinks = stacks["pipeline-sinks"];
    const types = ["aws_msk_cluster", "aws_db_instance", "aws_opensearch_domain", "aws_s3_bucket"];
    expect(types.map((type) => (sinks.single(type).lifecycle as Block).prevent_destroy as boolean)).toEqual(
      types.map(() => true),
    );
  });
});

test("the name of a pipeline begins the names of all that it makes, and of its states", () => {
  const stacks = pipeline({ FLINK_PIPELINE_NAME: "orders-in-test1" });
  expect(Object.keys(stacks).sort()).toEqual([
    "orders-in-test1",
    "orders-in-test1-network",
    "orders-in-test1-sinks",
    "orders-in-test1-storage",
  ]);
  const sinks = stacks["orders-in-test1-sinks"];
  expect(sinks.single("aws_opensearch_domain").domain_name).toBe("orders-in-test1-sinks-search");
  expect(sinks.single("aws_msk_cluster").cluster_name).toBe("orders-in-test1-sinks-kafka");
  expect(sinks.single("aws_db_instance").identifier).toBe("orders-in-test1-sinks-database");
  expect(desiredState(stacks["orders-in-test1"]).cluster).toBe("orders-in-test1-flink");
  expect(sinks.json.terraform).toMatchObject({
    backend: { local: { path: "../../../terraform.orders-in-test1-sinks.tfstate" } },
  });
});

test("there are only the sinks that settings name", () => {
  const sinks = pipeline(ONLY_FILES)["pipeline-sinks"];
  expect(sinks.all("aws_s3_bucket")).toHaveLength(1);
  for (const type of ["aws_msk_cluster", "aws_db_instance", "aws_opensearch_domain", "aws_lambda_function"]) {
    expect(sinks.all(type)).toEqual([]);
  }
});

test("without a network of the brokers nothing is connected, and no route is made", () => {
  const network = pipeline({
    ...ONLY_FILES,
    FLINK_SOURCE_VPC: undefined,
    FLINK_SOURCE_CIDRS: undefined,
    FLINK_SOURCE_ROUTE_TABLES: undefined,
  })["pipeline-network"];
  expect(network.all("aws_vpc_peering_connection")).toEqual([]);
  expect(network.all("aws_route")).toEqual([]);
});

test("without fields of indices, jobs may add them", () => {
  const sinks = pipeline({ FLINK_SINK_MAPPINGS: undefined })["pipeline-sinks"];
  expect(invocation(sinks, "search")).toMatchObject({ roles: [{ mayAddFields: true }], templates: [] });
});

test("the user of jobs gets what the setting says", () => {
  const { users, schemas } = invocation(
    pipeline({ FLINK_SINK_TABLE_ACCESS: "append", FLINK_SINK_TABLES: undefined })["pipeline-sinks"],
    "database",
  );
  expect(users).toEqual([expect.objectContaining({ grants: [{ access: "append", schema: "analytics" }] })]);
  expect(schemas).toEqual([{ name: "analytics", statements: [] }]);
});

test("sinks can be made such that a destroy takes them", () => {
  const sinks = pipeline({ FLINK_REMOVAL_POLICY: "destroy" })["pipeline-sinks"];
  for (const type of ["aws_msk_cluster", "aws_db_instance", "aws_opensearch_domain", "aws_s3_bucket"]) {
    expect((sinks.single(type).lifecycle as Block | undefined)?.prevent_destroy).not.toBe(true);
  }
});

test("brokers that know users by a password are read by the secret, with whom to trust", () => {
  const authorities = rdsAuthorities("eu-west-1")!;
  const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-reader-AbCdEf";
  const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
  const { pipeline: stack } = withFile(authorities, (file) =>
    pipeline({
      ...ONLY_FILES,
      FLINK_SOURCE_BROKERS: "b-1.shop.example.internal:9096",
      FLINK_SOURCE_CLUSTER_ARN: undefined,
      FLINK_SOURCE_SECRET_ARN: secretArn,
      FLINK_SOURCE_SECRET_KEY_ARN: keyArn,
      FLINK_SOURCE_AUTHORITIES: file,
    }),
  );
  const { ReadCredential, ReadKey } = statements(dataPolicies(stack)["read-kafka-pipeline-source"].policy);
  expect(ReadCredential).toMatchObject({ Action: ["secretsmanager:GetSecretValue"], Resource: [secretArn] });
  expect(ReadKey).toMatchObject({ Action: ["kms:Decrypt"], Resource: [keyArn] });
  const file = desiredState(stack).files.find((each) => each.path.endsWith("/connections/source.pem"));
  expect(file).toMatchObject({ content: authorities });
});

describe("settings that are refused", () => {
  const FILE = "no/such/file";
  test.each<[Settings, string]>([
    [
      { FLINK_SOURCE_TOPICS: undefined },
      "FLINK_SOURCE_TOPICS is not set, but must be the topics to read: write for example orders,customers",
    ],
    [
      { FLINK_SOURCE_BROKERS: "" },
      "FLINK_SOURCE_BROKERS is not set, but must be the brokers to read from, each with its port: write for example b-1.",
    ],
    [
      { FLINK_SOURCE_SECURITY_GROUP: undefined },
      "FLINK_SOURCE_SECURITY_GROUP is not set, but must be the security group of the brokers: write for example sg-",
    ],
    [
      { FLINK_SOURCE_TOPICS: "orders,,customers" },
      'FLINK_SOURCE_TOPICS is "orders,,customers", but must be texts parted by commas, or a list of texts in the context: take out what is empty, or the last comma',
    ],
    [{ FLINK_SOURCE_TOPICS: "orders customers" }, 'put commas where there are blanks in "orders customers"'],
    [{ FLINK_SOURCE_TOPICS: "orders-*" }, "set names to such a text (names: set by FLINK_SOURCE_TOPICS)"],
    [{ FLINK_SOURCE_BROKERS: "b-1.shop.example.internal" }, "(bootstrapServers: set by FLINK_SOURCE_BROKERS)"],
    [{ FLINK_SOURCE_SECURITY_GROUP: "default" }, "(securityGroupId: set by FLINK_SOURCE_SECURITY_GROUP)"],
    [{ FLINK_SOURCE_CLUSTER_ARN: "shop" }, "(clusterArn: set by FLINK_SOURCE_CLUSTER_ARN)"],
    [
      { FLINK_SOURCE_CLUSTER_ARN: undefined },
      "FLINK_SOURCE_CLUSTER_ARN and FLINK_SOURCE_SECRET_ARN are both not set, but jobs must log in at the brokers: set the first for IAM at Amazon MSK, or the second for SCRAM-SHA-512",
    ],
    [
      { FLINK_SOURCE_SECRET_ARN: "arn:x" },
      "FLINK_SOURCE_CLUSTER_ARN and FLINK_SOURCE_SECRET_ARN are both set, but jobs log in by one of them: take the second out for IAM, or the first for SCRAM-SHA-512",
    ],
    [
      { FLINK_SOURCE_SECRET_KEY_ARN: "arn:x" },
      "FLINK_SOURCE_SECRET_KEY_ARN is set, but FLINK_SOURCE_SECRET_ARN, which belongs to it, is not: set that too, or take FLINK_SOURCE_SECRET_KEY_ARN out",
    ],
    [
      { FLINK_SOURCE_AUTHORITIES: FILE },
      'FLINK_SOURCE_AUTHORITIES is "no/such/file", but must be a file that can be read (ENOENT): write its path from the folder of cdktf.json',
    ],
    [{ FLINK_SOURCE_CIDRS: undefined }, "FLINK_SOURCE_VPC is set, but FLINK_SOURCE_CIDRS, which belongs to it, is not"],
    [
      { FLINK_SOURCE_ROUTE_TABLES: undefined },
      "FLINK_SOURCE_VPC is set, but FLINK_SOURCE_ROUTE_TABLES, which belongs to it, is not",
    ],
    [{ FLINK_SOURCE_VPC: undefined }, "FLINK_SOURCE_CIDRS is set, but FLINK_SOURCE_VPC, which belongs to it, is not"],
    [
      { FLINK_SOURCE_VPC: "shop" },
      'FLINK_SOURCE_VPC has "shop", but must be the id of a VPC: write for example vpc-0123456789abcdef0',
    ],
    [
      { FLINK_SOURCE_ROUTE_TABLES: "rtb-1,rtb-0123456789abcdef0" },
      'FLINK_SOURCE_ROUTE_TABLES has "rtb-1", but must be ids of route tables: write for example rtb-0123456789abcdef0',
    ],
    ...["0.0.0.0/0", "52.94.0.0/16", "10.0.0.0/8", "10.20.0.0", "10.20.300.0/24", "10.20.0.0/33"].map(
      (block): [Settings, string] => [
        { FLINK_SOURCE_CIDRS: `10.21.0.0/24,${block}` },
        `FLINK_SOURCE_CIDRS has "${block}", but must be blocks of private addresses of size /16 to /32: write those of the brokers' subnets, such as 10.20.0.0/24`,
      ],
    ),
    [
      { FLINK_SOURCE_CIDRS: "10.40.7.0/24" },
      'FLINK_SOURCE_CIDRS has "10.40.7.0/24", but must be blocks apart from 10.40.0.0/16, which the pipeline\'s own network has: set FLINK_CIDR to another, such as 10.60.0.0/16',
    ],
    [
      { FLINK_SOURCE_CIDRS: "10.20.37.5/20" },
      'FLINK_SOURCE_CIDRS has "10.20.37.5/20", but must be blocks written from their first address: write 10.20.32.0/20',
    ],
    [{ FLINK_CIDR: "10.50.0.0" }, "(cidr: set by FLINK_CIDR)"],
    [
      { FLINK_STATE_BUCKET: "s3://states" },
      'FLINK_STATE_BUCKET is "s3://states", but must be the name of a bucket, 3 to 63 lower-case letters, digits, dots and hyphens: write it without s3:// and without a folder',
    ],
    [{ FLINK_BUCKET_NAME: "States" }, "(bucketName: set by FLINK_BUCKET_NAME)"],
    [{ ...ONLY_FILES, FLINK_NODE_COUNT: "three" }, "(nodeCount: set by FLINK_NODE_COUNT)"],
    [
      { ...ONLY_FILES, FLINK_CHECKPOINT_INTERVAL_SECONDS: "60s" },
      "(Duration.seconds: set by FLINK_CHECKPOINT_INTERVAL_SECONDS)",
    ],
    [{ FLINK_SINK_DATABASE: "my-company" }, "(databaseName: set by FLINK_SINK_DATABASE)"],
    [{ FLINK_SINK_SCHEMA: "Analytics" }, "(name: set by FLINK_SINK_SCHEMA)"],
    [{ FLINK_CIDR: "10.20.0.0/16" }, 'FLINK_SOURCE_CIDRS has "10.20.0.0/24"'],
    [
      { ...ONLY_FILES, FLINK_SINK_FILES: undefined },
      "None of FLINK_SINK_TOPICS, FLINK_SINK_DATABASE, FLINK_SINK_INDICES, FLINK_SINK_FILES is set, but jobs must have somewhere to write: set one or more of them",
    ],
    [
      { FLINK_SINK_TOPICS: "alerts:1,orders-enriched" },
      'FLINK_SINK_TOPICS has "orders-enriched", but must be names of topics, each with its number of partitions: write for example orders-enriched:6',
    ],
    [{ FLINK_SINK_TOPICS: "alerts:0" }, "(partitions: set by FLINK_SINK_TOPICS)"],
    [{ FLINK_SINK_TOPICS: "alerts:1,alerts:2" }, "alerts"],
    [
      { FLINK_SINK_SCHEMA: undefined },
      "FLINK_SINK_DATABASE is set, but FLINK_SINK_SCHEMA, which belongs to it, is not",
    ],
    [
      { FLINK_SINK_DATABASE: undefined },
      "FLINK_SINK_SCHEMA is set, but FLINK_SINK_DATABASE, which belongs to it, is not",
    ],
    [
      { ...ONLY_FILES, FLINK_SINK_TABLES: FILE },
      "FLINK_SINK_TABLES is set, but FLINK_SINK_DATABASE, which belongs to it, is not",
    ],
    [
      { ...ONLY_FILES, FLINK_SINK_TABLE_ACCESS: "append" },
      "FLINK_SINK_TABLE_ACCESS is set, but FLINK_SINK_DATABASE, which belongs to it, is not",
    ],
    [
      { FLINK_SINK_TABLE_ACCESS: "all" },
      'FLINK_SINK_TABLE_ACCESS is "all", but must be append, upsert or upsert-and-delete: write one of these',
    ],
    [{ FLINK_SINK_TABLES: FILE }, 'FLINK_SINK_TABLES is "no/such/file", but must be a file that can be read'],
    [
      { ...ONLY_FILES, FLINK_SINK_MAPPINGS: FILE },
      "FLINK_SINK_MAPPINGS is set, but FLINK_SINK_INDICES, which belongs to it, is not",
    ],
    [{ FLINK_SINK_MAPPINGS: FILE }, 'FLINK_SINK_MAPPINGS is "no/such/file", but must be a file that can be read'],
    [{ FLINK_SINK_INDICES: "*" }, "(patterns: set by FLINK_SINK_INDICES)"],
    [{ FLINK_SINK_FILES: "out" }, 'write "out/" (prefix: set by FLINK_SINK_FILES)'],
    ...["o", "Orders", "orders-", "orders--eu", "streaming", "storage", "orders-sinks", "sixteen-letters1"].map(
      (name): [Settings, string] => [
        { FLINK_PIPELINE_NAME: name },
        `FLINK_PIPELINE_NAME is "${name}", but must be 2 to 15 lower-case letters, digits and single hyphens between them, beginning with a letter, and not called as other stacks are: write for example orders`,
      ],
    ),
    [
      { FLINK_SINK_TOPIC: "orders:1" },
      "FLINK_SINK_TOPIC is set, but is no setting of these stacks: write FLINK_SINK_TOPICS, or take it out",
    ],
    [{ FLINK_FLINK_VERSION: "2.3" }, "Flink 2.3"],
  ])("%p", (given, sentence) => {
    expect(() => pipeline(given)).toThrow(sentence);
  });

  test("statements in a file that cannot run again, with the sentence of the library", () => {
    withFile("-- Made anew.\nDROP TABLE revenue;\n", (file) =>
      expect(() => pipeline({ FLINK_SINK_TABLES: file })).toThrow(
        /statement 1 of schema analytics is "DROP TABLE revenue".+ \(statement: set by FLINK_SINK_TABLES\)$/,
      ),
    );
  });
});
