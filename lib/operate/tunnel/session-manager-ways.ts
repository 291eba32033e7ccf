import { StartSessionCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { anyFreePort } from "../../local/free-port";
import { awsProblem } from "../../software/access-problem";
import { Problem } from "../../software/problem";
import type { RestNode } from "../operated-cluster";
import {
  requireSessionManagerPlugin,
  runSessionManagerPlugin,
  type SessionRequest,
  type StartedSession,
} from "./session-manager-plugin";
import type { IWays, Way } from "./way";

/** Of AWS itself: forwards a port to a host that the machine reaches. */
export const PORT_FORWARDING_DOCUMENT = "AWS-StartPortForwardingSessionToRemoteHost";

/** Ways through a machine that AWS Session Manager knows, to which no port is open. */
export class SessionManagerWays implements IWays {
  private machines?: Promise<readonly string[]>;

  /**
   * @param ssm with the operator's own identity
   * @param find gives the ids of the machines through which it goes, each as good as the others
   */
  public constructor(
    private readonly ssm: SSMClient,
    private readonly find: () => Promise<readonly string[]>,
  ) {}

  public async open(node: RestNode): Promise<Way> {
    this.machines ??= requireSessionManagerPlugin().then(this.find);
    const port = await anyFreePort();
    const { request, session } = await this.begin(await this.machines, node, port);
    const place = { region: await this.ssm.config.region(), endpoint: await this.endpoint() };
    return { node, address: "127.0.0.1", port, ...runSessionManagerPlugin(session, request, place) };
  }

  /** With the first machine that takes it. */
  private async begin(
    machines: readonly string[],
    { host, port }: RestNode,
    localPort: number,
  ): Promise<{ readonly request: SessionRequest; readonly session: StartedSession }> {
    let problem: Problem | undefined;
    for (const Target of machines) {
      const Parameters = { host: [host], portNumber: [String(port)], localPortNumber: [String(localPort)] };
      const request = { Target, DocumentName: PORT_FORWARDING_DOCUMENT, Parameters };
      try {
        return { request, session: (await this.ssm.send(new StartSessionCommand(request))) as StartedSession };
      } catch (failure) {
        if ((failure as Error).name !== "TargetNotConnected") {
          throw awsProblem(`beginning a session of ${PORT_FORWARDING_DOCUMENT} with ${Target}`, failure);
        }
        problem = new Problem(
          `Session Manager has no connection to the machine ${Target}: wait until its agent has registered, and see that it reaches the endpoints of ssm and ssmmessages`,
          { cause: failure },
        );
      }
    }
    throw problem!;
  }

  private async endpoint(): Promise<string> {
    const { endpoint, region, endpointProvider } = this.ssm.config;
    if (endpoint) {
      const { protocol, hostname, port, path } = await endpoint();
      return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path === "/" ? "" : path}`;
    }
    return endpointProvider({ Region: await region() }).url.href.replace(/\/$/, "");
  }
}
