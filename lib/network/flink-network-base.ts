import { Construct } from "constructs";
import { IFlinkNetwork } from "./i-flink-network";
import { IInterfaceEndpoint, InterfaceEndpoint, requireEndpointService } from "./interface-endpoint";

/**
 * What holds for a network of our own and for an existing one.
 *
 * @internal
 */
export abstract class FlinkNetworkBase extends Construct implements IFlinkNetwork {
  public abstract readonly vpcId: string;
  public abstract readonly cidr: string;
  public abstract readonly subnetIds: string[];
  public abstract readonly availabilityZones: string[];
  public abstract readonly s3PrefixListId: string;
  public abstract readonly privateZoneId: string;
  public abstract readonly domainName: string;

  public addInterfaceEndpoint(service: string): IInterfaceEndpoint {
    requireEndpointService("service", service);
    const id = `endpoint-${service}`;
    const existing = this.node.tryFindChild(id) as (Construct & IInterfaceEndpoint) | undefined;
    return existing ?? new InterfaceEndpoint(this, id, { service, vpcId: this.vpcId, subnetIds: this.subnetIds });
  }
}
