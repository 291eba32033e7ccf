import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { policyDocument } from "../../core/terraform/policy";
import { IKey } from "../../encryption/i-key";
import { ServiceLogs } from "../service-logs";

/** What a domain tells of itself, in the words of Amazon OpenSearch Service, and what its log group is called. */
const LOG_TYPES = {
  AUDIT_LOGS: "audit",
  ES_APPLICATION_LOGS: "errors",
  INDEX_SLOW_LOGS: "index-slow",
  SEARCH_SLOW_LOGS: "search-slow",
};

export interface DomainLogsProps {
  readonly domainName: string;
  readonly domainArn: string;
  readonly retentionDays: number;
  /** Left out: a key of their own. */
  readonly encryptionKey?: IKey;
}

/** All logs that a domain can write, each in a log group of its own, and the leave to write them. */
export class DomainLogs extends Construct {
  /** The leave: before it, the service takes no log group. */
  public readonly policy: CloudwatchLogResourcePolicy;
  private readonly logs: ServiceLogs;

  public constructor(scope: Construct, id: string, props: DomainLogsProps) {
    super(scope, id);
    const { domainName, domainArn, retentionDays, encryptionKey } = props;
    this.logs = new ServiceLogs(this, "Resource", {
      writer: `the OpenSearch domain ${domainName}`,
      logGroups: Object.fromEntries(
        Object.entries(LOG_TYPES).map(([type, name]) => [type, `/aws/opensearch/${domainName}/${name}`]),
      ),
      retentionDays,
      encryptionKey,
    });
    // Of CloudWatch Logs' policies an account has ten in a region: one for all logs of the domain.
    this.policy = new CloudwatchLogResourcePolicy(this, "Policy", {
      policyName: `opensearch-${domainName}`,
      policyDocument: policyDocument([
        {
          Sid: "WriteLogsOfDomain",
          Effect: "Allow",
          Principal: { Service: "es.amazonaws.com" },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"],
          Resource: Object.keys(LOG_TYPES).map((type) => `${this.logs.arnOf(type)}:*`),
          Condition: {
            StringEquals: { "aws:SourceAccount": AwsAccount.of(this).accountId },
            ArnLike: { "aws:SourceArn": domainArn },
          },
        },
      ]),
    });
  }

  /** As the resource of the domain takes them. */
  public get publishing(): { logType: string; cloudwatchLogGroupArn: string; enabled: boolean }[] {
    return Object.keys(LOG_TYPES).map((logType) => ({
      logType,
      cloudwatchLogGroupArn: this.logs.arnOf(logType),
      enabled: true,
    }));
  }
}
