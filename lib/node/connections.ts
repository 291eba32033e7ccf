import type { ConnectionCredential, ConnectionCredentialSpec, FileSpec } from "./desired-state";
import { ConnectionTable, connectionTablesSql } from "./connection-tables";
import {
  CONNECTION_TABLES_FILE,
  connectionAuthoritiesFile,
  connectionFile,
  CONNECTIONS,
  POSTGRESQL_SERVICES,
} from "./paths";
import { FLINK_GROUP } from "./users";

/** What a connection may be called: it is part of names of files. */
export const CONNECTION_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Where programs in Flink's processes find the descriptions of connections. */
export const CONNECTIONS_VARIABLE = "FLINK_CONNECTIONS_DIR";

/** Where PostgreSQL's clients in Flink's processes look for a service that they are told by name. */
export const POSTGRESQL_SERVICES_VARIABLE = "PGSERVICEFILE";

/** A system outside of the cluster that jobs read from or write to. */
export interface ConnectionInput {
  /** As in `CONNECTION_NAME`. */
  readonly name: string;
  /** What tables of it are like. */
  readonly tables: readonly ConnectionTable[];
  /** What jobs are to know of it, as it shall stand in its JSON file: never a secret. */
  readonly description: object;
  /** Absent where the system does not ask who calls, or asks for AWS's own credentials. */
  readonly credential?: ConnectionCredential;
  /** PEM of the authorities that sign its certificates; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
}

/** The descriptions, the authorities beside them and what tables of them are like, for Flink's processes alone. */
export function connectionFiles(connections: readonly ConnectionInput[]): readonly FileSpec[] {
  if (connections.length === 0) return [];
  const files = connections.flatMap(({ name, description, certificateAuthorities }) => [
    fileForFlink(connectionFile(name), `${JSON.stringify(description, undefined, 2)}\n`),
    ...(certificateAuthorities === undefined
      ? []
      : [fileForFlink(connectionAuthoritiesFile(name), certificateAuthorities)]),
  ]);
  return [...files, fileForFlink(CONNECTION_TABLES_FILE, tablesOfConnections(connections))];
}

/** What tables of all connections are like, as statements of Flink SQL. */
export function tablesOfConnections(connections: readonly ConnectionInput[]): string {
  return connectionTablesSql(connections.flatMap(({ tables }) => tables));
}

function fileForFlink(path: string, content: string): FileSpec {
  return { path, owner: "root", group: FLINK_GROUP, mode: "0640", content };
}

export function connectionCredentials(connections: readonly ConnectionInput[]): readonly ConnectionCredentialSpec[] {
  return connections.flatMap(({ name, credential }) => (credential ? [{ name, ...credential }] : []));
}

/** Jobs find the connections by it as they start, so that a change of one needs no new start of Flink. */
export function connectionsEnvironment(): Readonly<Record<string, string>> {
  return { [CONNECTIONS_VARIABLE]: CONNECTIONS, [POSTGRESQL_SERVICES_VARIABLE]: POSTGRESQL_SERVICES };
}
