import * as path from "path";
import type { ConnectionCredential, ConnectionCredentialSpec } from "../../desired-state";
import { connectionCredentialsFile, POSTGRESQL_SERVICES } from "../../paths";
import { basicLoginProperties } from "./basic-login";
import { renderJavaProperties } from "./java-properties";
import { kafkaScramProperties } from "./kafka-scram";
import { postgreSqlService, postgreSqlServices } from "./postgresql-services";

/** How clients take a credential: as a part of a file, which may hold parts of several connections, one after the other. */
export interface CredentialForm {
  fileName(connection: string): string;
  /** The part, whose first line is a comment that names the secret: `#` and its ARN. */
  render(spec: ConnectionCredentialSpec, secret: string): string;
  /** The parts of what the file of a connection holds, by connection. */
  partsOf(connection: string, text: string): ReadonlyMap<string, string>;
}

export const CREDENTIAL_FORMS: Readonly<Record<ConnectionCredential["kind"], CredentialForm>> = {
  "kafka-scram": ownFile(kafkaScramProperties),
  basic: ownFile(basicLoginProperties),
  postgresql: {
    fileName: () => path.basename(POSTGRESQL_SERVICES),
    render: ({ name, secretArn }, secret) => postgreSqlService(name, secretArn, secret),
    partsOf: (_, text) => postgreSqlServices(text),
  },
};

/** A Java properties file for each connection. */
function ownFile(propertiesOf: (secret: string) => Readonly<Record<string, string>>): CredentialForm {
  return {
    fileName: (connection) => path.basename(connectionCredentialsFile(connection)),
    render: ({ secretArn }, secret) => renderJavaProperties(secretArn, propertiesOf(secret)),
    partsOf: (connection, text) => new Map([[connection, text]]),
  };
}
