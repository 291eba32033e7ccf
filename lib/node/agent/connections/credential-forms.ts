import * as path from "path";
import type { ConnectionCredential, ConnectionCredentialSpec } from "../../desired-state";
import { connectionCredentialsFile, connectionKeyStoreFile, POSTGRESQL_SERVICES } from "../../paths";
import { basicLoginProperties } from "./basic-login";
import { renderJavaProperties } from "./java-properties";
import { kafkaKeyStore } from "./kafka-certificate";
import { kafkaScramProperties } from "./kafka-scram";
import { postgreSqlService, postgreSqlServices } from "./postgresql-services";

/** What a client is told of one connection. */
export interface CredentialPart {
  /** Its first line is a comment that names the secret: `#` and its ARN. */
  readonly text: string;
  /** Absent where it does not end by itself. */
  readonly goodUntil?: Date;
}

/** How clients take a credential: as a part of a file, which may hold parts of several connections, one after the other. */
export interface CredentialForm {
  fileName(connection: string): string;
  render(spec: ConnectionCredentialSpec, secret: string): CredentialPart;
  /** The parts of what the file of a connection holds, by connection. */
  partsOf(connection: string, text: string): ReadonlyMap<string, string>;
}

export const CREDENTIAL_FORMS: Readonly<Record<ConnectionCredential["kind"], CredentialForm>> = {
  "kafka-scram": propertiesFile(kafkaScramProperties),
  basic: propertiesFile(basicLoginProperties),
  "kafka-certificate": ownFile(connectionKeyStoreFile, ({ secretArn }, secret) => {
    const { pem, goodUntil } = kafkaKeyStore(secret);
    // What stands before and between the blocks of PEM, Kafka's clients pass over.
    return { text: `#${secretArn}\n${pem}`, goodUntil };
  }),
  postgresql: {
    fileName: () => path.basename(POSTGRESQL_SERVICES),
    render: ({ name, secretArn }, secret) => ({ text: postgreSqlService(name, secretArn, secret) }),
    partsOf: (_, text) => postgreSqlServices(text),
  },
};

/** A file for each connection. */
function ownFile(fileOf: (connection: string) => string, render: CredentialForm["render"]): CredentialForm {
  return {
    fileName: (connection) => path.basename(fileOf(connection)),
    render,
    partsOf: (connection, text) => new Map([[connection, text]]),
  };
}

function propertiesFile(propertiesOf: (secret: string) => Readonly<Record<string, string>>): CredentialForm {
  return ownFile(connectionCredentialsFile, ({ secretArn }, secret) => ({
    text: renderJavaProperties(secretArn, propertiesOf(secret)),
  }));
}
