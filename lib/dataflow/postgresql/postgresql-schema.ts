import { Construct } from "constructs";
import { Allowance } from "../../core/terraform/policy";
import { IDataScope, IReadWriteScope, ScopeRequirement } from "../scope";
import { GrantedAccess, requireGranted } from "./granted-access";
import type { PostgreSqlConnection } from "./postgresql-connection";
import { requireSchemaName } from "./schema-name";

/** A schema of a database, to hand to `readFrom`, `writeTo` or `readWrite`. `IPostgreSqlCluster.schema` makes one. */
export class PostgreSqlSchema implements IReadWriteScope {
  /** @internal */
  public static _of(
    connection: PostgreSqlConnection,
    names: readonly string[],
    granted?: GrantedAccess,
  ): PostgreSqlSchema {
    for (const name of names) requireSchemaName("name", name);
    return new PostgreSqlSchema(connection, [...new Set(names)].sort(), granted);
  }

  public readonly scopeName: string;
  /** @internal */
  public readonly _policyName: string;
  /** @internal */
  public readonly _bucketNames: readonly string[] = [];

  private constructor(
    /** @internal */
    public readonly _connection: PostgreSqlConnection,
    /** @internal */
    public readonly _parts: readonly string[],
    /** Absent where others made the user, so that only the database knows. */
    private readonly granted?: GrantedAccess,
  ) {
    this._policyName = `postgresql ${_connection.path}`;
    this.scopeName = `${this._policyName} ${_parts.join(" ")}`;
  }

  /** @internal */
  public _sameIf(other: IDataScope): readonly (readonly [string, string])[] {
    if (!(other instanceof PostgreSqlSchema) || !this._parts.some((name) => other._parts.includes(name))) return [];
    return this._connection.sameDatabaseIf(other._connection);
  }

  /** @internal */
  public _joinedWith(other: IDataScope): PostgreSqlSchema | undefined {
    if (!(other instanceof PostgreSqlSchema) || other._connection !== this._connection) return undefined;
    return PostgreSqlSchema._of(this._connection, [...this._parts, ...other._parts], this.granted);
  }

  /** @internal */
  public _requirements(): readonly ScopeRequirement[] {
    return this._connection.requirements();
  }

  /** @internal */
  public _allowancesToRead(scope: Construct): Allowance[] {
    return this.allowances(scope, "Read");
  }

  /** @internal */
  public _allowancesToWrite(scope: Construct): Allowance[] {
    return this.allowances(scope, "Write");
  }

  private allowances(scope: Construct, kind: "Read" | "Write"): Allowance[] {
    const { granted } = this;
    if (granted !== undefined) this._parts.forEach((schema) => requireGranted(kind, schema, granted));
    return this._connection.allowances(scope, kind);
  }
}
