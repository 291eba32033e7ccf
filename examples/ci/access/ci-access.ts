import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { DataBucket } from "cdktf-flink";
import { Construct } from "constructs";
import { changeStatements } from "./change-statements";
import { readStatements } from "./read-statements";
import { applyPlans, readState, savePlans } from "./state-statements";
import { document, Place, Statement } from "./statements";

const GITHUB = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

/** Who deploys what. */
export interface CiAccessProps {
  /** Name of the bucket that is made for the state and for plans. */
  readonly stateBucket: string;
  /** Of the bucket, and of all that is deployed. */
  readonly region: string;
  /** Of GitHub, such as `my-company/streaming`. */
  readonly repository: string;
  /** From which is deployed. */
  readonly branch: string;
  /** Environment of the repository whose reviewers approve each apply. */
  readonly environment: string;
  /** Stacks that are deployed: names of what they make begin with theirs. */
  readonly stacks: readonly string[];
  /** ARN of the account's provider for GitHub. Left out: it has none yet, and one is made. */
  readonly openIdConnectProviderArn?: string;
  /** ARN of a policy that bounds the three roles. */
  readonly permissionsBoundaryArn?: string;
}

/**
 * The bucket of the state, and three roles that workflows of one repository take on by the token that GitHub gives each
 * job: without a key that could be stolen. None of them may change what is made here.
 */
export class CiAccess extends Construct {
  /** What the workflows know as variables of the repository. */
  public readonly variables: Readonly<Record<string, string>>;
  private readonly providerArn: string;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: CiAccessProps,
  ) {
    super(scope, id);
    const { region, repository, branch, environment, stacks } = props;
    const near = stacks.find((stack) => props.stateBucket.startsWith(`${stack}-`));
    if (near !== undefined) {
      throw new Error(
        `stateBucket is "${props.stateBucket}", but must not begin with the name of a stack, whose buckets the workflows may change: give it a name that does not begin with "${near}-"`,
      );
    }
    const bucket = new DataBucket(this, "State", { bucketName: props.stateBucket });
    const state = { bucketArn: bucket.bucketArn, keyArn: bucket.encryptionKeyArn!, region };
    this.providerArn = props.openIdConnectProviderArn ?? this.provider();
    const place: Place = {
      partition: new DataAwsPartition(this, "Partition").partition,
      account: new DataAwsCallerIdentity(this, "Account").accountId,
      region,
      names: stacks.map((stack) => `${stack}-`),
    };

    const looks = [...readStatements(place), ...readState(state)];
    const onBranch = `repo:${repository}:ref:refs/heads/${branch}`;
    // What a pull request holds runs before anybody has read it: it may look, and take no lock.
    const read = this.role("Read", [`repo:${repository}:pull_request`, onBranch], { look: looks });
    const plan = this.role("Plan", [onBranch], { look: looks, save: savePlans(state) });
    const apply = this.role("Apply", [`repo:${repository}:environment:${environment}`], {
      look: looks,
      save: applyPlans(state),
      change: changeStatements(place),
    });
    this.variables = {
      AWS_REGION: region,
      STATE_BUCKET: bucket.bucketName,
      READ_ROLE: read.arn,
      PLAN_ROLE: plan.arn,
      APPLY_ROLE: apply.arn,
    };
  }

  private provider(): string {
    return new IamOpenidConnectProvider(this, "GitHub", { url: `https://${GITHUB}`, clientIdList: [AUDIENCE] }).arn;
  }

  /** A role for jobs whose token has exactly one of these subjects, with its policies by what they are for. */
  private role(id: string, subjects: readonly string[], policies: Readonly<Record<string, Statement[]>>): IamRole {
    const role = new IamRole(this, id, {
      // A path of its own: no name that begins as a stack's does is in it, whatever stacks are called.
      path: "/ci/",
      name: `flink-${id.toLowerCase()}`,
      description: `Taken on by workflows of ${this.props.repository}`,
      assumeRolePolicy: document([
        {
          Sid: "Workflows",
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: this.providerArn },
          Condition: { StringEquals: { [`${GITHUB}:aud`]: AUDIENCE, [`${GITHUB}:sub`]: subjects } },
        },
      ]),
      maxSessionDuration: 7200,
      permissionsBoundary: this.props.permissionsBoundaryArn,
    });
    for (const [purpose, statements] of Object.entries(policies)) {
      new IamRolePolicy(role, purpose, { role: role.name, name: purpose, policy: document(statements) });
    }
    return role;
  }
}
