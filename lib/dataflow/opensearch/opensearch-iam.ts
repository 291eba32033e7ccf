import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { Allowance } from "../../core/terraform/policy";
import { isTextToken, isToken } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import { requirePartitionOfRegion } from "../../encryption/arn-partition";
import type { OpenSearchLogLogin } from "../../node/logs/log-shipping";
import { ScopeRequirement } from "../scope";
import { withoutWildcards } from "../terraform-value";
import type { OpenSearchLogin } from "./opensearch-login";

/** Which domain of Amazon OpenSearch Service is meant. */
export interface OpenSearchIamDomain {
  /**
   * ARN of the domain, such as `arn:aws:es:eu-west-1:123456789012:domain/search`. Requests are signed for its region; where
   * only Terraform knows it, for that of the AWS provider, so give that of a domain elsewhere (`egress`) as it is.
   */
  readonly domainArn: string;
}

const OPTIONS: OptionNames<OpenSearchIamDomain> = { domainArn: true };
const DOMAIN_ARN = /^arn:aws[a-z-]*:es:[a-z0-9-]+:\d{12}:domain\/[a-z][a-z0-9-]{2,27}$/;
/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
const DOMAIN_ARN_FOR_TERRAFORM = "^arn:[a-z-]+:es:[a-z0-9-]+:[0-9]{12}:domain/[a-z0-9-]+$";

/**
 * By the role of jobs or of logs, at Amazon OpenSearch Service: there is no credential, and IAM decides which indices it
 * may write. The connector, and the exporter of logs, name the index in the path of a request, and nothing else in its body.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 */
export class OpenSearchIam implements OpenSearchLogin {
  public readonly title = "IAM";
  public readonly clusterNames: readonly string[];
  private readonly domainArn: string;

  public constructor(factory: string, domain: OpenSearchIamDomain) {
    requireOptionsOf(`the argument of ${factory}`, domain, OPTIONS);
    this.domainArn = domain.domainArn;
    this.clusterNames = [this.domainArn];
    if (isTextToken(this.domainArn)) return;
    const property = `domainArn of ${factory}`;
    requireText(
      property,
      this.domainArn,
      DOMAIN_ARN,
      "the ARN of a domain of Amazon OpenSearch Service, such as arn:aws:es:eu-west-1:123456789012:domain/search",
    );
    requirePartitionOfRegion(property, this.domainArn);
  }

  public checkRegion(region: string | undefined, isElsewhere: boolean): void {
    if (isElsewhere || region === undefined || isToken(this.domainArn) || this.domainArn.split(":")[3] === region)
      return;
    refuse({
      property: "domainArn",
      value: this.domainArn,
      allowed: `a domain of ${region}, the region of this stack's AWS provider`,
      remedy: "deploy beside the domain, or give egress in place of securityGroupId, such as Egress.peered",
    });
  }

  public describe(scope: Construct): object {
    return { authentication: "iam", region: this.region(scope) };
  }

  public logLogin(scope: Construct): OpenSearchLogLogin {
    return { kind: "iam", region: this.region(scope) };
  }

  public requirements(path: string): readonly ScopeRequirement[] {
    const what = "the ARN of a domain of Amazon OpenSearch Service";
    return withoutWildcards(path, [{ value: this.domainArn, pattern: DOMAIN_ARN_FOR_TERRAFORM, what }]);
  }

  public allowances(_: Construct, indices: readonly string[]): Allowance[] {
    const resources = indices.map((index) => `${this.domainArn}/${index}/_bulk`);
    return [{ sid: "WriteIndices", actions: ["es:ESHttpPost"], resources }];
  }

  private region(scope: Construct): string {
    const region = isToken(this.domainArn) ? AwsAccount.knownRegion(scope) : this.domainArn.split(":")[3];
    return region ?? AwsAccount.of(scope).region;
  }
}
