import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { X509Certificate } from "node:crypto";
import { authorityCertificate, trustAnchor } from "../../lib/core/x509/authority";
import { issue, type KeyAndCertificate } from "../../lib/core/x509/leaf";
import { certificatesPem, keyPem } from "../../lib/core/x509/pem";
import type { RestNode } from "../../lib/operate/operated-cluster";
import { operatorTls } from "../../lib/operate/operator-tls";
import type { IWays, Way } from "../../lib/operate/tunnel/way";
import type { ClientCertificate } from "../../lib/software/client-certificate";
import { localAuthority, localKey } from "../support/local-authority";

/** Nodes on loopback that show certificates of their names, and let in the operator alone. */
export class ClusterUnderTest implements IWays {
  public static async create(keys = { node: localKey(), client: localKey() }): Promise<ClusterUnderTest> {
    const nodes = localAuthority("node", "orders", keys.node);
    const clients = localAuthority("client", "orders", keys.client);
    const nodeAuthority = await authorityCertificate(nodes.name, nodes.key, nodes.sign);
    const clientAuthority = trustAnchor(clients.name, clients.key);
    const request = {
      subject: { organization: "orders", commonName: "Flink operator" },
      ...{ hosts: [], addresses: [], serverAuth: false, validitySeconds: 3600 },
    };
    const own = await issue(request, clients, new Date());
    return new ClusterUnderTest({ ...own, nodeAuthority, clientAuthority }, nodes);
  }

  /** Ways that were opened, by the name of the node. */
  public readonly opened: string[] = [];
  public closed = 0;
  public readonly tls = (host: string) => operatorTls(this.client, host);
  private readonly servers = new Map<string, Server>();
  /** By the names in them: a key takes a while to make. */
  private readonly certificates = new Map<string, Promise<KeyAndCertificate>>();

  private constructor(
    public readonly client: ClientCertificate,
    private readonly nodeAuthority: ReturnType<typeof localAuthority>,
  ) {}

  /** Starts a node; `shown` is the name in its certificate. */
  public async start(name: string, answer: RequestListener, shown = `${name}.flink.internal`): Promise<RestNode> {
    const made = this.certificates.get(shown) ?? this.certificate(shown);
    this.certificates.set(shown, made);
    const { key, certificate } = await made;
    const server = createServer(
      {
        key: keyPem(key),
        cert: certificatesPem(certificate),
        ca: [this.client.nodeAuthority, this.client.clientAuthority].map((each: X509Certificate) => each.toString()),
        requestCert: true,
        rejectUnauthorized: true,
      },
      answer,
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.servers.set(name, server);
    return { name, host: `${name}.flink.internal`, port: 8081 };
  }

  /** Stops a node, with all that it is doing. */
  public async stop(name: string): Promise<void> {
    const server = this.servers.get(name);
    this.servers.delete(name);
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  public async stopAll(): Promise<void> {
    for (const name of [...this.servers.keys()]) await this.stop(name);
  }

  public portOf(name: string): number {
    return (this.servers.get(name)?.address() as AddressInfo | undefined)?.port ?? 1;
  }

  /** A way as a tunnel is one: a port of this machine. */
  public open(node: RestNode): Promise<Way> {
    this.opened.push(node.name);
    const ended = new Promise<string>(() => undefined);
    const close = (): Promise<void> => Promise.resolve(void this.closed++);
    return Promise.resolve({ node, address: "127.0.0.1", port: this.portOf(node.name), ended, close });
  }

  private certificate(host: string): Promise<KeyAndCertificate> {
    return issue(
      {
        subject: { organization: "orders", commonName: host },
        ...{ hosts: [host], addresses: [], serverAuth: true, validitySeconds: 3600 },
      },
      this.nodeAuthority,
      new Date(),
    );
  }
}
