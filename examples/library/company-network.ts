import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { DataAwsVpcEndpoint } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint";
import { FlinkNetwork, IFlinkNetwork } from "cdktf-flink";
import { Construct } from "constructs";

const ZONES = ["a", "b", "c"];
const DOMAIN = "orders.internal";

/** What another team made and keeps, found by the names that it gave: nothing of it is changed. */
export function companyNetwork(scope: Construct, id: string): IFlinkNetwork {
  const vpc = new DataAwsVpc(scope, `${id}-vpc`, { tags: { Name: "company" } });
  const vpcId = vpc.id;
  const subnets = ZONES.map(
    (zone) => new DataAwsSubnet(scope, `${id}-subnet-${zone}`, { vpcId, tags: { Name: `company-private-${zone}` } }),
  );
  const serviceName = `com.amazonaws.${process.env.AWS_REGION ?? "eu-west-1"}.s3`;
  const s3 = new DataAwsVpcEndpoint(scope, `${id}-s3`, { vpcId, serviceName, tags: { Name: "company-s3" } });
  const endpoints = new DataAwsSecurityGroup(scope, `${id}-endpoints`, { vpcId, name: "company-endpoints" });
  const zone = new DataAwsRoute53Zone(scope, `${id}-zone`, { name: DOMAIN, privateZone: true, vpcId });

  return FlinkNetwork.fromFlinkNetworkAttributes(scope, id, {
    vpcId,
    // Rules of the firewall are made of it, and so it is known when the program runs.
    cidr: "10.20.0.0/16",
    subnetIds: subnets.map((subnet) => subnet.id),
    s3PrefixListId: s3.prefixListId,
    // The endpoints that the network has by private names; a second one of these AWS refuses.
    interfaceEndpoints: { kms: endpoints.id, sts: endpoints.id },
    privateZoneId: zone.zoneId,
    domainName: DOMAIN,
  });
}
