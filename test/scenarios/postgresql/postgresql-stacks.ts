import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { PostgreSqlAuthentication, PostgreSqlCluster, PostgreSqlClusterAttributes } from "../../../lib";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import type { OthersMachine } from "../others/others-machine";
import { addUserSecrets } from "../others/user-secrets";

export const POSTGRESQL_PORT = 5432;
/** By which clients know the server; its certificate is for it. */
export const POSTGRESQL_HOST = "pg-1.postgresql.example.internal";
export const DATABASE_MACHINE = "database-server";
export const DATABASE_SERVER: OthersMachine = { name: DATABASE_MACHINE, host: POSTGRESQL_HOST };
export const DATABASE = "analytics";
/** What jobs read, and what they write: as other users, and so by connections of their own. */
export const SOURCE = { connection: "orders", schema: "source" } as const;
export const SINK = { connection: "analytics", schema: "analytics" } as const;
/** A schema that the reader may not read, whatever is said to nodes. */
export const OTHER_SCHEMA = "other";
/** Users of PostgreSQL, and the secret of each; with the last one jobs have nothing to do. */
export const SECRETS = {
  reader: "lab/postgresql/reader",
  writer: "lab/postgresql/writer",
  other: "lab/postgresql/other",
} as const;
export const POSTGRESQL_KEY_ALIAS = "alias/lab-postgresql-users";

/** Passwords of PostgreSQL's users, under a key of their own: others keep them, and were there before the cluster. */
export class PostgreSqlUsersStack extends TerraformStack {
  public readonly reader: PostgreSqlAuthentication;
  public readonly writer: PostgreSqlAuthentication;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const names = Object.values(SECRETS);
    const secrets = addUserSecrets(this, { system: "PostgreSQL", keyAlias: POSTGRESQL_KEY_ALIAS, names });
    const [reader, writer] = secrets.map((secret) => PostgreSqlAuthentication.password(secret));
    [this.reader, this.writer] = [reader, writer];
  }
}

/** What a test says of the server. */
export interface PostgreSqlSettings {
  /** PEM of who signed its certificate. */
  readonly authority: string;
  /** What jobs may read. */
  readonly schemas: readonly string[];
}

/**
 * Lets jobs read schemas and write another, of a server that is in no group but one of its own; gives its id. The reader
 * is told who signed the server's certificate; the writer finds it in what the machines' operating system trusts, where
 * it is as well: so both ways are gone.
 */
export function connectToPostgreSql(
  streaming: StreamingStack,
  { reader, writer }: PostgreSqlUsersStack,
  { authority, schemas }: PostgreSqlSettings,
): string {
  const servers = new SecurityGroup(streaming, "database-servers", {
    vpcId: streaming.network.vpcId,
    description: "Servers of PostgreSQL",
    revokeRulesOnDelete: true,
  });
  const databaseAs = (
    id: string,
    more: Pick<PostgreSqlClusterAttributes, "authentication" | "certificateAuthorities">,
  ) =>
    PostgreSqlCluster.fromPostgreSqlClusterAttributes(streaming, id, {
      ...{ host: POSTGRESQL_HOST, port: POSTGRESQL_PORT, databaseName: DATABASE, securityGroupId: servers.id },
      ...more,
    });
  const source = databaseAs(SOURCE.connection, { authentication: reader, certificateAuthorities: authority });
  const sink = databaseAs(SINK.connection, { authentication: writer });
  for (const schema of schemas) streaming.flink.readFrom(source.schema(schema));
  streaming.flink.writeTo(sink.schema(SINK.schema));
  return servers.id;
}
