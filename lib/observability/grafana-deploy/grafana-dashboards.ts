import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { checkInputOf } from "../../core/terraform/refusals";
import type { GrafanaRequest } from "../../dataflow/provisioning/grafana/grafana-request";
import { Provisioner } from "../../dataflow/provisioning/provisioner";
import { requireUniqueName } from "../../dataflow/unique-name";
import { GrafanaDashboardsProps } from "./grafana-dashboards-props";
import { checkGrafanaDashboardsProps, GrafanaDashboardsSettings } from "./grafana-dashboards-settings";

/**
 * Dashboards in a Grafana that exists already, put there by the deploy: a function in the network, which can read the token and
 * reach Grafana's port, makes the folder and saves what is not as the program has it. It never touches a dashboard that
 * it did not make: those that it made carry the tag `deploy:<folderUid>`. Changes by hand last until the next deploy that changes
 * something here; to keep one, save it in Grafana under another name.
 *
 * `new GrafanaDashboards(this, "dashboards", { network, grafana: { host, securityGroupId, token: { secretArn } }, store: new PrometheusStore(), dashboards: new FlinkMetricDashboards().dashboards })`
 */
export class GrafanaDashboards extends Construct {
  /** Id in Grafana of the folder that they lie in. */
  public readonly folderUid: string;
  private readonly provisioner: Provisioner;

  /**
   * @param scope where it belongs: a stack that comes after that of the network, or the same
   * @param id unique in the scope
   * @param props which dashboards, and where they go
   */
  public constructor(scope: Construct, id: string, props: GrafanaDashboardsProps) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkGrafanaDashboardsProps(this, props));
    this.folderUid = settings.folder.uid;
    checkInputOf(this, () =>
      requireUniqueName(this, {
        property: "folderUid",
        name: this.folderUid,
        kind: "GrafanaDashboards",
        nameOf: (other) => (other instanceof GrafanaDashboards ? other.folderUid : undefined),
      }),
    );
    this.provisioner = checkInputOf(this, () => this.createProvisioner(props, settings));
    const { allowances, requirements } = settings.bound;
    this.provisioner.order({ request: this.request(settings), allowances, requirements });
    this.provisioner.callOnDestroy();
  }

  /**
   * What the last deploy that asked for something new made or changed in Grafana, and what was as it should be, as JSON (`made`,
   * `there`), to hand to a `TerraformOutput`.
   * @attribute
   */
  public get provisioningReport(): string {
    return this.provisioner.report;
  }

  private createProvisioner(
    { network, logEncryptionKey }: GrafanaDashboardsProps,
    { bound, logRetentionDays }: GrafanaDashboardsSettings,
  ): Provisioner {
    return new Provisioner(this, "Provisioner", {
      program: "grafana-provisioner",
      systemName: this.folderUid,
      system: `the folder ${this.folderUid} of Grafana`,
      ...{ network, door: bound.door, service: "secretsmanager", logRetentionDays, logEncryptionKey },
    });
  }

  private request({ bound, folder, dashboards, deletesOnDestroy }: GrafanaDashboardsSettings): GrafanaRequest {
    const { region, dnsSuffix } = AwsAccount.of(this);
    return {
      ...{ region, secretsEndpoint: `https://secretsmanager.${region}.${dnsSuffix}` },
      ...bound.address,
      ...{ folder, dashboards, deletesOnDestroy },
    };
  }
}
