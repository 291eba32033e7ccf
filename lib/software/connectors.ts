import type { ConnectorName } from "../core/connector-name";
import { refuse } from "../core/validation";
import type { PartName, TablePart } from "./software-table";

/** One connector of one Flink line; the same files for every origin, architecture and patch of the line. */
interface ConnectorRow {
  readonly line: string;
  /** Of the connector, and after the hyphen the Flink line that it is built for. */
  readonly version: string;
  /** Coordinates of a jar that holds all that it needs; without them it is named after the part, and brings what it needs. */
  readonly artifact?: string;
  /** What its project file does not name and its code needs. */
  readonly more?: readonly string[];
}

interface Connector {
  readonly part: PartName;
  /** Its name in a sentence. */
  readonly title: string;
  /** One row for each line that has one. */
  readonly rows: readonly ConnectorRow[];
}

/** With this Jackson its parent project builds it: the JSON schemas in its jar do not start without one. */
const JACKSON_OF_KAFKA_3_4 = [
  "core:jackson-databind",
  "datatype:jackson-datatype-jsr310",
  "datatype:jackson-datatype-jdk8",
].map((name) => `com.fasterxml.jackson.${name}:2.15.2`);

const MSK_IAM = "2.3.2";

const CONNECTORS: Readonly<Record<ConnectorName, Connector>> = {
  kafka: {
    part: "flink-connector-kafka",
    title: "Kafka",
    rows: [
      { line: "1.20", version: "3.4.0-1.20", more: JACKSON_OF_KAFKA_3_4 },
      { line: "2.2", version: "5.0.0-2.2" },
    ],
  },
  "msk-iam": {
    part: "aws-msk-iam-auth",
    title: "Amazon MSK's IAM",
    // Of Kafka's clients it uses interfaces alone, which have been the same since 2.2; there is no use for it without them.
    rows: ["1.20", "2.2"].map((line) => ({
      line,
      version: MSK_IAM,
      artifact: `software.amazon.msk:aws-msk-iam-auth:${MSK_IAM}:all`,
    })),
  },
};

/**
 * What flink-dist holds, under the same class names and by patches not older than those that a connector asks for;
 * and what is of use to compilers alone.
 */
const FLINK_HAS = [
  "org.slf4j",
  "org.lz4",
  "at.yawk.lz4",
  "org.xerial.snappy",
  "org.apache.commons",
  "com.google.code.findbugs",
  "com.google.errorprone",
  "com.google.j2objc",
  "org.checkerframework",
];

export const CONNECTOR_NAMES = Object.keys(CONNECTORS) as readonly ConnectorName[];

/** The connector that a user names. */
export function connectorNamed(text: string): ConnectorName {
  const found = CONNECTOR_NAMES.find((each) => each === text);
  if (found === undefined) {
    refuse({
      property: "--connector",
      value: text,
      allowed: `one of ${CONNECTOR_NAMES.join(", ")}`,
      remedy: "name a connector that the software table holds",
    });
  }
  return found;
}

/** How the lock file names a connector. */
export function connectorPartName(name: ConnectorName): PartName {
  return CONNECTORS[name].part;
}

/** Those connectors whose parts are among the named ones. */
export function connectorsAmong(partNames: readonly string[]): readonly ConnectorName[] {
  return CONNECTOR_NAMES.filter((name) => partNames.includes(connectorPartName(name)));
}

/** The Flink lines, such as `2.2`, for which a connector is published. */
export function connectorLines(name: ConnectorName): readonly string[] {
  return CONNECTORS[name].rows.map((row) => row.line);
}

/** The version of a connector for a Flink line (`2.2`) or patch (`2.2.1`); undefined where none is published. */
export function connectorVersion(flinkLineOrPatch: string, name: ConnectorName): string | undefined {
  return rowOf(flinkLineOrPatch, name)?.version;
}

/** A connector with what it needs at run time, apart from Flink: unshaded jars, in `lib/`. */
export function connectorPart(flinkLineOrPatch: string, name: ConnectorName): TablePart {
  const row = rowOf(flinkLineOrPatch, name);
  const { part, title } = CONNECTORS[name];
  if (!row) {
    refuse({
      property: "--connector",
      value: name,
      allowed: `left out for Flink ${flinkLineOrPatch}, as no ${title} connector for it is published yet`,
      remedy: `name as --flink only lines that have one (${connectorLines(name).join(", ")})`,
    });
  }
  return {
    name: part,
    version: row.version,
    architecture: "any",
    kind: "tar.gz",
    fileName: `${part}-${row.version}.tar.gz`,
    source: {
      kind: "maven-tree",
      artifacts: [row.artifact ?? `org.apache.flink:${part}:${row.version}`, ...(row.more ?? [])],
      ...(row.artifact ? {} : { without: FLINK_HAS }),
    },
  };
}

function rowOf(flinkLineOrPatch: string, name: ConnectorName): ConnectorRow | undefined {
  return CONNECTORS[name].rows.find(({ line }) => flinkLineOrPatch === line || flinkLineOrPatch.startsWith(`${line}.`));
}
