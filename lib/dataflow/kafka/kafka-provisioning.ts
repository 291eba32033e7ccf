import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { LARGEST_POLICIES_OF_ROLE } from "../../core/terraform/policy-size";
import { refuse } from "../../core/validation";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import type { TopicRequest, TopicsRequest } from "../provisioning/kafka/topics-request";
import { Provisioner } from "../provisioning/provisioner";
import { KafkaIam } from "./kafka-iam";
import { KafkaTopicProps, topicRequest } from "./kafka-topic-props";
import { areAlike } from "./kafka-topics";

export interface KafkaProvisioningProps {
  readonly network: IFlinkNetwork;
  readonly clusterName: string;
  readonly bootstrapServers: string[];
  readonly securityGroupId: string;
  readonly login: KafkaIam;
  readonly logRetentionDays: number;
  readonly logEncryptionKey?: IKey;
}

/** For the ARNs of topics: the rest of the function's policy takes what is left. */
const MOST_CHARACTERS = LARGEST_POLICIES_OF_ROLE - 1_740;
/** Of an ARN at most, with its quotes and comma, beside the names of cluster and topic. */
const ARN_CHARACTERS = 110;

/** Topics of a cluster, which the deploy makes by IAM, as a role that may make and change these and no other. */
export class KafkaProvisioning extends Construct {
  private readonly provisioner: Provisioner;
  private readonly topics: TopicRequest[] = [];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: KafkaProvisioningProps,
  ) {
    super(scope, id);
    this.provisioner = new Provisioner(this, "Provisioner", {
      program: "kafka-provisioner",
      systemName: props.clusterName,
      system: `the Kafka cluster ${props.clusterName}`,
      network: props.network,
      door: { securityGroupId: props.securityGroupId, port: props.login.msk.port },
      logRetentionDays: props.logRetentionDays,
      logEncryptionKey: props.logEncryptionKey,
    });
    this.order();
  }

  public addTopic(name: string, props: KafkaTopicProps): void {
    const request = topicRequest(name, props);
    if (this.topics.some((topic) => topic.name === name)) {
      refuse({
        property: "name",
        value: name,
        allowed: "another one, as there is a topic of this name in the program already",
        remedy: "say all of the topic at one place",
      });
    }
    this.requireNoneAlike(name);
    this.requireRoom(name);
    this.topics.push(request);
    this.order();
  }

  public get report(): string {
    return this.provisioner.report;
  }

  private requireNoneAlike(name: string): void {
    const alike = this.topics.find((topic) => areAlike(topic.name, name));
    if (alike === undefined) return;
    refuse({
      property: "name",
      value: name,
      allowed: `one that differs from ${alike.name} in more than . and _, as Kafka refuses the second of two such topics`,
      remedy: "give one of them another name",
    });
  }

  private requireRoom(name: string): void {
    const names = [...this.topics.map((topic) => topic.name), name];
    const characters = names.reduce((sum, one) => sum + ARN_CHARACTERS + this.props.clusterName.length + one.length, 0);
    if (characters <= MOST_CHARACTERS) return;
    refuse({
      property: "name",
      value: name,
      allowed: `one of fewer topics, or shorter ones, as the names of all ${names.length} do not fit into the policy of the function that makes them`,
      remedy: "make the others yourself (docs/kafka.md)",
    });
  }

  private order(): void {
    const { bootstrapServers, login } = this.props;
    const request: TopicsRequest = {
      region: AwsAccount.of(this).region,
      bootstrapServers: bootstrapServers.join(","),
      topics: this.topics,
    };
    const names = this.topics.map(({ name }) => name);
    this.provisioner.order({ request, allowances: login.allowancesToMake(this, names) });
  }
}
