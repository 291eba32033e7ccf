import { requireSecurityGroupId } from "../peer";
import { describeDestination, Destination, Nodes, Reach } from "./reach";

/** By the security group of the system's machines, which are in the nodes' network or one that is peered with it in the same region. */
export class SecurityGroupReach implements Reach {
  public readonly title: string;

  public constructor(private readonly securityGroupId: string) {
    requireSecurityGroupId("securityGroupId", securityGroupId);
    this.title = securityGroupId;
  }

  public checkHosts(): void {
    // Whatever they are called: names and routes are there already.
  }

  public checkNetwork(): void {
    // Which network a group belongs to is AWS's to say.
  }

  public open(destination: Destination, { firewall }: Nodes): void {
    for (const port of destination.ports) {
      firewall.allowNodesTo(this.securityGroupId, port, describeDestination(destination));
    }
  }
}
