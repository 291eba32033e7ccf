import { createHash } from "node:crypto";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Op } from "cdktf";
import { Construct } from "constructs";
import { allow, policyDocument } from "../core/terraform/policy";
import { LARGEST_POLICIES_OF_ROLE, policySize } from "../core/terraform/policy-size";
import {
  GrantedScope,
  IDataScope,
  IReadScope,
  IReadWriteScope,
  IWriteScope,
  requireScope,
  ScopeRequirement,
  ScopeUse,
} from "../dataflow/scope";
import { escapeTerraformText, isToken, withReferences } from "../core/terraform/text";
import { refuse } from "../core/validation";
import { Connections } from "./connections";
import { roleArnPrefix } from "./role-parts";
import { stateBucketNames } from "./state-buckets";

export interface DataFlowProps {
  readonly clusterName: string;
  /** Of Flink's processes and so of every job. */
  readonly jobRole: IamRole;
  /** What that role may do besides. */
  readonly jobPolicy: string;
  /** Names of the buckets with the cluster's own state and software. */
  readonly ownBucketNames: readonly string[];
  readonly connections: Connections;
  /** Told of each policy: machines must come after it and go before it. */
  readonly onPolicy: (policy: IamRolePolicy) => void;
}

/** How jobs may use something outside of the cluster. */
type Access = "read" | "write" | "read-write";

/** Where what a cluster tells of itself goes, as far as jobs could write there too. */
export interface KeptFromJobs {
  /** What goes there, such as `logs`. */
  readonly what: string;
  /** The construct that stands for it, for messages. */
  readonly path: string;
  readonly sink: GrantedScope;
  /** How to send it elsewhere, such as `set another indexPrefix`. */
  readonly moveIt: string;
  /** How to send jobs elsewhere, such as `give jobs other indices`. */
  readonly moveJobs: string;
}

interface Grant {
  readonly access: Access;
  readonly of: GrantedScope;
  readonly policy: string;
  readonly resource: IamRolePolicy;
}

/**
 * What jobs of a cluster may read and write outside of it: one policy for each scope, named after it, so that a plan shows
 * what is opened and closed. What is read cannot be written and what is written cannot be read, but by `readWrite`.
 */
export class DataFlow extends Construct {
  private granted: readonly Grant[] = [];
  private readonly kept: KeptFromJobs[] = [];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: DataFlowProps,
  ) {
    super(scope, id);
    // A bucket of another cluster may come after what was granted.
    this.node.addValidation({
      validate: () =>
        this.granted.filter(({ of }) => this.isInStateBucket(of)).map(({ of }) => `${of.scopeName} is ${STATE}`),
    });
  }

  public read(source: IReadScope): void {
    this.grant("read", source, ["_allowancesToRead"]);
  }

  public write(sink: IWriteScope): void {
    this.grant("write", sink, ["_allowancesToWrite"]);
  }

  public readWrite(store: IReadWriteScope): void {
    this.grant("read-write", store, ["_allowancesToRead", "_allowancesToWrite"]);
  }

  /**
   * Keeps from jobs what the cluster's logs or metrics are written to: what both write would spoil each other. What is to be
   * true of names that only Terraform knows is given back.
   */
  public keepFromJobs(kept: KeptFromJobs): ScopeRequirement[] {
    const { what, path, sink, moveIt, moveJobs } = kept;
    const pairs = this.granted.flatMap(({ of }) => sink._sameIf(of).map((pair) => [of, pair] as const));
    const same = pairs.find(([, pair]) => this.isSame(pair));
    if (same) {
      refuse({
        property: "destination",
        value: sink.scopeName,
        allowed: `apart from ${same[0].scopeName}, which jobs of the cluster use`,
        remedy: `${moveIt}, or ${moveJobs}`,
      });
    }
    this.kept.push(kept);
    return this.different(
      pairs.map(([, pair]) => pair),
      `${escapeTerraformText(path)} writes ${what} to ${escapeTerraformText(sink.scopeName)}, which jobs of the cluster use as well: ${moveIt}, or ${moveJobs}.`,
    );
  }

  private grant(access: Access, of: IDataScope, uses: readonly ScopeUse[]): void {
    requireScope(METHODS[access], of, uses);
    if (this.granted.some((one) => one.access === access && one.of.scopeName === of.scopeName)) return;
    this.refuseContradiction(access, of);
    this.refuseState(access, of);
    this.refuseAdministrator(access, of);
    this.refuseKept(access, of);
    this.props.connections.check(METHODS[access], of);
    const joined = this.granted.find((one) => one.access === access && of._joinedWith?.(one.of));
    const whole = (joined && of._joinedWith!(joined.of)) ?? of;
    const policy = policyDocument(uses.flatMap((use) => whole[use]!(this, this.props.clusterName)).map(allow));
    const others = this.granted.filter((one) => one !== joined);
    this.refuseTooMuch(access, of, [...others.map((one) => one.policy), policy]);
    const resource = joined?.resource ?? this.createPolicy(policyName(access, of._policyName ?? of.scopeName));
    const precondition = this.preconditions(access, whole);
    resource.policy = policy;
    resource.lifecycle = precondition.length > 0 ? { precondition } : undefined;
    whole._admit?.(this, {
      name: `${this.props.clusterName}-jobs`,
      roleArn: this.props.jobRole.arn,
      roleArnPrefix: roleArnPrefix(this, this.props.clusterName, "job"),
      isJobs: true,
    });
    this.props.connections.open(of, access === "read-write" ? ["read", "write"] : [access]);
    this.granted = [...others, { access, of: whole, policy, resource }];
  }

  private createPolicy(name: string): IamRolePolicy {
    const policy = new IamRolePolicy(this, name, { role: this.props.jobRole.name, name, policy: "" });
    this.props.onPolicy(policy);
    return policy;
  }

  /** The same refusals, of names that only Terraform knows: they may turn out to be the same. */
  private preconditions(access: Access, of: GrantedScope): ScopeRequirement[] {
    const method = METHODS[access];
    const named = escapeTerraformText(of.scopeName);
    const pairs = of._bucketNames.flatMap((name) => this.props.ownBucketNames.map((own) => [name, own] as const));
    return [
      ...of._requirements(),
      ...this.different(
        pairs,
        `${method} is given ${named}, whose bucket is one in which the cluster keeps its own state: jobs would read or write what decides about their cluster, so use a bucket of its own.`,
      ),
      ...this.different(
        this.granted.filter((one) => one.access !== access).flatMap((one) => of._sameIf(one.of)),
        `${method} is given ${named}, which another of readFrom, writeTo and readWrite has already: use readWrite alone for what jobs are to read and write, or give each a part of its own.`,
      ),
      ...this.different(
        this.administrators(of),
        `${method} is given ${named}, whose administrator is the role of jobs: name another role or user as that one, such as masterUserArn of OpenSearch.`,
      ),
      ...this.kept.flatMap(({ what, sink, moveIt, moveJobs }) =>
        this.different(
          of._sameIf(sink),
          `${method} is given ${named}, to which the ${what} of the cluster are written: ${moveJobs}, or ${moveIt}.`,
        ),
      ),
    ];
  }

  /** That names are not the same, as far as Terraform alone knows it. */
  private different(names: readonly (readonly [string, string])[], errorMessage: string): ScopeRequirement[] {
    return names
      .filter((pair) => pair.some(isToken) && !this.isSame(pair))
      .map(([one, other]) => ({ condition: Op.neq(one, other), errorMessage }));
  }

  private administrators({ _administratorArns: arns = [] }: GrantedScope): (readonly [string, string])[] {
    return arns.map((arn) => [arn, this.props.jobRole.arn] as const);
  }

  /** Nothing would be refused to jobs, and they could let others in. */
  private refuseAdministrator(access: Access, of: GrantedScope): void {
    if (!this.administrators(of).some((pair) => this.isSame(pair))) return;
    refuse({
      property: METHODS[access],
      value: of.scopeName,
      allowed: "of a system that the role of jobs does not administer",
      remedy: "name another role or user as its administrator, such as masterUserArn of OpenSearch",
    });
  }

  private refuseKept(access: Access, of: GrantedScope): void {
    const kept = this.kept.find(({ sink }) => of._sameIf(sink).some((pair) => this.isSame(pair)));
    if (!kept) return;
    const { what, path, sink, moveIt, moveJobs } = kept;
    refuse({
      property: METHODS[access],
      value: of.scopeName,
      allowed: `apart from ${sink.scopeName}, to which ${path} writes the ${what} of the cluster`,
      remedy: `${moveJobs}, or ${moveIt} of the ${what}`,
    });
  }

  private refuseContradiction(access: Access, of: GrantedScope): void {
    const other = this.granted.find(
      (one) => one.access !== access && of._sameIf(one.of).some((pair) => this.isSame(pair)),
    );
    if (!other) return;
    refuse({
      property: METHODS[access],
      value: of.scopeName,
      allowed: `apart from ${other.of.scopeName}, which ${METHODS[other.access]} has already`,
      remedy: "use readWrite alone for what jobs are to read and write, or give each a part of its own",
    });
  }

  /** Each reading of a resource's attribute is another token, and stands for the same. */
  private isSame([one, other]: readonly [string, string]): boolean {
    return (
      one === other || (isToken(one) && isToken(other) && withReferences(this, one) === withReferences(this, other))
    );
  }

  private refuseTooMuch(access: Access, of: GrantedScope, policies: readonly string[]): void {
    const size = [this.props.jobPolicy, ...policies].reduce((sum, document) => sum + policySize(this, document), 0);
    if (size <= LARGEST_POLICIES_OF_ROLE) return;
    refuse({
      property: METHODS[access],
      value: of.scopeName,
      allowed: `within what IAM takes for the jobs' role, which is ${LARGEST_POLICIES_OF_ROLE} characters of policies together and would be ${size}`,
      remedy: "name one folder that holds several, or divide the jobs among clusters",
    });
  }

  /** Who writes software or desired states of a cluster is root on its machines: of this one and of every other. */
  private refuseState(access: Access, of: GrantedScope): void {
    if (!this.isInStateBucket(of)) return;
    refuse({
      property: METHODS[access],
      value: of.scopeName,
      allowed: `outside of clusters' own buckets, and this is ${STATE}`,
      remedy: "create a DataBucket for what jobs read and write",
    });
  }

  private isInStateBucket(of: GrantedScope): boolean {
    const names = [...this.props.ownBucketNames, ...stateBucketNames(this.node.root)];
    return of._bucketNames.some((name) => names.includes(name));
  }
}

const STATE = "in a bucket in which a cluster keeps its state or its software";

const METHODS: Readonly<Record<Access, string>> = { read: "readFrom", write: "writeTo", "read-write": "readWrite" };
/** Longest name that IAM takes for a policy of a role (IAM User Guide, "IAM and AWS STS quotas"). */
const LONGEST_NAME = 128;
const HASH_CHARACTERS = 8;

/** Tells what is granted, and stays while the bucket's construct does; the end makes it unique. */
function policyName(access: Access, scopeName: string): string {
  const hash = createHash("sha256").update(scopeName).digest("hex").slice(0, HASH_CHARACTERS);
  const words = scopeName.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `${access}-${words.slice(-(LONGEST_NAME - access.length - HASH_CHARACTERS - 2))}-${hash}`.replace(/--+/g, "-");
}
