import { Construct } from "constructs";
import { EbsVolume } from "@cdktf/provider-aws/lib/ebs-volume";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { VolumeAttachment } from "@cdktf/provider-aws/lib/volume-attachment";
import { ITerraformDependable } from "cdktf";
import { Size } from "../core/size";
import { NodeIdentity } from "../node/identity";
import { renderUserData } from "../node/user-data";

export interface FlinkNodeProps {
  /** Everything of the identity but the volume, which is made here. */
  readonly identity: Omit<NodeIdentity, "dataVolumeId">;
  /** Fully qualified name in the private zone. */
  readonly host: string;
  readonly privateZoneId: string;
  readonly subnetId: string;
  readonly availabilityZone: string;
  readonly securityGroupIds: string[];
  readonly instanceProfileName: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly volumeKeyArn: string;
  readonly dataVolumeSize: Size;
  readonly terminationProtection: boolean;
  readonly tags: { readonly [key: string]: string };
  /** What has to be there before the machine. */
  readonly dependsOn: readonly ITerraformDependable[];
}

const ROOT_VOLUME_GIB = 16;
/** Short, because a name's address is fixed for the node's life, but an operator may replace the interface. */
const RECORD_TTL_SECONDS = 10;

/**
 * One machine with what gives it a stable identity: its own primary network interface, data volume and name,
 * all of which survive a replacement of the instance.
 */
export class FlinkNode extends Construct {
  public readonly name: string;
  public readonly instance: Instance;
  public readonly dataVolume: EbsVolume;
  public readonly attachment: VolumeAttachment;

  public constructor(scope: Construct, id: string, props: FlinkNodeProps) {
    super(scope, id);
    this.name = props.identity.node;
    const tags = { ...props.tags, Name: this.name };

    const networkInterface = new NetworkInterface(this, "NetworkInterface", {
      description: `Primary interface of ${this.name}`,
      subnetId: props.subnetId,
      securityGroups: props.securityGroupIds,
      tags,
    });
    // From the interface and not from the instance: all names exist before the first machine boots, so that no
    // process on it caches that a peer is unknown.
    const record = new Route53Record(this, "Record", {
      zoneId: props.privateZoneId,
      name: props.host,
      type: "A",
      ttl: RECORD_TTL_SECONDS,
      records: [networkInterface.privateIp],
    });
    this.dataVolume = new EbsVolume(this, "DataVolume", {
      availabilityZone: props.availabilityZone,
      size: props.dataVolumeSize.toGibibytes(),
      type: "gp3",
      encrypted: true,
      kmsKeyId: props.volumeKeyArn,
      tags: { ...props.tags, Name: `${this.name}-data` },
      // It grows by the apply, one node after the other (machine-sizes.ts).
      lifecycle: { preventDestroy: props.terminationProtection, ignoreChanges: ["size"] },
    });
    this.instance = new Instance(this, "Resource", {
      ami: props.imageId,
      instanceType: props.instanceType,
      networkInterface: [{ networkInterfaceId: networkInterface.id, deviceIndex: 0 }],
      iamInstanceProfile: props.instanceProfileName,
      userData: renderUserData({ ...props.identity, dataVolumeId: this.dataVolume.id }),
      userDataReplaceOnChange: false,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: ROOT_VOLUME_GIB,
        encrypted: true,
        kmsKeyId: props.volumeKeyArn,
        deleteOnTermination: true,
        tags: { ...props.tags, Name: `${this.name}-root` },
      },
      ebsOptimized: true,
      monitoring: true,
      disableApiTermination: props.terminationProtection,
      tags,
      dependsOn: [record, ...props.dependsOn],
      // What these say is read once, when a machine is created: a change must never restart or replace one. Its type is
      // changed by the apply, one node after the other (machine-sizes.ts).
      lifecycle: { ignoreChanges: ["ami", "user_data", "user_data_base64", "instance_type"] },
    });
    this.attachment = new VolumeAttachment(this, "DataVolumeAttachment", {
      instanceId: this.instance.id,
      volumeId: this.dataVolume.id,
      deviceName: "/dev/sdf",
      // A mounted volume cannot be detached: AWS would wait for ever.
      stopInstanceBeforeDetaching: true,
    });
  }
}
