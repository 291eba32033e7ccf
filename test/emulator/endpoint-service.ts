import {
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointServiceConfigurationCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { ADMINISTRATOR, REGION } from "./clients";

/** A network of others that offers an endpoint service. */
export interface OfferedService {
  readonly vpcId: string;
  readonly serviceName: string;
}

/** Makes a network with a subnet in each of these zones, and a service that is offered in them. */
export async function offerService(
  ec2: EC2Client,
  endpoint: string,
  zones: readonly string[],
): Promise<OfferedService> {
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.20.0.0/16" }));
  const subnetIds: string[] = [];
  for (const [index, AvailabilityZone] of zones.entries()) {
    const { Subnet: subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: vpc!.VpcId, CidrBlock: `10.20.${index}.0/24`, AvailabilityZone }),
    );
    subnetIds.push(subnet!.SubnetId!);
  }
  const { ServiceConfiguration: service } = await ec2.send(
    new CreateVpcEndpointServiceConfigurationCommand({
      AcceptanceRequired: false,
      NetworkLoadBalancerArns: [await createLoadBalancer(endpoint, subnetIds)],
    }),
  );
  return { vpcId: vpc!.VpcId!, serviceName: service!.ServiceName! };
}

/** By a call of its own: no other test needs a client for it, and Terraform waits a minute for one. */
async function createLoadBalancer(endpoint: string, subnetIds: readonly string[]): Promise<string> {
  const parameters = {
    ...{ Action: "CreateLoadBalancer", Version: "2015-12-01", Name: "elsewhere", Type: "network", Scheme: "internal" },
    ...Object.fromEntries(subnetIds.map((id, index) => [`Subnets.member.${index + 1}`, id])),
  };
  const scope = `${ADMINISTRATOR.accessKeyId}/20260101/${REGION}/elasticloadbalancing/aws4_request`;
  const answer = await fetch(endpoint, {
    method: "POST",
    body: new URLSearchParams(parameters),
    // The emulator checks no signature, but takes the service from its scope.
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
  });
  const text = await answer.text();
  const arn = /<LoadBalancerArn>(arn:[^<]+)</.exec(text)?.[1];
  if (arn === undefined) throw new Error(`The emulator made no load balancer: ${text}`);
  return arn;
}
