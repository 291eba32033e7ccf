import { Duration, FlinkCluster, FlinkClusterAlarms, FlinkClusterAlarmsProps } from "../../../lib";
import { CLUSTER_ATTRIBUTES } from "./clusters";
import { BUCKET, CLUSTER, KEYS, NETWORK } from "./made-in-stack";
import { cluster, props, Row } from "./row";
import { TOKENS } from "./values";

const alarms = props<Partial<FlinkClusterAlarmsProps>>("FlinkClusterAlarmsProps", (stack, given) => {
  const whole = "cluster" in given ? given : { cluster: cluster(stack), ...given };
  return new FlinkClusterAlarms(stack, "a", whole as FlinkClusterAlarmsProps);
});

const MINUTES = {
  takes: [Duration.minutes(1), Duration.minutes(60)],
  refuses: [Duration.seconds(59), Duration.seconds(90), Duration.minutes(61), 5, "5 min"],
};
const URL = "https://wiki.example.com";

export const ALARMS: Row[] = [
  alarms("cluster", { takes: [CLUSTER], refuses: [NETWORK, BUCKET, "flink"], required: true }),
  {
    input: "FlinkClusterAlarmsProps.cluster",
    about: "known by its attributes",
    named: "cluster",
    give: (stack, attributes) => {
      const existing = FlinkCluster.fromFlinkClusterAttributes(stack, "existing", attributes);
      return new FlinkClusterAlarms(stack, "a", { cluster: existing as FlinkCluster });
    },
    takes: [],
    refuses: [CLUSTER_ATTRIBUTES],
    own: true,
  },
  alarms("topicArn", {
    takes: ["arn:aws:sns:eu-west-1:123456789012:on-call", TOKENS.text],
    refuses: [
      "on-call",
      "arn:aws:sns:eu-west-1:123456789012:on-call.fifo",
      "arn:aws:sns:eu-west-2:123456789012:on-call",
      "arn:aws-cn:sns:eu-west-1:123456789012:on-call",
      "arn:aws:sqs:eu-west-1:123456789012:on-call",
      "arn:aws:sns:eu-west-1:123456789012:on-call\n",
    ],
  }),
  alarms("encryptionKey", KEYS),
  alarms("runbookUrl", {
    takes: [URL, `${URL}:8443/flink/`, `${URL}/~flink/run_books-1.x`],
    refuses: [
      "http://wiki.example.com",
      `${URL}/?page=`,
      `${URL}/<instance>`,
      `${URL}/"`,
      `${URL}/${"x".repeat(200)}`,
      `${URL}\n`,
    ],
  }),
  alarms("systemStatusCheckAfter", MINUTES),
  alarms("instanceStatusCheckAfter", MINUTES),
  alarms("attachedEbsStatusCheckAfter", MINUTES),
  alarms("stalledVolumeAfter", MINUTES),
  alarms("missingNodeAfter", MINUTES),
];
