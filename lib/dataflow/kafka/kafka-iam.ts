import { createHash } from "node:crypto";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import { localText } from "../../core/terraform/local-text";
import { Allowance } from "../../core/terraform/policy";
import { isTextToken, isToken, withReferences } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import { requirePartitionOfRegion } from "../../encryption/arn-partition";
import { ScopeRequirement } from "../scope";
import { withoutWildcards } from "../terraform-value";
import { KafkaLogin, KafkaUse, namePrefix } from "./kafka-login";

/** Which cluster of Amazon MSK is meant. */
export interface KafkaIamCluster {
  /**
   * ARN of the cluster, such as `arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-cdef-0123-456789abcdef-2`:
   * provisioned or serverless, with IAM as a way to log in.
   */
  readonly clusterArn: string;
}

const OPTIONS: OptionNames<KafkaIamCluster> = { clusterArn: true };
const CLUSTER_ARN = /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9-]{1,64}\/[0-9a-f-]{36}-[a-z0-9]{1,4}$/;
/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
const CLUSTER_ARN_FOR_TERRAFORM = "^arn:[a-z-]+:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9-]+/[a-z0-9-]+$";

/**
 * By the jobs' own role, at Amazon MSK: there is no credential, and IAM decides what jobs may do.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html
 */
export class KafkaIam implements KafkaLogin {
  public readonly title = "IAM";
  public readonly securityProtocol = "SASL_SSL";
  public readonly msk = { port: 9098, attribute: "bootstrap_brokers_sasl_iam", isServerless: true, isOnly: true };
  public readonly connectors: readonly ConnectorName[] = ["msk-iam"];
  public readonly brokerNames: readonly string[];
  private readonly clusterArn: string;

  public constructor(factory: string, cluster: KafkaIamCluster) {
    requireOptionsOf(`the argument of ${factory}`, cluster, OPTIONS);
    this.clusterArn = cluster.clusterArn;
    this.brokerNames = [this.clusterArn];
    if (isTextToken(this.clusterArn)) return;
    const property = `clusterArn of ${factory}`;
    requireText(
      property,
      this.clusterArn,
      CLUSTER_ARN,
      "the ARN of a cluster of Amazon MSK, such as arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-cdef-0123-456789abcdef-2",
    );
    requirePartitionOfRegion(property, this.clusterArn);
  }

  public checkRegion(region: string | undefined, isElsewhere: boolean): void {
    if (isElsewhere || region === undefined || isToken(this.clusterArn) || this.clusterArn.split(":")[3] === region)
      return;
    refuse({
      property: "clusterArn",
      value: this.clusterArn,
      allowed: `a cluster of ${region}, the region of this stack's AWS provider`,
      remedy: "deploy beside the brokers, or give egress in place of securityGroupId, such as Egress.peered",
    });
  }

  public clientProperties(): Readonly<Record<string, string>> {
    return {
      "sasl.mechanism": "AWS_MSK_IAM",
      "sasl.jaas.config": "software.amazon.msk.auth.iam.IAMLoginModule required;",
      "sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
    };
  }

  public requirements(path: string): readonly ScopeRequirement[] {
    const what = "the ARN of a cluster of Amazon MSK";
    return withoutWildcards(path, [{ value: this.clusterArn, pattern: CLUSTER_ARN_FOR_TERRAFORM, what }]);
  }

  public allowances(scope: Construct, { kind, topics, clusterName }: KafkaUse): Allowance[] {
    const named = (type: string, names: readonly string[]) =>
      names.map((name) => `${this.arnsOf(scope, type)}/${name}`);
    const ofJobs = [`${namePrefix(clusterName)}*`];
    const cluster = (actions: string[]): Allowance => ({
      sid: `${kind}Cluster`,
      actions,
      resources: [this.clusterArn],
    });
    if (kind === "Read") {
      return [
        cluster(["kafka-cluster:Connect"]),
        {
          sid: "ReadTopics",
          actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"],
          resources: named("topic", topics),
        },
        // Flink keeps its places itself; it tells Kafka of them for whoever watches.
        {
          sid: "ReadGroups",
          actions: ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"],
          resources: named("group", ofJobs),
        },
      ];
    }
    return [
      cluster(["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"]),
      {
        sid: "WriteTopics",
        actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"],
        resources: named("topic", topics),
      },
      // What is written exactly once is written in transactions.
      {
        sid: "WriteTransactions",
        actions: ["kafka-cluster:DescribeTransactionalId", "kafka-cluster:AlterTransactionalId"],
        resources: named("transactional-id", ofJobs),
      },
    ];
  }

  /** What making topics and changing them needs, and nothing that reads or writes a row. */
  public allowancesToMake(scope: Construct, topics: readonly string[]): Allowance[] {
    const connect = { sid: "Connect", actions: ["kafka-cluster:Connect"], resources: [this.clusterArn] };
    if (topics.length === 0) return [connect];
    return [
      connect,
      {
        sid: "MakeTopics",
        actions: [
          "kafka-cluster:AlterTopic",
          "kafka-cluster:AlterTopicDynamicConfiguration",
          "kafka-cluster:CreateTopic",
          "kafka-cluster:DescribeTopic",
          "kafka-cluster:DescribeTopicDynamicConfiguration",
        ],
        resources: topics.map((name) => `${this.arnsOf(scope, "topic")}/${name}`),
      },
    ];
  }

  /** With what ARNs begin of things of this type in the cluster. */
  private arnsOf(scope: Construct, type: string): string {
    const [from, to] = [":cluster/", `:${type}/`];
    if (!isToken(this.clusterArn)) return this.clusterArn.replace(from, to);
    const reference = withReferences(scope, this.clusterArn);
    const id = `kafka-${type}-${createHash("sha256").update(reference).digest("hex").slice(0, 8)}`;
    return localText(scope, id, Fn.replace(this.clusterArn, from, to));
  }
}
