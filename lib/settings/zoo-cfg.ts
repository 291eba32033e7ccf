import { refuse, requireInteger } from "../core/validation";
import { PORTS } from "../node/ports";
import { ZOOKEEPER_TLS } from "../node/tls-paths";
import { zooKeeperServerTls } from "./tls";

/** One server of the ensemble. */
export interface ZooKeeperServer {
  /** 1 to 255; also stands in the server's `myid` file. */
  readonly id: number;
  readonly host: string;
}

/**
 * `zoo.cfg`, the same on every server of the ensemble. One server runs standalone and gets no `server.` lines.
 *
 * A server whose machine is gone is missed by the others after 3 s (`syncLimit`), and a process that stands still for 2 s is
 * not. Sessions may be what `livenessTimeouts` gives: by itself ZooKeeper would allow 2 to 20 s at this tick.
 */
export function renderZooCfg(servers: readonly ZooKeeperServer[], dataFolder: string): string {
  if (![1, 3, 5].includes(servers.length)) {
    refuse({
      property: "zooKeeperNodeCount",
      value: servers.length,
      allowed: "1, 3 or 5",
      remedy: "set zooKeeperNodeCount to one of them",
    });
  }
  servers.forEach((server) => requireInteger("ZooKeeper server id", server.id, 1, 255));
  const { zooKeeperClient, zooKeeperQuorum, zooKeeperElection } = PORTS;
  const lines = [
    "tickTime=1000",
    // In ticks: what a follower may need to load its snapshot at start, and for how long it and the leader may be silent later.
    "initLimit=20",
    "syncLimit=3",
    "minSessionTimeout=4000",
    "maxSessionTimeout=40000",
    `dataDir=${dataFolder}`,
    `secureClientPort=${zooKeeperClient.port}`,
    ...zooKeeperServerTls(ZOOKEEPER_TLS),
    "maxClientCnxns=60",
    "autopurge.snapRetainCount=3",
    "autopurge.purgeInterval=1",
    "admin.enableServer=false",
    "4lw.commands.whitelist=ruok,srvr,mntr",
  ];
  if (servers.length > 1) {
    for (const server of servers) {
      lines.push(`server.${server.id}=${server.host}:${zooKeeperQuorum.port}:${zooKeeperElection.port}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The connect string of clients. */
export function zooKeeperConnect(servers: readonly ZooKeeperServer[]): string {
  return servers.map((server) => `${server.host}:${PORTS.zooKeeperClient.port}`).join(",");
}
