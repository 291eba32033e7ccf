import { createHash } from "node:crypto";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Op } from "cdktf";
import { Construct } from "constructs";
import { allow, policyDocument } from "../core/terraform/policy";
import { requireScope } from "../dataflow/require-scope";
import { IDataScope, IReadScope, IReadWriteScope, IWriteScope, ScopeStatement } from "../dataflow/scope";
import { refuse } from "../core/validation";

export interface DataFlowProps {
  /** Of Flink's processes and so of every job. */
  readonly jobRole: IamRole;
  /** Names of the buckets with the cluster's own state and software. */
  readonly ownBucketNames: readonly string[];
}

/** How jobs may use something outside of the cluster. */
type Access = "read" | "write" | "read-write";

/**
 * What jobs of a cluster may read and write outside of it: one policy for each scope, named after it, so that a plan shows
 * what is opened and closed. What is read cannot be written and what is written cannot be read, but by `readWrite`.
 */
export class DataFlow extends Construct {
  private readonly granted: { readonly access: Access; readonly of: IDataScope }[] = [];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: DataFlowProps,
  ) {
    super(scope, id);
  }

  public read(from: IReadScope): void {
    requireScope("readFrom", from, "statementsToRead");
    this.grant("read", from, () => from.statementsToRead(this));
  }

  public write(to: IWriteScope): void {
    requireScope("writeTo", to, "statementsToWrite");
    this.grant("write", to, () => to.statementsToWrite(this));
  }

  public readWrite(both: IReadWriteScope): void {
    requireScope("readWrite", both, "statementsToRead");
    requireScope("readWrite", both, "statementsToWrite");
    this.grant("read-write", both, () => [...both.statementsToRead(this), ...both.statementsToWrite(this)]);
  }

  private grant(access: Access, of: IDataScope, statements: () => ScopeStatement[]): void {
    if (this.granted.some((one) => one.access === access && one.of.scopeName === of.scopeName)) return;
    this.refuseContradiction(access, of);
    this.refuseOwnState(access, of);
    const name = policyName(access, of.scopeName);
    new IamRolePolicy(this, name, {
      role: this.props.jobRole.name,
      name,
      policy: policyDocument(statements().map(allow)),
      lifecycle: {
        // A name that only Terraform knows may turn out to be the same.
        precondition: of.bucketNames.flatMap((bucket) =>
          this.props.ownBucketNames.map((own) => ({
            condition: Op.neq(bucket, own),
            errorMessage: `${METHODS[access]} is given a bucket in which the cluster keeps its own state: jobs would read or write what decides about their cluster, so use a bucket of its own.`,
          })),
        ),
      },
    });
    this.granted.push({ access, of });
  }

  private refuseContradiction(access: Access, of: IDataScope): void {
    const other = this.granted.find((one) => one.access !== access && one.of.overlaps(of));
    if (!other) return;
    refuse({
      property: METHODS[access],
      value: of.scopeName,
      allowed: `apart from ${other.of.scopeName}, which ${METHODS[other.access]} has already`,
      remedy: "use readWrite alone for what jobs are to read and write, or give each a part of its own",
    });
  }

  private refuseOwnState(access: Access, of: IDataScope): void {
    const own = of.bucketNames.find((bucket) => this.props.ownBucketNames.includes(bucket));
    if (own === undefined) return;
    refuse({
      property: METHODS[access],
      value: of.scopeName,
      allowed: "in a bucket other than those in which the cluster keeps its state and its software",
      remedy: "create a DataBucket for what jobs read and write",
    });
  }
}

const METHODS: Readonly<Record<Access, string>> = { read: "readFrom", write: "writeTo", "read-write": "readWrite" };
/** Longest name that IAM takes for a policy of a role (IAM User Guide, "IAM and AWS STS quotas"). */
const LONGEST_NAME = 128;
const HASH_CHARACTERS = 8;

/** Tells what is granted, and stays the same; the end makes it unique where letters were replaced. */
function policyName(access: Access, scopeName: string): string {
  const hash = createHash("sha256").update(scopeName).digest("hex").slice(0, HASH_CHARACTERS);
  const words = scopeName.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `${access}-${words.slice(-(LONGEST_NAME - access.length - HASH_CHARACTERS - 2))}-${hash}`.replace(/--+/g, "-");
}
