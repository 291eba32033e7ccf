import { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { requireLine } from "../../core/require-line";
import { nameOfPlace } from "../../core/terraform/names";
import { requireConstruct } from "../../core/terraform/refusals";
import { requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import type { DashboardRequest } from "../../dataflow/provisioning/grafana/grafana-request";
import { requireKey } from "../../encryption/key-checks";
import { requireRetentionDays } from "../../network/log-retention";
import { requireRegionOfNetwork } from "../../network/region-of-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { requireRemovalPolicy } from "../../storage/storage-checks";
import { GrafanaDashboard } from "../grafana/grafana-dashboard";
import { requireMetricStore } from "../grafana/metric-store";
import { GrafanaDashboardsProps } from "./grafana-dashboards-props";
import { BoundGrafana, boundGrafana } from "./grafana-server";

const PROPS: OptionNames<GrafanaDashboardsProps> = {
  network: true,
  grafana: true,
  store: true,
  dashboards: true,
  dataSourceUid: true,
  folderUid: true,
  folderTitle: true,
  removalPolicy: true,
  logRetention: true,
  logEncryptionKey: true,
};
/** Of a folder, in Grafana. */
export const LONGEST_UID = 40;
/** What Grafana's API calls the place of dashboards and folders that are in none. */
const TOP = "general";
const UID = /^[A-Za-z0-9_-]{1,40}$/;
const ALLOWED_UID = `1 to ${LONGEST_UID} letters, digits, - and _`;
/**
 * AWS Lambda takes 6 MB for a call (Lambda quotas, "Invocation payload"), and of a change Terraform hands over what was before,
 * too, each as a text within JSON.
 */
const MOST_CHARACTERS = 2_000_000;

/** What is put into a Grafana, checked and with its defaults. */
export interface GrafanaDashboardsSettings {
  readonly bound: BoundGrafana;
  /** Of the deploy's function and of what belongs to it: unique in an account and region. */
  readonly name: string;
  /** Absent: made of what Terraform alone knows. */
  readonly folderUid?: string;
  readonly folderTitle: string;
  readonly dashboards: readonly DashboardRequest[];
  readonly deletesOnDestroy: boolean;
  readonly logRetentionDays: number;
}

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkGrafanaDashboardsProps(
  scope: Construct,
  props: GrafanaDashboardsProps,
): GrafanaDashboardsSettings {
  requireOptionsOf("props", props, PROPS, EXAMPLE);
  const { network, store, dataSourceUid, folderTitle = "Flink", logRetention = Duration.days(365) } = props;
  requireConstruct(
    "network",
    network,
    ["vpcId", "subnetIds", "privateZoneId", "domainName"],
    "a FlinkNetwork, or FlinkNetwork.fromFlinkNetworkAttributes()",
  );
  requireRegionOfNetwork("network", network, scope);
  const bound = boundGrafana(scope, props.grafana);
  requireMetricStore("store", store);
  requireDashboards(props.dashboards);
  if (dataSourceUid !== undefined) requireUid("dataSourceUid", dataSourceUid);
  const folderUid = props.folderUid ?? undefined;
  if (folderUid !== undefined) requireFolder(folderUid);
  requireLine("folderTitle", folderTitle, 100);
  const { removalPolicy = RemovalPolicy.RETAIN, logEncryptionKey } = props;
  requireRemovalPolicy("removalPolicy", removalPolicy);
  if (logEncryptionKey !== undefined) requireKey("logEncryptionKey", logEncryptionKey);
  const dashboards = props.dashboards.map((one) => one._dashboard(store, dataSourceUid));
  requireRoom(dashboards);
  return {
    ...{ bound, dashboards, folderUid, folderTitle },
    name: folderUid ?? nameOfPlace(scope, LONGEST_UID),
    deletesOnDestroy: removalPolicy === RemovalPolicy.DESTROY,
    logRetentionDays: requireRetentionDays("logRetention", logRetention),
  };
}

const EXAMPLE =
  "{ network, grafana: { … }, store: new PrometheusStore(), dashboards: new FlinkMetricDashboards().dashboards }";

function requireUid(property: string, uid: unknown): void {
  requireKnown(property, uid, "it stands in what Grafana is told");
  requireText(property, uid, UID, ALLOWED_UID);
}

function requireFolder(uid: unknown): void {
  requireUid("folderUid", uid);
  if (uid !== TOP) return;
  refuse({
    property: "folderUid",
    value: uid,
    allowed: "that of a folder, and this one is the top of Grafana, where everybody's folders lie",
    remedy: "leave it out, or set it to another",
  });
}

function requireDashboards(dashboards: unknown): asserts dashboards is GrafanaDashboard[] {
  const isList = Array.isArray(dashboards) && dashboards.length > 0;
  if (!isList || !dashboards.every((one) => one instanceof GrafanaDashboard)) {
    refuse({
      property: "dashboards",
      value: dashboards,
      allowed: "a list of at least one GrafanaDashboard",
      remedy: "use for example new FlinkMetricDashboards().dashboards",
    });
  }
  const uids = dashboards.map(({ uid }) => uid);
  const twin = uids.find((uid, at) => uids.indexOf(uid) !== at);
  if (twin === undefined) return;
  refuse({
    property: "dashboards",
    value: `two of the uid ${twin}`,
    allowed: "each of a uid of its own",
    remedy: "name each dashboard once, and give each of yours another uid",
  });
}

function requireRoom(dashboards: readonly DashboardRequest[]): void {
  const { length } = JSON.stringify(dashboards);
  if (length <= MOST_CHARACTERS) return;
  refuse({
    property: "dashboards",
    value: `${length} characters of JSON`,
    allowed: `at most ${MOST_CHARACTERS} characters together, as AWS Lambda takes no larger call`,
    remedy: "divide them among several GrafanaDashboards",
  });
}
