import type { ConnectorName } from "../core/connector-name";
import { refuse } from "../core/validation";
import { packageVersion } from "./package-part";
import type { PartName, TablePart } from "./software-table";

/** The connectors that this package makes itself; nobody publishes them, and no lock file names them. */
export type PackagedConnector = "opensearch";

/** The connectors that are fetched, and stand in the lock file. */
export type FetchedConnector = Exclude<ConnectorName, PackagedConnector>;

/** One connector of one Flink line; the same files for every origin, architecture and patch of the line. */
interface ConnectorRow {
  readonly line: string;
  /** Of the connector, and after the hyphen the Flink line that it is built for; after a plus that of what else it has. */
  readonly version: string;
  /** Coordinates of its jars, each of which brings what its project file says that it needs. */
  readonly artifacts: readonly string[];
  /** Whether the jars hold all that they need; default: they do not. */
  readonly isWhole?: boolean;
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

/** The connector brings no driver. Those before 42.7.11 let a server keep them busy without end (CVE-2026-42198). */
const POSTGRESQL_DRIVER = "42.7.14";

const FETCHED: Readonly<Record<FetchedConnector, Connector>> = {
  kafka: {
    part: "flink-connector-kafka",
    title: "Kafka",
    rows: [
      kafka({ line: "1.20", version: "3.4.0-1.20", more: JACKSON_OF_KAFKA_3_4 }),
      kafka({ line: "2.2", version: "5.0.0-2.2" }),
    ],
  },
  "msk-iam": {
    part: "aws-msk-iam-auth",
    title: "Amazon MSK's IAM",
    // Of Kafka's clients it uses interfaces alone, which have been the same since 2.2; there is no use for it without them.
    rows: ["1.20", "2.2"].map((line) => ({
      line,
      version: MSK_IAM,
      artifacts: [`software.amazon.msk:aws-msk-iam-auth:${MSK_IAM}:all`],
      isWhole: true,
    })),
  },
  "jdbc-postgresql": {
    part: "flink-connector-jdbc-postgresql",
    title: "PostgreSQL",
    rows: [
      postgreSql({ line: "1.20", version: "3.3.0-1.20", jars: ["flink-connector-jdbc"] }),
      // Built for 2.0, and none is published for a later line.
      ...["2.2", "2.3"].map((line) =>
        postgreSql({
          line,
          version: "4.0.0-2.0",
          jars: ["flink-connector-jdbc-postgres", "flink-connector-jdbc-core"],
        }),
      ),
    ],
  },
};

interface PackagedConnectorEntry {
  readonly part: string;
  /** Its name in a sentence. */
  readonly title: string;
  /** The lines with whose classes it works. */
  readonly lines: readonly string[];
}

const PACKAGED: Readonly<Record<PackagedConnector, PackagedConnectorEntry>> = {
  opensearch: { part: "flink-connector-opensearch", title: "OpenSearch", lines: ["2.2", "2.3"] },
};

/**
 * What flink-dist holds, under the same class names and by patches not older than those that a connector asks for: its own
 * jars above all, of which the PostgreSQL connector would bring older ones; and what is of use to compilers alone.
 */
const FLINK_HAS = [
  "org.apache.flink",
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

const FETCHED_NAMES = Object.keys(FETCHED) as readonly FetchedConnector[];
export const PACKAGED_CONNECTOR_NAMES = Object.keys(PACKAGED) as readonly PackagedConnector[];
export const CONNECTOR_NAMES: readonly ConnectorName[] = [...FETCHED_NAMES, ...PACKAGED_CONNECTOR_NAMES];

/** The connector that a user names. */
export function connectorNamed(text: string): ConnectorName {
  const found = CONNECTOR_NAMES.find((each) => each === text);
  if (found === undefined) {
    refuse({
      property: "--connector",
      value: text,
      allowed: `one of ${CONNECTOR_NAMES.join(", ")}`,
      remedy: "name one of these",
    });
  }
  return found;
}

/** Whether a connector comes with this package. */
export function isPackagedConnector(name: ConnectorName): name is PackagedConnector {
  return name in PACKAGED;
}

/** Whether a connector is fetched, and stands in the lock file. */
export function isFetchedConnector(name: ConnectorName): name is FetchedConnector {
  return name in FETCHED;
}

/** Its name in a sentence. */
export function connectorTitle(name: ConnectorName): string {
  return isPackagedConnector(name) ? PACKAGED[name].title : FETCHED[name].title;
}

/** How the lock file names a connector. */
export function connectorPartName(name: FetchedConnector): PartName {
  return FETCHED[name].part;
}

/** How the bucket names a connector of this package. */
export function packagedPartName(name: PackagedConnector): string {
  return PACKAGED[name].part;
}

/** Those connectors whose parts are among the named ones. */
export function connectorsAmong(partNames: readonly string[]): readonly FetchedConnector[] {
  return FETCHED_NAMES.filter((name) => partNames.includes(connectorPartName(name)));
}

/** The Flink lines, such as `2.2`, for which there is a connector. */
export function connectorLines(name: ConnectorName): readonly string[] {
  return isPackagedConnector(name) ? PACKAGED[name].lines : FETCHED[name].rows.map((row) => row.line);
}

/** The version of a connector for a Flink line (`2.2`) or patch (`2.2.1`); undefined where there is none. */
export function connectorVersion(flinkLineOrPatch: string, name: ConnectorName): string | undefined {
  const line = connectorLines(name).find((each) => isOfLine(flinkLineOrPatch, each));
  if (line === undefined) return undefined;
  return isPackagedConnector(name) ? packageVersion() : rowOf(line, name)?.version;
}

/** Refuses a connector of which there is none for a Flink line (`2.2`) or patch (`2.2.1`). */
export function requireConnectorFor(flinkLineOrPatch: string, name: ConnectorName): void {
  if (connectorLines(name).some((line) => isOfLine(flinkLineOrPatch, line))) return;
  const title = connectorTitle(name);
  const why = isPackagedConnector(name)
    ? `as this version of cdktf-flink brings no ${title} connector for it`
    : `as no ${title} connector for it is published yet`;
  refuse({
    property: "--connector",
    value: name,
    allowed: `left out for Flink ${flinkLineOrPatch}, ${why}`,
    remedy: `name as --flink only lines that have one (${connectorLines(name).join(", ")})`,
  });
}

/** A connector with what it needs at run time, apart from Flink: unshaded jars, in `lib/`. */
export function connectorPart(flinkLineOrPatch: string, name: FetchedConnector): TablePart {
  requireConnectorFor(flinkLineOrPatch, name);
  const { part } = FETCHED[name];
  const { version, artifacts, isWhole } = rowOf(flinkLineOrPatch, name)!;
  return {
    name: part,
    version,
    architecture: "any",
    kind: "tar.gz",
    fileName: `${part}-${version.replace("+", "_")}.tar.gz`,
    source: { kind: "maven-tree", artifacts, ...(isWhole ? {} : { without: FLINK_HAS }) },
  };
}

function rowOf(flinkLineOrPatch: string, name: FetchedConnector): ConnectorRow | undefined {
  return FETCHED[name].rows.find(({ line }) => isOfLine(flinkLineOrPatch, line));
}

function isOfLine(flinkLineOrPatch: string, line: string): boolean {
  return flinkLineOrPatch === line || flinkLineOrPatch.startsWith(`${line}.`);
}

/** `more`: what its project file does not name and its code needs. */
function kafka(row: { line: string; version: string; more?: readonly string[] }): ConnectorRow {
  const { line, version, more = [] } = row;
  return { line, version, artifacts: [`org.apache.flink:flink-connector-kafka:${version}`, ...more] };
}

/** The version tells of the driver too: with another one it is another part. */
function postgreSql(row: { line: string; version: string; jars: readonly string[] }): ConnectorRow {
  const { line, version, jars } = row;
  return {
    line,
    version: `${version}+${POSTGRESQL_DRIVER}`,
    artifacts: [
      ...jars.map((name) => `org.apache.flink:${name}:${version}`),
      `org.postgresql:postgresql:${POSTGRESQL_DRIVER}`,
    ],
  };
}
