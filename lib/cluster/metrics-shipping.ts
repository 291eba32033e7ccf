import { Construct } from "constructs";
import { GrantedScope } from "../dataflow/scope";
import { MetricsShippingInput } from "../node/metrics/metrics-shipping";
import { refuseReporterAtOurPorts } from "../settings/reporter-ports";
import { RequestedShippingProps, Shipping, ShippingKind, ShippingProps, ShippingRequest } from "./shipping";

/** What is asked of a cluster by who wants its metrics. */
export interface MetricsShippingRequest extends ShippingRequest {
  /** What nodes are told, but for the role. */
  readonly input: Omit<MetricsShippingInput, "roleArn">;
  /** What is written, where jobs could write it as well. */
  readonly schema?: GrantedScope;
}

export interface RequestedMetricsShippingProps extends RequestedShippingProps {
  readonly request: MetricsShippingRequest;
}

const METRICS: ShippingKind = { kind: "metrics", title: "Metrics", purpose: "Where metrics go" };

/** The way of a cluster's metrics, as far as it is the cluster's. */
export class MetricsShipping extends Shipping {
  /** Refuses what could not work; changes nothing. */
  public static check(request: MetricsShippingRequest, props: ShippingProps): void {
    refuseReporterAtOurPorts(props.flinkConfiguration);
    Shipping.checkReach(request, props, METRICS);
  }

  /** What nodes are told. */
  public readonly input: MetricsShippingInput;

  public constructor(scope: Construct, id: string, props: RequestedMetricsShippingProps) {
    super(scope, id, props, METRICS);
    this.input = { roleArn: this.role.arn, ...props.request.input };
  }
}
