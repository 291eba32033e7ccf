import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Construct } from "constructs";
import type { StreamingStack } from "../../../stacks/streaming-stack";

export interface OthersMachineProps {
  readonly network: StreamingStack["network"];
  readonly ami: string;
  readonly name: string;
  /** The only group that it is in. */
  readonly securityGroupId: string;
  /** Private zone, and the name in it by which clients know the machine. */
  readonly domain: string;
  readonly host: string;
}

/** Somebody else's machine in the same network, with 4 GiB, and its name. */
export function addOthersMachine(scope: Construct, props: OthersMachineProps): void {
  const { network, ami, name, securityGroupId, domain, host } = props;
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
