import { Construct } from "constructs";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsAccount } from "../core/terraform/aws-account";
import { accountAdministration, policyDocument } from "../core/terraform/policy";

export interface VolumeKeyProps {
  readonly clusterName: string;
  readonly tags: { readonly [key: string]: string };
}

/** Time in which a destroyed cluster's volume key can still be brought back. */
const DELETION_WINDOW_DAYS = 30;

/** The key of a cluster's root and data volumes. What is on them can be rebuilt from the checkpoint bucket. */
export class VolumeKey extends Construct {
  public readonly keyArn: string;

  public constructor(scope: Construct, id: string, props: VolumeKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "Resource", {
      description: `Volumes of the Flink cluster ${props.clusterName}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: policyDocument([accountAdministration(AwsAccount.of(this).rootArn)]),
      tags: { ...props.tags },
    });
    new KmsAlias(this, "Alias", {
      name: `alias/cdktf-flink/${props.clusterName}/volumes`,
      targetKeyId: key.keyId,
    });
    this.keyArn = key.arn;
  }
}
