import { TerraformOutput } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { checkInputOf } from "../../core/terraform/refusals";
import { KeptFor, requireSameRetention } from "../same-retention";
import { MetricsIntegrationProps } from "./metrics-integration-props";
import { checkMetricsIntegrationProps } from "./metrics-integration-settings";
import { BoundMetricsTarget } from "./metrics-target";

/**
 * The metrics of a cluster in one destination: of Flink's processes, jobs, tasks and checkpoints, of ZooKeeper, of the
 * machines, and of what their agents know, such as when certificates end and how far a rolling change is. While the
 * destination is away, machines keep as many as `bufferedMetrics` says. A role of its own writes them, which no job can take.
 *
 * `new MetricsIntegration(this, "metrics", { source: flink, destination: MetricsDestination.postgreSqlCluster(database) })`
 */
export class MetricsIntegration extends Construct {
  /**
   * ARN of the IAM role by which machines reach the destination.
   * @attribute
   */
  public readonly roleArn: string;
  /**
   * ARN of the secret with name and password of a user who may read the metrics and nothing else, as Grafana needs it. Where
   * the destination is a database of our own; undefined elsewhere.
   * @attribute
   */
  public readonly readerSecretArn?: string;
  /**
   * Absent where the destination says itself how long it keeps them.
   * @internal
   */
  public readonly _kept?: KeptFor;

  /**
   * @param scope where it belongs: the stack of the cluster
   * @param id unique in the scope
   * @param props whose metrics, and where they go
   */
  public constructor(scope: Construct, id: string, props: MetricsIntegrationProps) {
    super(scope, id);
    const { source, target, shipping } = checkInputOf(this, () => checkMetricsIntegrationProps(this, props));
    const bound = checkInputOf(this, () => target.bind(this));
    const { spec: destination, sink, schema, services, allowances, requirements } = bound;
    const { role, kept } = checkInputOf(this, () => {
      const keptFor = keptRows(bound);
      if (keptFor) requireSameRetention(this, keptFor, keptBy);
      const shipped = source._shipMetrics({
        ...{ path: this.node.path, sink, schema, services, allowances, requirements },
        input: { ...shipping, destination },
      });
      return { role: shipped.role, kept: keptFor };
    });
    this._kept = kept;
    this.roleArn = role.arn;
    this.readerSecretArn = bound.readerSecretArn;
    this.createOutput(source.clusterName, bound);
  }

  /** One output per integration, named after the cluster; no name of a cluster has its `_`. */
  private createOutput(clusterName: string, { spec, readerSecretArn }: BoundMetricsTarget): void {
    const output = new TerraformOutput(this, "Output", {
      description: `Metrics of the Flink cluster ${clusterName}`,
      value: {
        metrics_role_arn: this.roleArn,
        ...(spec.kind === "postgresql"
          ? {
              ...{ host: spec.host, port: spec.port, database: spec.database, schema: spec.schema },
              ...{ retention_days: spec.retentionDays, reader_secret_arn: readerSecretArn },
            }
          : { url: spec.url }),
      },
    });
    output.overrideLogicalId(`${clusterName}_metrics`);
  }
}

function keptRows({ spec }: BoundMetricsTarget): KeptFor | undefined {
  if (spec.kind !== "postgresql") return undefined;
  return {
    place: `${spec.host}:${spec.port}/${spec.database} ${spec.schema}`,
    retentionDays: spec.retentionDays,
    whatIsThere: `metrics lie in the same schema ${spec.schema}`,
    elsewhere: "another schemaName",
  };
}

function keptBy(other: IConstruct): KeptFor | undefined {
  return other instanceof MetricsIntegration ? other._kept : undefined;
}
