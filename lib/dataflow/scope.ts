import { Construct } from "constructs";
import { ConnectorName } from "../core/connector-name";
import { Allowance } from "../core/terraform/policy";
import { refuse } from "../core/validation";
import type { Destination, Reach } from "../network/egress/reach";
import type { ConnectionTable } from "../node/connection-tables";
import type { ConnectionCredential } from "../node/desired-state";

/** A part of a system outside of a cluster, such as a prefix of a bucket. What this library makes of it is taken alone. */
export interface IDataScope {
  /**
   * What it is for people, unique among all scopes, known when the program runs, such as `s3 storage/data out/`. It
   * names what is granted in the plan.
   */
  readonly scopeName: string;
}

/** What jobs of a cluster may be allowed to read, such as `bucket.prefix("orders/")` of a `DataBucket`. */
export interface IReadScope extends IDataScope {}

/** What jobs of a cluster may be allowed to write, such as `bucket.prefix("enriched/")` of a `DataBucket`. */
export interface IWriteScope extends IDataScope {}

/** What jobs of a cluster may be allowed to read and write, such as `bucket.prefix("scratch/")` of a `DataBucket`. */
export interface IReadWriteScope extends IReadScope, IWriteScope {}

/** A condition of Terraform, and what is said where it does not hold. */
export interface ScopeRequirement {
  readonly condition: unknown;
  readonly errorMessage: string;
}

/** A system, as Flink reaches it. All scopes of one system share one. */
export interface Connection extends Destination {
  /** Names its files on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter. */
  readonly name: string;
  readonly connectors: readonly ConnectorName[];
  /** Absent where AWS's own endpoints lead to it. */
  readonly reach?: Reach;
  /** Absent where Flink's own credentials of AWS serve. */
  readonly credential?: ConnectionCredential;
  /** PEM of the authorities that sign the system's certificates; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
  /** What a job is told of it: becomes a file of JSON. */
  describe(use: ConnectionUse): object;
  /** Tables of Flink SQL without columns, for those with columns to be like them: of it as a whole, or of its parts. */
  tables(use: ConnectionUse): readonly ConnectionTable[];
}

/** What a cluster uses of a system, by names as the system has them. */
export interface ConnectionUse {
  readonly clusterName: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** Who writes a scope, for a system that knows its writers by their roles of IAM. */
export interface ScopeWriter {
  /** Unique among those who write into a system, such as `orders-jobs`. */
  readonly name: string;
  readonly roleArn: string;
  /** How the part of the role's ARN after `role/` begins, which is known before the role is made. */
  readonly roleArnPrefix: string;
  /** Whether what it writes is as various as what jobs write. */
  readonly isJobs: boolean;
}

/** What every scope of ours says to the cluster that grants it. */
export interface GrantedScope extends IDataScope {
  readonly _connection?: Connection;
  /** Names of its parts in the system that `_connection` leads to. */
  readonly _parts?: readonly string[];
  /** Names of the buckets that it lies in: in none of them may a cluster keep its own state. */
  readonly _bucketNames: readonly string[];
  /**
   * Pairs of names: if one pair is the same, something belongs to both; none where nothing can. What a cluster reads and
   * what it writes must have nothing in common.
   */
  _sameIf(other: IDataScope): readonly (readonly [string, string])[];
  /** Both as one, where one policy is to hold them: then a part more changes that policy, and closes nothing. */
  _joinedWith?(other: IDataScope): GrantedScope | undefined;
  /** ARNs of roles or users that administer the system, as far as they are known: none may be the role of jobs. */
  readonly _administratorArns?: readonly string[];
  /** What its policy is named after, where that is not the whole scope. */
  readonly _policyName?: string;
  /** What Terraform must find true of values that it alone knows. */
  _requirements(): readonly ScopeRequirement[];
  /** Lets somebody in where the system has to be told of it: makes what tells it, in this place. Again, of more, it changes that. */
  _admit?(scope: Construct, writer: ScopeWriter): void;
  /** What reading needs, and nothing that writes. Only scopes that can be read have it. */
  _allowancesToRead?(scope: Construct, clusterName: string): Allowance[];
  /** What writing needs; of reading only what the system's own protocol cannot do without. Only those that can be written. */
  _allowancesToWrite?(scope: Construct, clusterName: string): Allowance[];
}

/** How a scope can be used, by the method that says what it takes. */
export type ScopeUse = "_allowancesToRead" | "_allowancesToWrite";

/** Refuses anything but a scope that can be used so. */
export function requireScope(
  property: string,
  value: unknown,
  uses: readonly ScopeUse[],
): asserts value is GrantedScope {
  const methods = ["_sameIf", "_requirements", ...uses];
  const isScope = methods.every((name) => hasMethod(value, name));
  if (isScope) return;
  const { scopeName } = (value ?? {}) as Partial<IDataScope>;
  if (typeof scopeName === "string" && hasMethod(value, "_allowancesToWrite")) {
    refuse({
      property,
      value: scopeName,
      allowed: "what jobs can read, as no connector reads this",
      remedy: "hand it to writeTo, and let jobs read files in S3, topics of Kafka or schemas of PostgreSQL",
    });
  }
  refuse({
    property,
    value: typeof scopeName === "string" ? scopeName : value,
    allowed: "a part of a source or a sink that can be used so",
    remedy:
      'use for example bucket.prefix("orders/") of a DataBucket, topics("orders") of a Kafka cluster or schema("orders") of PostgreSQL',
  });
}

function hasMethod(value: unknown, name: string): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Readonly<Record<string, unknown>>)[name] === "function"
  );
}
