import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkNetwork,
  LogDestination,
  LogIntegration,
  LogMonitor,
  OpenSearchAuthentication,
} from "cdktf-flink";
import { logDashboards } from "./dashboards";

// npx cdktf-flink fetch --logs, once, and then: npx cdktf deploy storage streaming
const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";
const indexPrefix = "payments";

const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpoints = new CheckpointBucket(storage, "checkpoints");

const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
const network = new FlinkNetwork(streaming, "network");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });

// A domain of Amazon OpenSearch Service that others keep, in this network.
const text = (name: string, description: string): string =>
  new TerraformVariable(streaming, name, { type: "string", description }).stringValue;
new LogIntegration(streaming, "logs", {
  source: flink,
  destination: LogDestination.openSearch({
    host: text("search_host", "endpoint of the domain, such as vpc-search-abc123.eu-west-1.es.amazonaws.com"),
    securityGroupId: text("search_security_group", "security group of its nodes"),
    authentication: OpenSearchAuthentication.iam({ domainArn: text("search_arn", "ARN of the domain") }),
  }),
  indexPrefix,
});

app.synth();

// What Dashboards imports (Management, Saved objects), and the body of POST _plugins/_alerting/monitors.
writeFileSync(join(app.outdir, "log-dashboards.ndjson"), logDashboards(indexPrefix).toNdjson());
const monitor = LogMonitor.errorRate({ indexPrefix, threshold: 20, window: Duration.minutes(10), severity: 1 });
writeFileSync(join(app.outdir, "error-monitor.json"), JSON.stringify(monitor.toRequest(), undefined, 2));
