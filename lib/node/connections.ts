import type { ConnectionCredential, ConnectionCredentialSpec, FileSpec } from "./desired-state";
import { connectionFile, CONNECTIONS } from "./paths";
import { FLINK_GROUP } from "./users";

/** What a connection may be called: it is part of names of files. */
export const CONNECTION_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Where programs in Flink's processes find the descriptions of connections. */
export const CONNECTIONS_VARIABLE = "FLINK_CONNECTIONS_DIR";

/** A system outside of the cluster that jobs read from or write to. */
export interface ConnectionInput {
  /** As in `CONNECTION_NAME`, each once. */
  readonly name: string;
  /** What jobs are to know of it, as it shall stand in its JSON file: never a secret. */
  readonly description: object;
  /** Absent where the system does not ask who calls, or asks for AWS's own credentials. */
  readonly credential?: ConnectionCredential;
}

/** The descriptions, for Flink's processes alone. */
export function connectionFiles(connections: readonly ConnectionInput[]): readonly FileSpec[] {
  return connections.map(({ name, description }) => ({
    path: connectionFile(name),
    owner: "root",
    group: FLINK_GROUP,
    mode: "0640",
    content: `${JSON.stringify(description, undefined, 2)}\n`,
  }));
}

export function connectionCredentials(connections: readonly ConnectionInput[]): readonly ConnectionCredentialSpec[] {
  return connections.flatMap(({ name, credential }) => (credential ? [{ name, ...credential }] : []));
}

/** Jobs find the connections by it as they start, so that a change of one needs no new start of Flink. */
export function connectionsEnvironment(): Readonly<Record<string, string>> {
  return { [CONNECTIONS_VARIABLE]: CONNECTIONS };
}
