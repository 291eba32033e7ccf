import { Construct } from "constructs";
import { refuse } from "../core/validation";
import { ScopeRequirement } from "../dataflow/scope";
import { ClusterSoftware } from "./cluster-software";
import { DataFlow, KeptFromJobs } from "./data-flow";
import { LogShipping, LogShippingRequest } from "./log-shipping";
import { MetricsShipping, MetricsShippingRequest } from "./metrics-shipping";
import { ShippingProps } from "./shipping";

export interface ShipmentsProps {
  readonly shipping: ShippingProps;
  readonly dataFlow: DataFlow;
  readonly software: ClusterSoftware;
}

/** What the machines of a cluster tell of themselves and send elsewhere: each once for a cluster, where it is asked for. */
export class Shipments {
  private logsOf?: LogShipping;
  private metricsOf?: MetricsShipping;

  /**
   * @param cluster in which they are made
   * @param props what else of the cluster they need
   */
  public constructor(
    private readonly cluster: Construct,
    private readonly props: ShipmentsProps,
  ) {}

  public get logs(): LogShipping | undefined {
    return this.logsOf;
  }

  public get metrics(): MetricsShipping | undefined {
    return this.metricsOf;
  }

  public shipLogs(request: LogShippingRequest): LogShipping {
    const { shipping, software } = this.props;
    LogShipping.check(request, shipping);
    const { path, sink } = request;
    const words = { what: "logs", moveIt: "set another indexPrefix", moveJobs: "give jobs other indices" };
    const requirements = [...request.requirements, ...this.apart({ ...words, path, sink })];
    software.addLogShipping();
    this.logsOf = new LogShipping(this.cluster, "Logs", { ...shipping, request: { ...request, requirements } });
    return this.logsOf;
  }

  public shipMetrics(request: MetricsShippingRequest): MetricsShipping {
    const { shipping, software } = this.props;
    MetricsShipping.check(request, shipping);
    const { path, schema: sink } = request;
    const words = { what: "metrics", moveIt: "set another schemaName", moveJobs: "give jobs another schema" };
    const requirements = [...request.requirements, ...this.apart({ ...words, path, sink })];
    software.addMetricsShipping();
    this.metricsOf = new MetricsShipping(this.cluster, "Metrics", {
      ...shipping,
      request: { ...request, requirements },
    });
    return this.metricsOf;
  }

  /** Before anything is made or compared for the second one. */
  public refuseSecondWayOf(what: "logs" | "metrics", path: string): void {
    const known = what === "logs" ? this.logs : this.metrics;
    if (!known) return;
    refuse({
      property: "source",
      value: `the construct ${this.cluster.node.path}`,
      allowed: `a cluster whose ${what} go nowhere yet, and ${known.path} has them`,
      remedy: `leave out one of ${known.path} and ${path}`,
    });
  }

  /** Kept from jobs, where they could write there as well. */
  private apart({ sink, ...kept }: Omit<KeptFromJobs, "sink"> & Partial<KeptFromJobs>): readonly ScopeRequirement[] {
    return sink ? this.props.dataFlow.keepFromJobs({ ...kept, sink }) : [];
  }
}
