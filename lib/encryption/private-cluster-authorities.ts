import { DataAwsAcmpcaCertificateAuthority } from "@cdktf/provider-aws/lib/data-aws-acmpca-certificate-authority";
import { Fn, Op } from "cdktf";
import { Construct } from "constructs";
import { Duration } from "../core/duration";
import { CLOCK_SKEW_MILLIS } from "../core/x509/validity";
import { templateArn, type PrivateCaTemplate } from "../core/private-ca/private-ca-arn";
import { AwsAccount } from "../core/terraform/aws-account";
import type { PolicyStatement } from "../core/terraform/policy";
import type { IClusterAuthorities } from "./cluster-authorities";
import type { PrivateAuthorities } from "./private-authorities";

export interface PrivateClusterAuthoritiesProps {
  readonly authorities: PrivateAuthorities;
  readonly certificateValidity: Duration;
}

/** The service lets certificates of such an authority live no longer, from when they begin to be good. */
const SHORT_LIVED_SECONDS = Duration.days(7).toSeconds() - CLOCK_SKEW_MILLIS / 1000;

/**
 * The two authorities of a cluster that exist already, in AWS Private CA. Machines may have the first make certificates
 * of one kind, for servers and clients that are no authorities, and read the certificate of both.
 */
export class PrivateClusterAuthorities extends Construct implements IClusterAuthorities {
  public readonly nodeAuthorityArn: string;
  public readonly clientAuthorityArn: string;
  public readonly service = "acm-pca";
  private readonly partition: string;

  public constructor(
    scope: Construct,
    id: string,
    { authorities, certificateValidity }: PrivateClusterAuthoritiesProps,
  ) {
    super(scope, id);
    // As they were given and not as they are read: what is read can be unknown at plan.
    this.nodeAuthorityArn = authorities.nodeAuthorityArn;
    this.clientAuthorityArn = authorities.clientAuthorityArn;
    this.partition = AwsAccount.of(this).partition;
    const node = this.checkAtPlan("Node", this.nodeAuthorityArn);
    const client = this.checkAtPlan("Client", this.clientAuthorityArn);
    this.checkValidity(node, certificateValidity);
    client.lifecycle!.postcondition!.push({
      condition: `\${self.arn != "${this.nodeAuthorityArn}"}`,
      errorMessage: `The authority ${this.clientAuthorityArn} is the node authority, too: operators would pass for nodes; name another one.`,
    });
  }

  public get machineStatements(): readonly PolicyStatement[] {
    return [...this.issuing("IssueForNodes", this.nodeAuthorityArn, "EndEntityCertificate"), this.reading];
  }

  public get operatorStatements(): readonly PolicyStatement[] {
    return [
      ...this.issuing("IssueForOperators", this.clientAuthorityArn, "EndEntityClientAuthCertificate"),
      this.reading,
    ];
  }

  /** Leave to have an authority make certificates of one kind, and to collect them. */
  private issuing(Sid: string, arn: string, template: PrivateCaTemplate): readonly PolicyStatement[] {
    return [
      {
        Sid,
        Effect: "Allow",
        Action: ["acm-pca:IssueCertificate"],
        Resource: [arn],
        Condition: { StringEquals: { "acm-pca:TemplateArn": templateArn(this.partition, template) } },
      },
      { Sid: "GetIssued", Effect: "Allow", Action: ["acm-pca:GetCertificate"], Resource: [arn] },
    ];
  }

  private get reading(): PolicyStatement {
    return {
      Sid: "ReadAuthorities",
      Effect: "Allow",
      Action: ["acm-pca:GetCertificateAuthorityCertificate"],
      Resource: [this.nodeAuthorityArn, this.clientAuthorityArn],
    };
  }

  private checkAtPlan(id: string, arn: string): DataAwsAcmpcaCertificateAuthority {
    const account = AwsAccount.of(this);
    const inArn = (index: number) => Fn.element(Fn.split(":", arn), index) as string;
    const data = new DataAwsAcmpcaCertificateAuthority(this, id, { arn });
    data.lifecycle = {
      precondition: [
        {
          condition: Op.eq(inArn(3), account.region),
          errorMessage: `The authority ${arn} is not of the region that this stack is deployed to: name one that is.`,
        },
        {
          condition: Op.eq(inArn(4), account.accountId),
          errorMessage: `The authority ${arn} is not of the account that this stack is deployed to: name one that is.`,
        },
      ],
      postcondition: [
        {
          condition: `\${self.status == "ACTIVE"}`,
          errorMessage: `The authority ${arn} is not active, and makes no certificates: install its certificate or enable it, or name another one.`,
        },
      ],
    };
    return data;
  }

  private checkValidity(node: DataAwsAcmpcaCertificateAuthority, validity: Duration): void {
    const seconds = validity.toSeconds();
    node.lifecycle!.postcondition!.push(
      {
        condition: `\${try(timecmp(timeadd(plantimestamp(), "${seconds}s"), self.not_after) < 0, false)}`,
        errorMessage: `The node authority's own certificate ends before one would that is good for ${seconds} seconds from now: shorten certificateValidity, or renew the authority.`,
      },
      {
        condition: `\${self.usage_mode != "SHORT_LIVED_CERTIFICATE" || ${seconds <= SHORT_LIVED_SECONDS}}`,
        errorMessage: `The node authority makes short-lived certificates only: give certificateValidity at most ${SHORT_LIVED_SECONDS} seconds (7 days less what clocks may differ by), or name another authority.`,
      },
    );
  }
}
