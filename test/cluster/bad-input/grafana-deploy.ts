import { TerraformStack } from "cdktf";
import {
  FlinkMetricDashboards,
  GrafanaDashboards,
  GrafanaDashboardsProps,
  GrafanaServer,
  PrometheusStore,
  RemovalPolicy,
  TokenSecret,
} from "../../../lib";
import { NETWORK_ATTRIBUTES, someNetwork } from "../support";
import { BY_PROXY, EGRESSES } from "./egress";
import { line } from "./lines";
import { BUCKET, KEYS, NETWORK, OWN_NETWORK } from "./made-in-stack";
import { enumeration, isEmptyOptions, props, Row, whole } from "./row";
import { GROUP_IDS, HOSTS, KEY_ARNS, PEMS, RETENTIONS, SECRET_ARNS } from "./shared-values";
import { SECRET_ARN } from "./systems";
import { COMMON } from "./values";

const GRAFANA: GrafanaServer = {
  ...{ host: "grafana.example.internal", securityGroupId: "sg-01234567", token: { secretArn: SECRET_ARN } },
};
const { overview, jobs } = new FlinkMetricDashboards();
const LEAST = { grafana: GRAFANA, store: new PrometheusStore(), dashboards: [overview] };

export const newGrafanaDashboards = (stack: TerraformStack, id: string, given: Partial<GrafanaDashboardsProps> = {}) =>
  new GrafanaDashboards(stack, id, {
    ...LEAST,
    ...("network" in given ? {} : { network: someNetwork(stack) }),
    ...given,
  } as GrafanaDashboardsProps);

const dashboards = props<Partial<GrafanaDashboardsProps>>("GrafanaDashboardsProps", (stack, given) =>
  newGrafanaDashboards(stack, "d", given),
);
const server = props<GrafanaServer>("GrafanaServer", (stack, given) =>
  newGrafanaDashboards(stack, "d", { grafana: { ...GRAFANA, ...given } }),
);
const token = props<TokenSecret>(
  "TokenSecret",
  (stack, given) => newGrafanaDashboards(stack, "d", { grafana: { ...GRAFANA, token: given } }),
  "token",
);

const UIDS = {
  takes: ["x", "null", "__proto__", "Team_A-1", "x".repeat(40)],
  refuses: ["a b", "a.b", "a/b", "x".repeat(41), "x\n"],
};
const NO_OPTIONS = COMMON.filter((value) => !isEmptyOptions(value));

export const GRAFANA_DEPLOY: Row[] = [
  dashboards("network", { takes: [NETWORK, OWN_NETWORK], refuses: [BUCKET, NETWORK_ATTRIBUTES], required: true }),
  dashboards("grafana", { isMap: true, takes: [GRAFANA], refuses: NO_OPTIONS, own: true }),
  dashboards("store", {
    takes: [LEAST.store],
    refuses: ["prometheus", overview],
    required: true,
  }),
  dashboards("dashboards", {
    takes: [[overview], [overview, jobs]],
    refuses: [overview, [overview, "jobs"], [overview, overview]],
    required: true,
  }),
  dashboards("dataSourceUid", UIDS),
  dashboards("folderUid", { takes: [...UIDS.takes, "General"], refuses: [...UIDS.refuses, "general"] }),
  dashboards("folderTitle", line(100)),
  dashboards("removalPolicy", enumeration(RemovalPolicy)),
  dashboards("logRetention", RETENTIONS),
  dashboards("logEncryptionKey", KEYS),
  server("host", HOSTS),
  server("port", whole(1, 65_535)),
  server("securityGroupId", GROUP_IDS),
  {
    input: "GrafanaServer.egress",
    ...EGRESSES,
    takes: [...EGRESSES.takes, BY_PROXY],
    give: (stack, egress) =>
      newGrafanaDashboards(stack, "d", { grafana: { ...GRAFANA, securityGroupId: undefined, egress } }),
  },
  {
    ...server("token", { isMap: true, takes: [GRAFANA.token], refuses: NO_OPTIONS, own: true }),
    named: "the argument of token",
  },
  server("certificateAuthorities", PEMS),
  { ...token("secretArn", SECRET_ARNS), about: "of Grafana" },
  { ...token("encryptionKeyArn", KEY_ARNS, { secretArn: SECRET_ARN }), about: "of Grafana" },
];
