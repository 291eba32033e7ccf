/**
 * How a user may use a schema: its tables, in the words of `PostgreSqlGrant`; or, of a schema whose tables a user makes, as
 * that user, and as one whom it lets into its tables itself.
 */
export type TableAccess = "read" | "append" | "upsert" | "upsert-delete" | "make-tables" | "enter";

/** On tables of the administrator: the least that Flink's JDBC connector needs for each. */
export const PRIVILEGES: Readonly<Record<TableAccess, readonly string[]>> = {
  read: ["SELECT"],
  append: ["INSERT"],
  upsert: ["INSERT", "SELECT", "UPDATE"],
  "upsert-delete": ["INSERT", "SELECT", "UPDATE", "DELETE"],
  "make-tables": [],
  enter: [],
};

export interface GrantRequest {
  readonly schema: string;
  /** Absent for all tables of the schema, those too that are made later. */
  readonly tables?: readonly string[];
  readonly access: TableAccess;
}

export interface UserRequest {
  readonly name: string;
  /** Of the secret that takes name and password. */
  readonly secretArn: string;
  readonly grants: readonly GrantRequest[];
}

export interface SchemaRequest {
  readonly name: string;
  /** Each one statement, which changes nothing when it runs again. */
  readonly statements: readonly string[];
  /** The user who makes tables in it, whose they are: then there are no statements of the administrator's. */
  readonly maker?: string;
}

/** What a database is to have, as the deploy tells it to the function that makes it: no secret is in it. */
export interface DatabaseRequest {
  readonly region: string;
  /** Of Secrets Manager, such as `https://secretsmanager.eu-west-1.amazonaws.com`. */
  readonly secretsEndpoint: string;
  readonly host: string;
  readonly port: number;
  readonly databaseName: string;
  /** PEM of those that sign the server's certificate. */
  readonly certificateAuthorities: string;
  readonly administratorSecretArn: string;
  readonly schemas: readonly SchemaRequest[];
  readonly users: readonly UserRequest[];
}
