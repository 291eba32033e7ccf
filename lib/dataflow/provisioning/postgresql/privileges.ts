import { escapeIdentifier } from "pg";
import type { ReportLines } from "../function/report";
import type { Database } from "./database";
import { PRIVILEGES, UserRequest } from "./database-request";

/** What somebody may do with something. */
interface Privilege {
  readonly user: string;
  /** Such as `SELECT`. */
  readonly privilege: string;
  readonly kind: "DATABASE" | "SCHEMA" | "TABLE" | "FUTURE TABLES";
  /** Name of the database or the schema, or of a schema and a table in it. */
  readonly object: readonly string[];
}

/**
 * Brings what users may do to what is asked for: gives what is missing and takes what is too much, as the owner gave it. From
 * those that are closed it takes everything.
 */
export async function providePrivileges(
  database: Database,
  databaseName: string,
  users: readonly UserRequest[],
  closed: readonly string[],
  report: ReportLines,
): Promise<void> {
  const wanted = new Map<string, Privilege>();
  for (const user of users) {
    for (const one of await wantedOf(database, databaseName, user)) wanted.set(inWords(one), one);
  }
  const everybody = [...users.map(({ name }) => name), ...closed];
  const given = new Map((await givenTo(database, everybody)).map((one) => [inWords(one), one]));
  for (const [words, one] of wanted) {
    if (given.has(words)) {
      report.there.push(words);
    } else {
      await database.ask(`${words} cannot be given`, statement("GRANT", one));
      report.made.push(words);
    }
  }
  for (const [words, one] of given) {
    if (wanted.has(words)) continue;
    await database.ask(`${words} cannot be taken`, statement("REVOKE", one));
    report.closed.push(words);
  }
}

async function wantedOf(database: Database, databaseName: string, { name, grants }: UserRequest): Promise<Privilege[]> {
  const wanted: Privilege[] = [{ user: name, privilege: "CONNECT", kind: "DATABASE", object: [databaseName] }];
  for (const { schema, tables, access } of grants) {
    wanted.push({ user: name, privilege: "USAGE", kind: "SCHEMA", object: [schema] });
    if (access === "make-tables") {
      wanted.push({ user: name, privilege: "CREATE", kind: "SCHEMA", object: [schema] });
    }
    for (const privilege of PRIVILEGES[access]) {
      for (const table of tables ?? (await tablesOf(database, schema))) {
        wanted.push({ user: name, privilege, kind: "TABLE", object: [schema, table] });
      }
      if (tables === undefined) wanted.push({ user: name, privilege, kind: "FUTURE TABLES", object: [schema] });
    }
  }
  return wanted;
}

/** Those that the administrator may speak for: what an extension or somebody else made is not the deploy's to give. */
async function tablesOf(database: Database, schema: string): Promise<string[]> {
  const tables = await database.ask<{ readonly name: string }>(
    `tables of the schema ${schema} cannot be listed`,
    `SELECT relname::text AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname = $1 AND relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_has_role(relowner, 'USAGE') ORDER BY relname`,
    [schema],
  );
  return tables.map(({ name }) => name);
}

/**
 * What owners gave them for whom the administrator may speak: what somebody else gave, the deploy cannot take, and what one
 * of them gives of tables of its own is for that one to say.
 */
async function givenTo(database: Database, users: readonly string[]): Promise<Privilege[]> {
  return database.ask<Privilege>(
    "what users may do cannot be listed",
    `SELECT rolname::text AS "user", privilege_type AS privilege, kind, object FROM (
       SELECT a.*, datdba AS owner, 'DATABASE' AS kind, ARRAY[datname::text] AS object
       FROM pg_database, aclexplode(datacl) a WHERE datname = current_database()
       UNION ALL
       SELECT a.*, nspowner, 'SCHEMA', ARRAY[nspname::text] FROM pg_namespace, aclexplode(nspacl) a
       UNION ALL
       SELECT a.*, relowner, 'TABLE', ARRAY[nspname::text, relname::text]
       FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace, aclexplode(relacl) a WHERE relkind <> 'S'
       UNION ALL
       SELECT a.*, defaclrole, 'FUTURE TABLES', ARRAY[nspname::text]
       FROM pg_default_acl JOIN pg_namespace n ON n.oid = defaclnamespace, aclexplode(defaclacl) a
       WHERE defaclobjtype = 'r' AND defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)
     ) AS given JOIN pg_roles r ON r.oid = grantee
     WHERE grantor = owner AND pg_has_role(owner, 'USAGE') AND rolname = ANY ($1)
       AND pg_get_userbyid(owner) <> ALL ($1)
     ORDER BY 1, 3, 4, 2`,
    [users],
  );
}

function inWords({ user, privilege, kind, object }: Privilege): string {
  const place =
    kind === "FUTURE TABLES" ? `tables made later in ${object[0]}` : `${kind.toLowerCase()} ${object.join(".")}`;
  return `${privilege} on ${place} for ${user}`;
}

function statement(verb: "GRANT" | "REVOKE", { user, privilege, kind, object }: Privilege): string {
  const place = object.map(escapeIdentifier).join(".");
  const who = `${verb === "GRANT" ? "TO" : "FROM"} ${escapeIdentifier(user)}`;
  return kind === "FUTURE TABLES"
    ? `ALTER DEFAULT PRIVILEGES IN SCHEMA ${place} ${verb} ${privilege} ON TABLES ${who}`
    : `${verb} ${privilege} ON ${kind} ${place} ${who}`;
}
