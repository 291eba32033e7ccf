import { TerraformOutput } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { checkInputOf } from "../../core/terraform/refusals";
import { KeptFor, requireSameRetention } from "../same-retention";
import { LogIntegrationProps } from "./log-integration-props";
import { checkLogIntegrationProps, LogIntegrationSettings } from "./log-integration-settings";
import { BoundLogTarget } from "./log-target";

/**
 * The logs of a cluster, line by line, as documents of one destination: of Flink's processes, ZooKeeper, the node agent, the
 * kernel, its audit and all else that machines write to their journal. Nothing is lost while the destination is away, as far as
 * `bufferSize` reaches, and Flink never waits for it. A role of its own writes them, which no job can take.
 *
 * `new LogIntegration(this, "logs", { source: flink, destination: LogDestination.openSearchCluster(search) })`
 */
export class LogIntegration extends Construct {
  /**
   * ARN of the IAM role that writes the logs: what a role of OpenSearch has to be mapped to, where OpenSearch knows callers by
   * IAM and has fine-grained access control.
   * @attribute
   */
  public readonly roleArn: string;
  /**
   * What an operator who administers OpenSearch has to run, so that fields have their types and indices go after
   * `retentionDays` (docs/logs.md); running it again changes nothing. Undefined where the deploy does it (a domain of our own
   * without `masterUserArn`) and for CloudWatch Logs.
   */
  public readonly setupCommand?: string;
  /**
   * Absent where the destination has no indices.
   * @internal
   */
  public readonly _kept?: KeptFor;

  /**
   * @param scope where it belongs: the stack of the cluster
   * @param id unique in the scope
   * @param props whose logs, and where they go
   */
  public constructor(scope: Construct, id: string, props: LogIntegrationProps) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkLogIntegrationProps(this, props));
    const { source, target, fields, bufferSize } = settings;
    const { clusterName } = source;
    const bound = checkInputOf(this, () => target.bind(this, { clusterName, ...settings }));
    const { spec: destination, sink, services, allowances, requirements } = bound;
    this._kept = keptIndices(settings, bound);
    checkInputOf(this, () => {
      if (this._kept) requireSameRetention(this, this._kept, keptBy);
      bound.prepare?.();
    });
    const { role } = checkInputOf(this, () =>
      source._shipLogs({
        ...{ path: this.node.path, destination, fields, bufferSize },
        ...{ sink, services, allowances, requirements },
      }),
    );
    this.roleArn = role.arn;
    this.setupCommand = bound.setupCommand;
    this.createOutput(settings, bound);
  }

  /** One output per integration, named after the cluster; no name of a cluster has its `_`. */
  private createOutput(
    { source, retentionDays }: LogIntegrationSettings,
    { spec, setupCommand }: BoundLogTarget,
  ): void {
    const output = new TerraformOutput(this, "Output", {
      description: `Logs of the Flink cluster ${source.clusterName}`,
      value: {
        logs_role_arn: this.roleArn,
        ...(spec.kind === "opensearch"
          ? {
              url: spec.url,
              index_prefix: spec.indexPrefix,
              retention_days: retentionDays,
              setup_command: setupCommand,
            }
          : { log_group: spec.logGroupName, region: spec.region }),
      },
    });
    output.overrideLogicalId(`${source.clusterName}_logs`);
  }
}

function keptIndices({ retentionDays }: LogIntegrationSettings, { spec }: BoundLogTarget): KeptFor | undefined {
  if (spec.kind !== "opensearch") return undefined;
  return {
    place: `${spec.url} ${spec.indexPrefix}`,
    retentionDays,
    whatIsThere: `lines lie in the same indices ${spec.indexPrefix}-…`,
    elsewhere: "another indexPrefix",
  };
}

function keptBy(other: IConstruct): KeptFor | undefined {
  return other instanceof LogIntegration ? other._kept : undefined;
}
