export { FlinkCluster } from "./cluster/flink-cluster";
export { type FlinkClusterProps } from "./cluster/flink-cluster-props";
export { type FlinkClusterAttributes, type IFlinkCluster } from "./cluster/i-flink-cluster";
export {
  type DailyWindowOptions,
  DayOfWeek,
  MaintenanceWindow,
  type WeeklyWindowOptions,
} from "./cluster/maintenance-window";
export { Rollout, type RolloutWaitOptions } from "./cluster/rollout";
export { Software, type SoftwareOptions, SoftwareOrigin } from "./cluster/software";
export { RoleRules, type RoleRulesOptions } from "./core/terraform/role-rules";
export { Duration } from "./core/duration";
export { Size } from "./core/size";
export { type CertificateSecret } from "./dataflow/certificate-secret";
export { type KafkaClusterAttributes } from "./dataflow/kafka/existing-kafka-cluster";
export { type IKafkaCluster } from "./dataflow/kafka/i-kafka-cluster";
export { KafkaAuthentication } from "./dataflow/kafka/kafka-authentication";
export { KafkaBrokerType } from "./dataflow/kafka/kafka-broker-type";
export { KafkaCluster } from "./dataflow/kafka/kafka-cluster";
export { type KafkaClusterProps } from "./dataflow/kafka/kafka-cluster-props";
export { type KafkaIamCluster } from "./dataflow/kafka/kafka-iam";
export { KafkaMonitoring } from "./dataflow/kafka/kafka-monitoring";
export { KafkaCleanupPolicy, type KafkaTopicProps } from "./dataflow/kafka/kafka-topic-props";
export { KafkaTopics } from "./dataflow/kafka/kafka-topics";
export { KafkaVersion } from "./dataflow/kafka/kafka-version";
export { type LoginSecret } from "./dataflow/login-secret";
export { type OpenSearchClusterAttributes } from "./dataflow/opensearch/existing-opensearch-cluster";
export { type IOpenSearchCluster } from "./dataflow/opensearch/i-opensearch-cluster";
export { type OpenSearchAddress } from "./dataflow/opensearch/opensearch-address";
export { OpenSearchAuthentication } from "./dataflow/opensearch/opensearch-authentication";
export { OpenSearchCluster } from "./dataflow/opensearch/opensearch-cluster";
export { type OpenSearchClusterProps } from "./dataflow/opensearch/opensearch-cluster-props";
export { type OpenSearchIamDomain } from "./dataflow/opensearch/opensearch-iam";
export { type OpenSearchIndexTemplateProps } from "./dataflow/opensearch/opensearch-index-template";
export { OpenSearchIndices } from "./dataflow/opensearch/opensearch-indices";
export { OpenSearchInstanceType } from "./dataflow/opensearch/opensearch-instance-type";
export { OpenSearchVersion } from "./dataflow/opensearch/opensearch-version";
export { type PostgreSqlClusterAttributes } from "./dataflow/postgresql/existing-postgresql-cluster";
export { type IPostgreSqlCluster } from "./dataflow/postgresql/i-postgresql-cluster";
export { type PostgreSqlAddress } from "./dataflow/postgresql/postgresql-address";
export { PostgreSqlAuthentication } from "./dataflow/postgresql/postgresql-authentication";
export { PostgreSqlCluster } from "./dataflow/postgresql/postgresql-cluster";
export { type PostgreSqlClusterProps } from "./dataflow/postgresql/postgresql-cluster-props";
export { PostgreSqlGrant, type PostgreSqlGrantOptions } from "./dataflow/postgresql/postgresql-grant";
export { PostgreSqlInstanceClass } from "./dataflow/postgresql/postgresql-instance-class";
export { type PostgreSqlSchemaProps } from "./dataflow/postgresql/postgresql-provisioning";
export { PostgreSqlSchema } from "./dataflow/postgresql/postgresql-schema";
export { PostgreSqlUser, type PostgreSqlUserProps } from "./dataflow/postgresql/postgresql-user";
export { PostgreSqlVersion } from "./dataflow/postgresql/postgresql-version";
export { DataBucket, type DataBucketProps } from "./dataflow/s3/data-bucket";
export { type DataBucketAttributes } from "./dataflow/s3/existing-data-bucket";
export { type IDataBucket, S3Prefix } from "./dataflow/s3/s3-prefix";
export { type IDataScope, type IReadScope, type IReadWriteScope, type IWriteScope } from "./dataflow/scope";
export { type IKey, type KeyAttributes } from "./encryption/i-key";
export { Key } from "./encryption/key";
export { type PrivateAuthorities } from "./encryption/private-authorities";
export { type FlinkMetricOptions } from "./metrics/flink-metric-options";
export { FlinkMetricQuery } from "./metrics/flink-metric-query";
export { MetricQuery, type MetricQueryProps } from "./metrics/metric-query";
export { AcrossSeries, OverTime } from "./metrics/metric-reduction";
export { Egress } from "./network/egress/egress";
export { type PeeredEgressOptions } from "./network/egress/peered-egress-options";
export { type PrivateLinkEgressOptions } from "./network/egress/private-link-egress-options";
export { type ProxyEgressOptions } from "./network/egress/proxy-egress-options";
export { FlinkNetwork } from "./network/flink-network";
export { type FlinkNetworkProps } from "./network/flink-network-props";
export { type FlinkNetworkAttributes, type IFlinkNetwork } from "./network/i-flink-network";
export { type IInterfaceEndpoint } from "./network/interface-endpoint";
export { Peer } from "./network/peer";
export { FlinkClusterAlarms } from "./observability/alarms/flink-cluster-alarms";
export { type FlinkClusterAlarmsProps } from "./observability/alarms/flink-cluster-alarms-props";
export {
  FlinkMetricDashboards,
  type FlinkMetricDashboardsProps,
} from "./observability/grafana/flink-metric-dashboards";
export {
  GrafanaDashboard,
  type GrafanaDashboardProps,
  type GrafanaPanelPlace,
} from "./observability/grafana/grafana-dashboard";
export { GrafanaPanel, type GrafanaPanelProps } from "./observability/grafana/grafana-panel";
export { InfluxDbStore, type InfluxDbStoreProps } from "./observability/grafana/influxdb-store";
export { MetricStore } from "./observability/grafana/metric-store";
export { type MetricLimits, MetricThresholds } from "./observability/grafana/metric-thresholds";
export { MetricUnit } from "./observability/grafana/metric-unit";
export { PanelSummary } from "./observability/grafana/panel-summary";
export { PostgreSqlStore, type PostgreSqlStoreProps } from "./observability/grafana/postgresql-store";
export { PrometheusStore } from "./observability/grafana/prometheus-store";
export { StatPanel, type StatPanelProps } from "./observability/grafana/stat-panel";
export { TablePanel, type TablePanelProps } from "./observability/grafana/table-panel";
export { TimeSeriesPanel, type TimeSeriesPanelProps } from "./observability/grafana/time-series-panel";
export { GrafanaDashboards } from "./observability/grafana-deploy/grafana-dashboards";
export { type GrafanaDashboardsProps } from "./observability/grafana-deploy/grafana-dashboards-props";
export { type GrafanaServer } from "./observability/grafana-deploy/grafana-server";
export { type CloudWatchLogOptions } from "./observability/logs/cloudwatch-log-options";
export { LogDestination } from "./observability/logs/log-destination";
export { LogField } from "./observability/logs/log-field";
export { LogIntegration } from "./observability/logs/log-integration";
export { type LogIntegrationProps } from "./observability/logs/log-integration-props";
export { AlertSeverity } from "./observability/metric-alerts/alert-severity";
export { FlinkAlert } from "./observability/metric-alerts/flink-alert";
export { FlinkMetricAlerts } from "./observability/metric-alerts/flink-metric-alerts";
export { type FlinkMetricAlertsProps } from "./observability/metric-alerts/flink-metric-alerts-props";
export { MetricAlert, type MetricAlertProps } from "./observability/metric-alerts/metric-alert";
export {
  type GrafanaRulesProps,
  MetricAlertGroup,
  type MetricAlertGroupProps,
} from "./observability/metric-alerts/metric-alert-group";
export { MetricCondition } from "./observability/metric-alerts/metric-condition";
export { type InfluxDb2Options, type InfluxDbOptions } from "./observability/metrics/influxdb-target";
export { MetricsAuthentication } from "./observability/metrics/metrics-authentication";
export { MetricsDestination } from "./observability/metrics/metrics-destination";
export { MetricsIntegration } from "./observability/metrics/metrics-integration";
export { type MetricsIntegrationProps } from "./observability/metrics/metrics-integration-props";
export { type MetricsServer } from "./observability/metrics/metrics-server";
export { type PostgreSqlMetricsOptions } from "./observability/metrics/postgresql-target";
export {
  type AmazonPrometheusOptions,
  type M3Options,
  type RemoteWriteOptions,
} from "./observability/metrics/remote-write-target";
export { type TokenSecret } from "./observability/metrics/token-secret";
export { DashboardsObject } from "./observability/opensearch-objects/dashboards-object";
export {
  FlinkLogDashboards,
  type FlinkLogDashboardsProps,
} from "./observability/opensearch-objects/flink-log-dashboards";
export { FlinkLogQuery } from "./observability/opensearch-objects/flink-log-query";
export { IndexPattern, type IndexPatternProps } from "./observability/opensearch-objects/index-pattern";
export { LogCountOverTime, type LogCountOverTimeProps } from "./observability/opensearch-objects/log-count-over-time";
export { LogMetric, type LogMetricProps } from "./observability/opensearch-objects/log-metric";
export {
  type ErrorRateMonitorOptions,
  LogMonitor,
  type LogMonitorOptions,
  type RepeatedExceptionMonitorOptions,
  type SilentNodeMonitorOptions,
} from "./observability/opensearch-objects/log-monitor";
export { LogPanel, type LogPanelProps } from "./observability/opensearch-objects/log-panel";
export { LogQuery } from "./observability/opensearch-objects/log-query";
export { LogTable, LogTableColumn, type LogTableProps } from "./observability/opensearch-objects/log-table";
export { type LogTimeRange } from "./observability/opensearch-objects/log-time-range";
export { LogTopTerms, type LogTopTermsProps } from "./observability/opensearch-objects/log-top-terms";
export { LogVisualization } from "./observability/opensearch-objects/log-visualization";
export {
  type DashboardPanel,
  OpenSearchDashboard,
  type OpenSearchDashboardProps,
} from "./observability/opensearch-objects/opensearch-dashboard";
export { SavedObjects } from "./observability/opensearch-objects/saved-objects";
export { SavedSearch, type SavedSearchProps } from "./observability/opensearch-objects/saved-search";
export { FlinkVersion } from "./settings/flink-version";
export { Architecture, InstanceType, type InstanceTypeAttributes } from "./settings/instance-type";
export { LogLevel } from "./settings/log-level";
export {
  type ExponentialDelayOptions,
  type FailureRateOptions,
  type FixedDelayOptions,
  RestartStrategy,
} from "./settings/restart-strategy";
export {
  CheckpointBucket,
  type CheckpointBucketAttributes,
  type CheckpointBucketProps,
  type ICheckpointBucket,
} from "./storage/checkpoint-bucket";
export {
  type EncryptedBucketAttributes,
  type EncryptedBucketProps,
  type IEncryptedBucket,
} from "./storage/encrypted-bucket";
export { RemovalPolicy } from "./storage/removal-policy";
export {
  type ISoftwareBucket,
  SoftwareBucket,
  type SoftwareBucketAttributes,
  type SoftwareBucketProps,
} from "./storage/software-bucket";
