import { isTextToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, requireInteger, requireOptionsOf, requireText } from "../../core/validation";
import { requireSecurityGroupId } from "../peer";
import { ProxyEgressOptions } from "./proxy-egress-options";
import { describeDestination, Destination, HttpProxy, Nodes, Reach } from "./reach";

const OPTIONS: OptionNames<ProxyEgressOptions> = { host: true, port: true, securityGroupId: true };
/** Of a machine, by name or by its address. */
const HOST = /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** By a proxy, which alone knows the way and the names of what is behind it. */
export class ProxyReach implements Reach {
  public readonly title: string;
  public readonly proxy: HttpProxy;
  private readonly securityGroupId: string;

  public constructor(options: ProxyEgressOptions) {
    requireOptionsOf("the argument of Egress.proxy", options, OPTIONS);
    const { host, port, securityGroupId } = options;
    if (!isTextToken(host)) {
      requireText("host of Egress.proxy", host, HOST, "the name or address of a host, such as proxy.example.internal");
    }
    requireKnown("port of Egress.proxy", port, "it decides what the firewall opens");
    requireInteger("port of Egress.proxy", port, 1, 65_535);
    requireSecurityGroupId("securityGroupId of Egress.proxy", securityGroupId);
    this.proxy = { host, port };
    this.securityGroupId = securityGroupId;
    this.title = `Egress.proxy by ${host}:${port}`;
  }

  public checkHosts(): void {
    // Whatever they are called: the proxy looks them up.
  }

  public checkNetwork(): void {
    // Which network a group belongs to is AWS's to say.
  }

  public open(destination: Destination, { firewall }: Nodes): void {
    firewall.allowNodesTo(this.securityGroupId, this.proxy.port, describeDestination(destination));
  }
}
