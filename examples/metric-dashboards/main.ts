import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkNetwork,
  MetricsAuthentication,
  MetricsDestination,
  MetricsIntegration,
  PrometheusStore,
} from "cdktf-flink";
import { metricAlerts } from "./alerts";
import { metricDashboards } from "./dashboards";

// npx cdktf-flink fetch --metrics, once, and then: npx cdktf deploy storage streaming
const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpoints = new CheckpointBucket(storage, "checkpoints");

const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
const network = new FlinkNetwork(streaming, "network");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints, clusterName: "orders" });

// A Prometheus that others keep, in this network.
const text = (name: string, description: string): string =>
  new TerraformVariable(streaming, name, { type: "string", description }).stringValue;
new MetricsIntegration(streaming, "metrics", {
  source: flink,
  destination: MetricsDestination.prometheusRemoteWrite({
    host: text("metrics_host", "name of the Prometheus, such as metrics.example.internal"),
    securityGroupId: text("metrics_security_group", "security group of its machine"),
    authentication: MetricsAuthentication.basic({
      secretArn: text("metrics_secret", "ARN of a secret with username and password"),
    }),
  }),
  interval: Duration.seconds(15),
  // The panel of late orders is about an operator of a job.
  operatorMetrics: true,
});

app.synth();

// What Grafana imports (Dashboards, New, Import), or reads by itself where it is provisioned by files.
const folder = join(app.outdir, "metric-dashboards");
mkdirSync(folder, { recursive: true });
const store = new PrometheusStore();
for (const dashboard of metricDashboards(flink)) {
  writeFileSync(join(folder, `${dashboard.uid}.json`), dashboard.toJson(store));
}
// For rule_files of that Prometheus.
writeFileSync(join(folder, "alerts.yaml"), metricAlerts(flink).toPrometheusRules());
