import { Construct } from "constructs";
import { checkInputOf } from "../core/terraform/refusals";
import { isToken } from "../core/terraform/text";
import { refuse, requireMap, requireOptions } from "../core/validation";
import { FlinkMetricOptions } from "../metrics/flink-metric-options";
import { FlinkMetric, flinkMetric } from "../metrics/flink-metrics";
import { MetricQuery, MetricQueryProps } from "../metrics/metric-query";
import { IFlinkCluster } from "./i-flink-cluster";

/**
 * What holds for a cluster of our own and for an existing one.
 *
 * @internal
 */
export abstract class FlinkClusterBase extends Construct implements IFlinkCluster {
  public abstract readonly clusterName: string;
  public abstract readonly restAddresses: string[];
  public abstract readonly clientSecurityGroupId: string;
  public abstract readonly jobRoleName: string;
  public abstract readonly checkpointsUri: string;
  public abstract readonly savepointsUri: string;
  public abstract readonly nodeAuthorityArn: string;
  public abstract readonly clientAuthorityArn: string;

  public metric(props: MetricQueryProps): MetricQuery {
    return checkInputOf(this, () => {
      requireOptions("props of MetricQuery", props);
      if (props.where != null) requireMap("where of MetricQuery", props.where);
      return new MetricQuery({ ...props, where: { ...props.where, ...this.itself("metric", props.where) } });
    });
  }

  public metricRunningJobs(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("runningJobs", "metricRunningJobs", options);
  }

  public metricTaskManagers(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("taskManagers", "metricTaskManagers", options);
  }

  public metricTaskSlots(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("taskSlots", "metricTaskSlots", options);
  }

  public metricFreeTaskSlots(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("freeTaskSlots", "metricFreeTaskSlots", options);
  }

  public metricHealthyNodes(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("healthyNodes", "metricHealthyNodes", options);
  }

  public metricRestarts(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("restarts", "metricRestarts", options);
  }

  public metricJobUptime(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("jobUptime", "metricJobUptime", options);
  }

  public metricJobDowntime(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("jobDowntime", "metricJobDowntime", options);
  }

  public metricCompletedCheckpoints(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("completedCheckpoints", "metricCompletedCheckpoints", options);
  }

  public metricFailedCheckpoints(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("failedCheckpoints", "metricFailedCheckpoints", options);
  }

  public metricCheckpointDuration(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("checkpointDuration", "metricCheckpointDuration", options);
  }

  public metricCheckpointSize(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("checkpointSize", "metricCheckpointSize", options);
  }

  public metricRecordsIn(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("recordsIn", "metricRecordsIn", options);
  }

  public metricRecordsOut(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("recordsOut", "metricRecordsOut", options);
  }

  public metricBackPressure(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("backPressure", "metricBackPressure", options);
  }

  public metricBusyTime(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("busyTime", "metricBusyTime", options);
  }

  public metricHeapUsed(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("heapUsed", "metricHeapUsed", options);
  }

  public metricMetaspaceUsed(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("metaspaceUsed", "metricMetaspaceUsed", options);
  }

  public metricGarbageCollection(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("garbageCollection", "metricGarbageCollection", options);
  }

  public metricCpuUsed(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("cpuUsed", "metricCpuUsed", options);
  }

  public metricMemoryAvailable(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("memoryAvailable", "metricMemoryAvailable", options);
  }

  public metricDiskUsed(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("diskUsed", "metricDiskUsed", options);
  }

  public metricCertificateRemaining(options?: FlinkMetricOptions): MetricQuery {
    return this.ready("certificateRemaining", "metricCertificateRemaining", options);
  }

  private ready(name: FlinkMetric, method: string, options?: FlinkMetricOptions): MetricQuery {
    return checkInputOf(this, () =>
      flinkMetric(name, `options of ${method}`, options, this.itself(method, options?.where)),
    );
  }

  /** The label by which its values are known among those of others. */
  private itself(method: string, where: unknown): Record<string, string> {
    if (typeof where === "object" && where !== null && "cluster" in where) {
      refuse({
        property: `where["cluster"] of ${method}`,
        value: where.cluster,
        allowed: "left out, as it is about this cluster alone",
        remedy: "leave it out, or make a MetricQuery",
      });
    }
    if (isToken(this.clusterName)) {
      refuse({
        property: "clusterName",
        value: this.clusterName,
        allowed: "known when the program runs where metrics of it are asked for",
        remedy: "give the name as a text",
      });
    }
    return { cluster: this.clusterName };
  }
}
