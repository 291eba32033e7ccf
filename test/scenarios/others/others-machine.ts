import { Instance } from "@cdktf/provider-aws/lib/instance";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import { labImage } from "../lab-image";

/** A machine of somebody else. */
export interface OthersMachine {
  readonly name: string;
  /** By which clients know it. */
  readonly host: string;
  /** The private zone that the host is in. Default: what stands behind its first point. */
  readonly domain?: string;
}

/** Where it stands. */
export interface OthersPlace {
  readonly network: StreamingStack["network"];
  readonly ami: string;
  /** The only group that it is in. */
  readonly securityGroupId: string;
}

/** Somebody else's machine in the same network, with 4 GiB, and its name. */
export function addOthersMachine(
  scope: Construct,
  { name, host, domain = host.slice(host.indexOf(".") + 1) }: OthersMachine,
  { network, ami, securityGroupId }: OthersPlace,
): void {
  const machine = new Instance(scope, name, {
    ami,
    instanceType: "t3.medium",
    subnetId: network.subnetIds[0],
    vpcSecurityGroupIds: [securityGroupId],
    metadataOptions: { httpTokens: "required" },
    rootBlockDevice: { volumeSize: 8 },
    tags: { Name: name },
  });
  const zone = new Route53Zone(scope, "zone", { name: domain, vpc: [{ vpcId: network.vpcId }] });
  new Route53Record(scope, "name", {
    ...{ zoneId: zone.zoneId, name: host, type: "A", ttl: 60, records: [machine.privateIp] },
  });
}

/** Somebody else's machine, alone in its stack. */
export class OthersMachineStack extends TerraformStack {
  public constructor(
    scope: Construct,
    id: string,
    region: string,
    machine: OthersMachine,
    place: Omit<OthersPlace, "ami">,
  ) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    addOthersMachine(this, machine, { ...place, ami: labImage(this) });
  }
}
