import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { CheckpointBucket, Duration, FlinkCluster, FlinkClusterAlarms, FlinkNetwork } from "cdktf-flink";

// npx cdktf-flink fetch, once, and then: npx cdktf deploy storage streaming
const app = new App();
const region = process.env.AWS_REGION ?? "eu-west-1";

const storage = new TerraformStack(app, "storage");
new AwsProvider(storage, "aws", { region });
const checkpoints = new CheckpointBucket(storage, "checkpoints");

const streaming = new TerraformStack(app, "streaming");
new AwsProvider(streaming, "aws", { region });
const network = new FlinkNetwork(streaming, "network");
const flink = new FlinkCluster(streaming, "flink", { network, checkpointBucket: checkpoints });

const alarms = new FlinkClusterAlarms(streaming, "alarms", {
  cluster: flink,
  stalledVolumeAfter: Duration.minutes(3), // sooner than AWS recommends: this team would rather be woken for nothing
});

// Who is on call: AWS sends a mail that has to be confirmed.
const mail = new TerraformVariable(streaming, "on_call", {
  type: "string",
  description: "mail address of who is on call",
});
new SnsTopicSubscription(streaming, "on-call", {
  topicArn: alarms.topicArn,
  protocol: "email",
  endpoint: mail.stringValue,
});

app.synth();
