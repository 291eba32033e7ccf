import * as path from "path";
import { DataAwsS3Objects } from "@cdktf/provider-aws/lib/data-aws-s3-objects";
import { Annotations, Aspects, DataResource, ITerraformDependable, Lazy } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { SOFTWARE_PREFIX } from "../core/bucket-layout";
import { AwsAccount } from "../core/terraform/aws-account";
import { fromStackFolder, ownCommand } from "../core/terraform/own-command";
import { escapeTerraformText } from "../core/terraform/text";
import { refuse } from "../core/validation";
import { SoftwareItem } from "../node/desired-state";
import { ClusterSoftware as NodeSoftware } from "../node/node-layout";
import { agentPart } from "../software/agent-part";
import type { ConnectorName } from "../core/connector-name";
import { connectorLines, connectorVersion, isFetchedConnector } from "../software/connectors";
import { LOCK_FILE_NAME, readLockFile } from "../software/lock-file";
import { LogShippingSoftware, resolveSoftware, SoftwareQuery } from "../software/resolve";
import { flinkReleases, isInTable } from "../software/software-table";
import { Architecture, FlinkVersion } from "../settings";
import { Software } from "./software";

export interface ClusterSoftwareProps {
  readonly software: Software;
  readonly version: FlinkVersion;
  readonly architecture: Architecture;
  readonly bucket: { readonly bucketName: string };
  /** Told of each thing that has to be done before a node may be told of the software. */
  readonly onDependable: (dependable: ITerraformDependable) => void;
}

/**
 * Brings the software of the lock file and of this package into the bucket, or checks that it is there. Without a lock
 * file there is a warning at synth, and a plan that says which command to run.
 */
export class ClusterSoftware extends Construct {
  private readonly base?: Omit<NodeSoftware, "connectors">;
  private readonly connectors = new Map<ConnectorName, SoftwareItem | undefined>();
  private shipsLogs = false;
  private logShipping?: LogShippingSoftware;
  private shipsMetrics = false;
  private telegraf?: SoftwareItem;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSoftwareProps,
  ) {
    super(scope, id);
    const found = this.resolve({});
    if (!found.items) {
      this.failAtPlan("Missing", found.missing);
      return;
    }
    const { presto, hadoop, nodeJs, java, flink, zooKeeper } = found.items;
    this.base = { agent: agentPart(), nodeJs, java, flink, zooKeeper, plugins: [presto, hadoop] };
    if (props.software.isPublished) this.parts().forEach((part) => this.checkPublished(part));
    else this.publish();
  }

  /** Whether the lock file names all that a cluster needs from the start. */
  public get isThere(): boolean {
    return this.base !== undefined;
  }

  /** Whether the nodes have what ships their logs: not where the lock file lacks it, and the plan fails for that. */
  public get hasLogShipping(): boolean {
    return this.logShipping !== undefined;
  }

  /** The same of what ships their metrics. */
  public get hasMetricsShipping(): boolean {
    return this.telegraf !== undefined;
  }

  /** What the nodes are to have, once all connectors are known. Only where `isThere`. */
  public items(): NodeSoftware {
    const { collector, exporter, libraries = [] } = this.logShipping ?? {};
    return {
      ...this.base!,
      connectors: [...this.connectorItems(), ...libraries],
      ...(collector && exporter ? { logCollector: collector, logExporter: exporter } : {}),
      ...(this.telegraf ? { telegraf: this.telegraf } : {}),
    };
  }

  /** Refuses a connector of which none exists for the cluster's line of Flink. */
  public requireConnector(property: string, value: string, connector: ConnectorName): void {
    const { version } = this.props;
    if (connectorVersion(version.toString(), connector) !== undefined) return;
    refuse({
      property,
      value,
      allowed: `something that Flink ${version} has a connector for, and of ${connector} there is one for Flink ${connectorLines(connector).join(" and ")} alone`,
      remedy: "set version of the cluster to one of these lines, or leave it out",
    });
  }

  /** Adds the jars by which Flink reaches a kind of system. Adding them again changes nothing. */
  public addConnector(connector: ConnectorName): void {
    if (this.connectors.has(connector)) return;
    const found = this.resolve({ connectors: [connector] });
    const item = found.items?.connectors[0];
    this.connectors.set(connector, item);
    if (!this.isThere) return;
    if (!item) this.failAtPlan(`Missing-${connector}`, found.missing!);
    else if (this.props.software.isPublished) this.checkPublished(item);
  }

  /** Adds what the nodes ship their logs with. Adding it again changes nothing. */
  public addLogShipping(): void {
    if (this.shipsLogs) return;
    this.shipsLogs = true;
    const found = this.resolve({ logShipping: true });
    this.logShipping = found.items?.logShipping;
    if (!this.isThere) return;
    if (!this.logShipping) this.failAtPlan("Missing-logs", found.missing!);
    else if (this.props.software.isPublished) this.logShippingItems().forEach((part) => this.checkPublished(part));
  }

  /** Adds what the nodes ship their metrics with. Adding it again changes nothing. */
  public addMetricsShipping(): void {
    if (this.shipsMetrics) return;
    this.shipsMetrics = true;
    const found = this.resolve({ metricsShipping: true });
    this.telegraf = found.items?.metricsShipping;
    if (!this.isThere) return;
    if (!this.telegraf) this.failAtPlan("Missing-metrics", found.missing!);
    else if (this.props.software.isPublished) this.checkPublished(this.telegraf);
  }

  private connectorItems(): SoftwareItem[] {
    return [...this.connectors.values()].filter((item) => item !== undefined);
  }

  private logShippingItems(): SoftwareItem[] {
    if (!this.logShipping) return [];
    const { collector, exporter, libraries } = this.logShipping;
    return [collector, exporter, ...libraries];
  }

  private parts(): SoftwareItem[] {
    const { agent, nodeJs, java, flink, zooKeeper, plugins } = this.base!;
    return [
      ...[agent, nodeJs, java, flink, zooKeeper, ...plugins],
      ...[...this.connectorItems(), ...this.logShippingItems(), ...(this.telegraf ? [this.telegraf] : [])],
    ];
  }

  private resolve(
    more: Pick<SoftwareQuery, "connectors" | "logShipping" | "metricsShipping">,
  ): ReturnType<typeof resolveSoftware> {
    const { software, version, architecture } = this.props;
    return resolveSoftware({
      lock: readLockFile(software.lockFile),
      origin: software.origin,
      flinkVersion: version.toString(),
      architecture,
      ...more,
    });
  }

  private failAtPlan(id: string, missing: string): void {
    // What is asked for later is in the command too.
    const message = (): string => `${missing}${this.remedyOfMissing()}`;
    const warn = (construct: IConstruct): void => {
      if (construct === this) Annotations.of(this).addWarning(message());
    };
    Aspects.of(this).add({ visit: warn });
    const failure = new DataResource(this, id, {});
    failure.addOverride("lifecycle.precondition", [
      {
        // Never true; Terraform refuses to initialize a condition that refers to nothing.
        condition: '${path.module == ""}',
        error_message: Lazy.stringValue({ produce: () => escapeTerraformText(message()) }),
      },
    ]);
  }

  private checkPublished(part: SoftwareItem): void {
    const { bucket, onDependable } = this.props;
    onDependable(
      new DataAwsS3Objects(this, `Published-${part.name}`, {
        bucket: bucket.bucketName,
        prefix: part.key,
        maxKeys: 1,
        lifecycle: {
          postcondition: [
            {
              condition: "${contains(self.keys, self.prefix)}",
              errorMessage: Lazy.stringValue({
                produce: () =>
                  escapeTerraformText(
                    `The bucket holds no ${part.name} ${part.version} (${part.key}): run ` +
                      `\`npx cdktf-flink publish ${this.commandOptions(this.connectorNames())}${this.lockFileOption()} --bucket <bucket>\`.`,
                  ),
              }),
            },
          ],
        },
      }),
    );
  }

  private publish(): void {
    const { bucket, software, onDependable } = this.props;
    const command = (): string =>
      `node "$CLI" publish ${this.publishOptions()} --bucket "$BUCKET" --region "$REGION" --lock-file "$LOCK_FILE"`;
    onDependable(
      new DataResource(this, "Publish", {
        triggersReplace: {
          bucket: bucket.bucketName,
          parts: Lazy.stringValue({
            produce: () =>
              this.parts()
                .map((part) => part.key.slice(SOFTWARE_PREFIX.length))
                .join(" "),
          }),
        },
        provisioners: [
          ownCommand(this, command, {
            LOCK_FILE: escapeTerraformText(fromStackFolder(this, path.resolve(software.lockFile))),
            BUCKET: bucket.bucketName,
            REGION: AwsAccount.of(this).region,
          }),
        ],
      }),
    );
  }

  private remedyOfMissing(): string {
    const { version, software } = this.props;
    if (!isInTable(version.toString())) {
      return (
        `, and this version of cdktf-flink fetches Flink ${flinkReleases().join(", ")} only: ` +
        "set version to one of these lines, such as FlinkVersion.V2_2, or update cdktf-flink"
      );
    }
    const fetched = this.connectorNames().filter(isFetchedConnector);
    const command = `npx cdktf-flink fetch ${this.commandOptions(fetched)}${this.lockFileOption()}`;
    return `: run \`${command}\` and commit ${software.lockFile}`;
  }

  /** What another cluster of the same lock file uses is not for this one to bring. */
  private publishOptions(): string {
    const connectors = this.connectorNames();
    const without = [
      ...(this.shipsLogs ? [] : [" --no-logs"]),
      ...(this.shipsMetrics ? [] : [" --no-metrics"]),
      ...(connectors.length > 0 ? [] : [" --no-connector"]),
    ];
    return `${this.commandOptions(connectors)}${without.join("")}`;
  }

  private connectorNames(): ConnectorName[] {
    return [...this.connectors.keys()];
  }

  private commandOptions(connectors: readonly ConnectorName[]): string {
    const { version, architecture, software } = this.props;
    const named = [
      ...(this.shipsLogs ? [" --logs"] : []),
      ...(this.shipsMetrics ? [" --metrics"] : []),
      ...connectors.map((name) => ` --connector ${name}`),
    ].join("");
    return `--flink ${version} --architecture ${architecture} --origin ${software.origin}${named}`;
  }

  /** Nothing for the lock file that the command takes by itself; quoted for a shell where it has to be. */
  private lockFileOption(): string {
    const { lockFile } = this.props.software;
    if (lockFile === LOCK_FILE_NAME) return "";
    const quoted = /^[A-Za-z0-9_./-]+$/.test(lockFile) ? lockFile : `'${lockFile.replaceAll("'", "'\\''")}'`;
    return ` --lock-file ${quoted}`;
  }
}
