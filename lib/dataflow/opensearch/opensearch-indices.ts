import { Construct } from "constructs";
import { Allowance } from "../../core/terraform/policy";
import { requireKnown } from "../../core/terraform/text";
import { refuse } from "../../core/validation";
import { IDataScope, IWriteScope, ScopeRequirement, ScopeWriter } from "../scope";
import { requireIndexPattern } from "./index-pattern";
import type { OpenSearchConnection } from "./opensearch-connection";
import type { OpenSearchProvisioning } from "./opensearch-provisioning";

/** Indices of a cluster of OpenSearch, to hand to `writeTo`. `IOpenSearchCluster.indices` makes one. */
export class OpenSearchIndices implements IWriteScope {
  /** @internal */
  public static _of(
    connection: OpenSearchConnection,
    names: readonly string[],
    provisioning?: OpenSearchProvisioning,
  ): OpenSearchIndices {
    if (names.length === 0) {
      refuse({
        property: "names",
        value: names,
        allowed: "one index at least",
        remedy: 'name the indices, such as indices("orders-*")',
      });
    }
    for (const name of names) {
      requireKnown("names", name, "it decides what jobs may write");
      requireIndexPattern("names", name, "names of indices, each an argument of its own");
    }
    return new OpenSearchIndices(connection, [...new Set(names)].sort(), provisioning);
  }

  public readonly scopeName: string;
  /** @internal */
  public readonly _policyName: string;
  /** @internal */
  public readonly _bucketNames: readonly string[] = [];
  /** @internal */
  public readonly _administratorArns: readonly string[];

  private constructor(
    /** @internal */
    public readonly _connection: OpenSearchConnection,
    /** @internal */
    public readonly _parts: readonly string[],
    /** Absent where others give roles of OpenSearch. */
    private readonly provisioning?: OpenSearchProvisioning,
  ) {
    this._policyName = `opensearch ${_connection.path}`;
    this._administratorArns = _connection.administratorArns;
    this.scopeName = `${this._policyName} ${_parts.join(" ")}`;
  }

  /** @internal */
  public _sameIf(other: IDataScope): readonly (readonly [string, string])[] {
    if (!(other instanceof OpenSearchIndices)) return [];
    const overlap = this._parts.some((one) => other._parts.some((another) => meet(one, another)));
    return overlap ? this._connection.sameClusterIf(other._connection) : [];
  }

  /** @internal */
  public _joinedWith(other: IDataScope): OpenSearchIndices | undefined {
    if (!(other instanceof OpenSearchIndices) || other._connection !== this._connection) return undefined;
    return OpenSearchIndices._of(this._connection, [...this._parts, ...other._parts], this.provisioning);
  }

  /** @internal */
  public _admit(scope: Construct, writer: ScopeWriter): void {
    this.provisioning?.admit(scope, writer, this._parts);
  }

  /** @internal */
  public _requirements(): readonly ScopeRequirement[] {
    return this._connection.requirements();
  }

  /** @internal */
  public _allowancesToWrite(scope: Construct): Allowance[] {
    return this._connection.allowances(scope, this._parts);
  }
}

/** Whether some index may be meant by both. */
function meet(one: string, another: string): boolean {
  const begins = (pattern: string, name: string) => pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1));
  return one === another || begins(one, another) || begins(another, one);
}
