import { requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInstance, requireOptionsOf, requireText } from "../../core/validation";
import type { GrantRequest, TableAccess } from "../provisioning/postgresql/database-request";
import { requireSchemaName } from "./schema-name";

/** Which tables a grant is about. */
export interface PostgreSqlGrantOptions {
  /**
   * Names of tables of the schema, which must be there: 1 to 63 lower-case letters, digits and `_` each, not beginning with a
   * digit. At least one, at most 100.
   *
   * @default - all tables of the schema that its administrator owns, those too that are made later
   */
  readonly tables?: string[];
}

const OPTIONS: OptionNames<PostgreSqlGrantOptions> = { tables: true };
/** As those of schemas: Flink writes names without quotes. */
const TABLE = /^[a-z_][a-z0-9_]{0,62}$/;
const MOST_TABLES = 100;

/** What a user of a database may do with the tables of a schema. Each gives the least that Flink's JDBC connector needs. */
export class PostgreSqlGrant {
  /**
   * Reading: `SELECT`.
   *
   * @param schema its name, as `addSchema` was given it
   * @param options which tables
   */
  public static read(schema: string, options: PostgreSqlGrantOptions = {}): PostgreSqlGrant {
    return PostgreSqlGrant.of("read", "read", schema, options);
  }

  /**
   * Writing into tables without a primary key, where rows are only added: `INSERT`.
   *
   * @param schema its name, as `addSchema` was given it
   * @param options which tables
   */
  public static append(schema: string, options: PostgreSqlGrantOptions = {}): PostgreSqlGrant {
    return PostgreSqlGrant.of("append", "append", schema, options);
  }

  /**
   * Writing by a primary key, where a row takes the place of one with the same key: `INSERT`, `UPDATE`, and `SELECT`, as the
   * statement reads what it replaces.
   *
   * @param schema its name, as `addSchema` was given it
   * @param options which tables
   */
  public static upsert(schema: string, options: PostgreSqlGrantOptions = {}): PostgreSqlGrant {
    return PostgreSqlGrant.of("upsert", "upsert", schema, options);
  }

  /**
   * Writing by a primary key, where rows may also be taken back: `DELETE` beside what `upsert` gives.
   *
   * @param schema its name, as `addSchema` was given it
   * @param options which tables
   */
  public static upsertAndDelete(schema: string, options: PostgreSqlGrantOptions = {}): PostgreSqlGrant {
    return PostgreSqlGrant.of("upsertAndDelete", "upsert-delete", schema, options);
  }

  /**
   * Making tables in a schema, which are the user's own.
   * @internal
   */
  public static _makeTables(schema: string): PostgreSqlGrant {
    return new PostgreSqlGrant({ access: "make-tables", schema });
  }

  /**
   * Coming into a schema, whose tables somebody else lets the user read.
   * @internal
   */
  public static _enter(schema: string): PostgreSqlGrant {
    return new PostgreSqlGrant({ access: "enter", schema });
  }

  private static of(
    method: string,
    access: TableAccess,
    schema: string,
    options: PostgreSqlGrantOptions,
  ): PostgreSqlGrant {
    const factory = `PostgreSqlGrant.${method}`;
    requireSchemaName(`schema of ${factory}`, schema);
    requireOptionsOf(`options of ${factory}`, options, OPTIONS);
    const { tables } = options;
    if (tables === undefined) return new PostgreSqlGrant({ access, schema });
    requireTables(`tables of ${factory}`, tables);
    return new PostgreSqlGrant({ access, schema, tables: [...new Set(tables)].sort() });
  }

  private constructor(
    /** @internal */
    public readonly _request: GrantRequest,
  ) {}

  /** For people: what it is. */
  public toString(): string {
    const { access, schema, tables } = this._request;
    return `PostgreSqlGrant of ${access} on ${tables?.map((table) => `${schema}.${table}`).join(", ") ?? schema}`;
  }
}

/** Refuses anything but a list of grants. */
export function requireGrants(property: string, grants: unknown): asserts grants is readonly PostgreSqlGrant[] {
  requireKnown(property, grants, "what a user may do is looked at when the program runs");
  const example = 'PostgreSqlGrant.upsert("analytics")';
  if (!Array.isArray(grants) || grants.length === 0) {
    refuse({ property, value: grants, allowed: "a list of at least one PostgreSqlGrant", remedy: `use [${example}]` });
  }
  for (const grant of grants as unknown[]) requireInstance(property, grant, PostgreSqlGrant, example);
}

function requireTables(property: string, tables: unknown): void {
  requireKnown(property, tables, "which tables a user may use is looked at when the program runs");
  if (!Array.isArray(tables) || tables.length === 0 || tables.length > MOST_TABLES) {
    refuse({
      property,
      value: tables,
      allowed: `a list of 1 to ${MOST_TABLES} names`,
      remedy: "leave it out for all tables of the schema",
    });
  }
  for (const table of tables as unknown[]) {
    requireKnown(property, table, "which tables a user may use is looked at when the program runs");
    requireText(
      property,
      table,
      TABLE,
      "names of tables: 1 to 63 lower-case letters, digits and _ each, not beginning with a digit, and without their schema",
    );
  }
}
