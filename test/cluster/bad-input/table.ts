import { ALARMS } from "./alarms";
import { BUCKETS, EXISTING_BUCKETS } from "./buckets";
import { CLUSTERS, EXISTING_CLUSTERS } from "./clusters";
import { CONSTRUCTS } from "./constructs";
import { DATA_FLOW } from "./data-flow";
import { EGRESS } from "./egress";
import { GRAFANA_DEPLOY } from "./grafana-deploy";
import { KAFKA, OWN_KAFKA, PROVISIONED_KAFKA } from "./kafka";
import { LOG_OBJECTS } from "./log-objects";
import { LOGS } from "./logs";
import { METRIC_ALERTS } from "./metric-alerts";
import { METRIC_OBJECTS } from "./metric-objects";
import { METRICS } from "./metrics";
import { NETWORKS } from "./networks";
import { OPENSEARCH, OWN_OPENSEARCH, PROVISIONED_OPENSEARCH } from "./opensearch";
import { OWN_POSTGRESQL, POSTGRESQL, PROVISIONED_POSTGRESQL } from "./postgresql";
import { Row } from "./row";
import { VALUES } from "./value-types";

/** Inputs of systems that jobs read and write, and of the ways to them. */
export const SYSTEMS: readonly Row[] = [
  ...EGRESS,
  ...DATA_FLOW,
  ...KAFKA,
  ...OWN_KAFKA,
  ...PROVISIONED_KAFKA,
  ...POSTGRESQL,
  ...OWN_POSTGRESQL,
  ...PROVISIONED_POSTGRESQL,
  ...OPENSEARCH,
  ...OWN_OPENSEARCH,
  ...PROVISIONED_OPENSEARCH,
];

/** Inputs of clusters and of what they stand on. */
export const CLUSTERS_AND_THEIR_GROUND: readonly Row[] = [
  ...NETWORKS,
  ...BUCKETS,
  ...EXISTING_BUCKETS,
  ...CLUSTERS,
  ...EXISTING_CLUSTERS,
];

/** All others. */
export const OTHERS: readonly Row[] = [
  ...LOG_OBJECTS,
  ...LOGS,
  ...METRICS,
  ...METRIC_OBJECTS,
  ...METRIC_ALERTS,
  ...GRAFANA_DEPLOY,
  ...ALARMS,
  ...VALUES,
  ...CONSTRUCTS,
];

/** Every input of the public API, from one file per system or kind of construct. */
export const TABLE: readonly Row[] = [...SYSTEMS, ...CLUSTERS_AND_THEIR_GROUND, ...OTHERS];
