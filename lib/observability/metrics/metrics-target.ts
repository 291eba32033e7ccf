import { Construct } from "constructs";
import { ShippingSink } from "../../cluster/shipping";
import { Allowance } from "../../core/terraform/policy";
import { GrantedScope, ScopeRequirement } from "../../dataflow/scope";
import { MetricsDestinationSpec } from "../../node/metrics/metrics-shipping";

/** A destination, as one cluster's metrics reach it. */
export interface BoundMetricsTarget {
  readonly spec: MetricsDestinationSpec;
  /** What is called, where it is no service of AWS; its connection is the way there. */
  readonly sink?: ShippingSink;
  /** What is written there, where jobs could write it as well. */
  readonly schema?: GrantedScope;
  /** Short names of the services of AWS that are called, beside STS. */
  readonly services: readonly string[];
  /** What the role of metrics needs. */
  readonly allowances: (scope: Construct) => Allowance[];
  /** What Terraform must find true of values that it alone knows, before anything is written. */
  readonly requirements: readonly ScopeRequirement[];
  /** ARN of the secret of a user who may read them, where the deploy makes one. */
  readonly readerSecretArn?: string;
}

/** One kind of destination. */
export interface MetricsTarget {
  /** For people, such as `InfluxDB 1`. */
  readonly title: string;
  /** Checks what it was told in the place of `integration`, and makes what it needs. */
  bind(integration: Construct): BoundMetricsTarget;
}

/** Seconds that one request, or opening a connection, may take. */
export const TIMEOUT_SECONDS = 10;
