import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { IWriteScope, PostgreSqlCluster, PostgreSqlGrant } from "../../lib";
import { setBy } from "../set-by";
import { choiceSetting, fileSetting, setting } from "../settings";
import { SinkPlace } from "./sink-place";

/** How jobs may write tables, and what that takes of their user. */
const ACCESS = {
  append: (schema: string) => PostgreSqlGrant.append(schema),
  upsert: (schema: string) => PostgreSqlGrant.upsert(schema),
  "upsert-and-delete": (schema: string) => PostgreSqlGrant.upsertAndDelete(schema),
};
type Access = keyof typeof ACCESS;

/** A database with a schema, its tables and a user of jobs, as the settings want them; nothing where there is none. */
export function addTables(scope: Construct, place: SinkPlace): IWriteScope[] {
  const databaseName = setting(scope, "sinkDatabase");
  if (databaseName === undefined) return [];
  const schema = setting(scope, "sinkSchema")!;
  const access = choiceSetting(scope, "sinkTableAccess", Object.keys(ACCESS) as Access[]) ?? "upsert";
  const tables = fileSetting(scope, "sinkTables");
  const database = setBy(
    scope,
    { databaseName: "sinkDatabase" },
    () => new PostgreSqlCluster(scope, "database", { ...place, databaseName }),
  );
  setBy(scope, { name: "sinkSchema", statement: "sinkTables", statements: "sinkTables" }, () =>
    database.addSchema(schema, tables === undefined ? {} : { statements: statementsIn(tables) }),
  );
  new TerraformOutput(scope, "database_host", { value: database.host });
  new TerraformOutput(scope, "database_security_group", { value: database.securityGroupId });
  new TerraformOutput(scope, "database_administrator_secret", { value: database.masterSecretArn });
  const user = database.addUser("flink", { grants: [ACCESS[access](schema)], connectionName: "database" });
  return [user.schema(schema)];
}

/** Each ends with a semicolon at the end of a line, and may have lines of comment before it. */
function statementsIn(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\r?\n|$)/)
    .map((statement) => statement.replace(/^(?:\s*--[^\n]*(?:\n|$))+/, "").trim())
    .filter((statement) => statement !== "");
}
