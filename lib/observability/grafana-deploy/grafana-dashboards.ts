import { createHash } from "node:crypto";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameOfPlace } from "../../core/terraform/names";
import { checkInputOf } from "../../core/terraform/refusals";
import { refuse } from "../../core/validation";
import type { GrafanaRequest } from "../../dataflow/provisioning/grafana/grafana-request";
import { Provisioner } from "../../dataflow/provisioning/provisioner";
import { requireUniqueName } from "../../dataflow/unique-name";
import { GrafanaDashboardsProps } from "./grafana-dashboards-props";
import { checkGrafanaDashboardsProps, GrafanaDashboardsSettings, LONGEST_UID } from "./grafana-dashboards-settings";

const HASH_CHARACTERS = 8;

/**
 * Dashboards in a Grafana that exists already, put there by the deploy: a function in the network, which can read the token and
 * reach Grafana's port, makes the folder and saves what is not as the program has it. It never touches a dashboard that
 * it did not make: those that it made carry the tag `deploy:<account>:<region>:<8 characters for its name>`. Changes by hand last until the next deploy that changes
 * something here; to keep one, save it in Grafana under another name.
 *
 * `new GrafanaDashboards(this, "dashboards", { network, grafana: { host, securityGroupId, token: { secretArn } }, store: new PrometheusStore(), dashboards: new FlinkMetricDashboards().dashboards })`
 */
export class GrafanaDashboards extends Construct {
  /** Id in Grafana of the folder that they lie in. */
  public readonly folderUid: string;
  private readonly name: string;
  private readonly uids: readonly string[];
  /** One token is of one organization of one Grafana. */
  private readonly place: string;
  private readonly provisioner: Provisioner;

  /**
   * @param scope where it belongs: a stack that comes after that of the network, or the same
   * @param id unique in the scope
   * @param props which dashboards, and where they go
   */
  public constructor(scope: Construct, id: string, props: GrafanaDashboardsProps) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkGrafanaDashboardsProps(this, props));
    this.name = settings.name;
    this.uids = settings.dashboards.map(({ uid }) => uid);
    this.place = JSON.stringify([settings.bound.address.url, settings.bound.address.tokenSecretArn]);
    const deploy = this.deploy();
    this.folderUid = settings.folderUid ?? this.folderOf(deploy);
    checkInputOf(this, () =>
      requireUniqueName(this, {
        property: "folderUid",
        name: this.name,
        kind: "GrafanaDashboards",
        nameOf: (other) => (other instanceof GrafanaDashboards ? other.name : undefined),
      }),
    );
    checkInputOf(this, () => this.requireOwnUids());
    this.provisioner = checkInputOf(this, () => this.createProvisioner(props, settings));
    const { allowances, requirements } = settings.bound;
    this.provisioner.order({ request: this.request(settings, deploy.join(":")), allowances, requirements });
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

  /** Grafana has one dashboard of a uid, and the deploy touches none that another one made. */
  private requireOwnUids(): void {
    for (const other of this.node.root.node.findAll()) {
      if (!(other instanceof GrafanaDashboards) || other === this || other.place !== this.place) continue;
      const uid = this.uids.find((each) => other.uids.includes(each));
      if (uid === undefined) continue;
      refuse({
        property: "dashboards",
        value: `one of the uid ${uid}`,
        allowed: `each of a uid that no other GrafanaDashboards puts into this Grafana, and ${other.node.path} does`,
        remedy: "name the dashboard in one of the two alone",
      });
    }
  }

  private createProvisioner(
    { network, logEncryptionKey }: GrafanaDashboardsProps,
    { bound, logRetentionDays }: GrafanaDashboardsSettings,
  ): Provisioner {
    return new Provisioner(this, "Provisioner", {
      program: "grafana-provisioner",
      systemName: this.name,
      system: `Grafana (${this.name})`,
      ...{ network, door: bound.door, service: "secretsmanager", logRetentionDays, logEncryptionKey },
    });
  }

  private request(settings: GrafanaDashboardsSettings, deploy: string): GrafanaRequest {
    const { bound, folderTitle: title, dashboards, deletesOnDestroy } = settings;
    const { region, dnsSuffix } = AwsAccount.of(this);
    return {
      ...{ region, secretsEndpoint: `https://secretsmanager.${region}.${dnsSuffix}` },
      ...bound.address,
      ...{ deploy, folder: { uid: this.folderUid, title }, dashboards, deletesOnDestroy },
    };
  }

  /** As AWS takes a name of a function once in an account and region, no other deploy has it. */
  private deploy(): string[] {
    const { accountId, region } = AwsAccount.of(this);
    return [accountId, region, createHash("sha256").update(this.name).digest("hex").slice(0, HASH_CHARACTERS)];
  }

  /** A folder that no other deploy has, wherever its program is deployed. */
  private folderOf(deploy: string[]): string {
    const hash = Fn.substr(Fn.sha256(Fn.join(":", deploy)), 0, HASH_CHARACTERS);
    return `${nameOfPlace(this, LONGEST_UID - HASH_CHARACTERS - 1)}-${new TerraformLocal(this, "Folder", hash).asString}`;
  }
}
