import { Construct } from "constructs";

/** One permission in the words of IAM, as a scope asks for it. */
export interface ScopeStatement {
  /** Name of the statement, letters and digits, unique in its scope. */
  readonly sid: string;
  /** Such as `s3:GetObject`; none with a wildcard. */
  readonly actions: string[];
  /** ARNs; none that is `*` by itself. */
  readonly resources: string[];
  /**
   * Operator, key and values, such as `{ StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com"] } }`.
   *
   * @default - none
   */
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: string[] } };
}

/** A part of a system outside of a cluster, such as a prefix of a bucket. */
export interface IDataScope {
  /**
   * What it is for people, unique among all scopes, known when the program runs, such as `s3 data/in/`. It
   * names what is granted in the plan.
   */
  readonly scopeName: string;

  /** Names of the buckets that it lies in: in none of them may a cluster keep its own state. */
  readonly bucketNames: string[];

  /**
   * Whether something belongs to both. What a cluster reads and what it writes must not.
   *
   * @param other another scope, of whatever system
   */
  overlaps(other: IDataScope): boolean;
}

/** What jobs of a cluster may be allowed to read. */
export interface IReadScope extends IDataScope {
  /**
   * What reading needs, and nothing that writes.
   *
   * @param scope the construct that grants it
   */
  statementsToRead(scope: Construct): ScopeStatement[];
}

/** What jobs of a cluster may be allowed to write. */
export interface IWriteScope extends IDataScope {
  /**
   * What writing needs; of reading only what the system's own protocol cannot do without.
   *
   * @param scope the construct that grants it
   */
  statementsToWrite(scope: Construct): ScopeStatement[];
}

/** What jobs of a cluster may be allowed to read and write. */
export interface IReadWriteScope extends IReadScope, IWriteScope {}
