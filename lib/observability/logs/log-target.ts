import { Construct } from "constructs";
import { Allowance } from "../../core/terraform/policy";
import { GrantedScope, ScopeRequirement } from "../../dataflow/scope";
import { LogDestinationSpec } from "../../node/logs/log-shipping";

/** What a destination is told of the logs that come to it. */
export interface LogTargetInput {
  readonly clusterName: string;
  readonly indexPrefix: string;
  readonly retentionDays: number;
  readonly timeoutSeconds: number;
}

/** A destination, as one cluster's logs reach it. */
export interface BoundLogTarget {
  readonly spec: LogDestinationSpec;
  /** What is written, where it is no service of AWS; its connection is the way there. */
  readonly sink?: GrantedScope;
  /** Short names of the services of AWS that are called, beside STS. */
  readonly services: readonly string[];
  /** What the role of logs needs. */
  readonly allowances: (scope: Construct) => Allowance[];
  /** What an operator has to run before the first line comes; absent where the deploy does all. */
  readonly setupCommand?: string;
  /** Has the deploy make what the destination needs, where it can. */
  readonly prepare?: () => void;
  /** What Terraform must find true of values that it alone knows, before anything is written. */
  readonly requirements: readonly ScopeRequirement[];
}

/** One kind of destination. */
export interface LogTarget {
  /** For people, such as `OpenSearch`. */
  readonly title: string;
  /** Whether it keeps documents in daily indices: props about these are refused elsewhere. */
  readonly hasIndices: boolean;
  /** Checks what it was told in the place of `integration`, and makes below it what it needs. */
  bind(integration: Construct, input: LogTargetInput): BoundLogTarget;
}
