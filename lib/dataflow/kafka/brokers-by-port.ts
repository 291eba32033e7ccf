import { isToken } from "../../core/terraform/text";
import { refuse } from "../../core/validation";
import type { Reach } from "../../network/egress/reach";
import { isAmazonMsk } from "./bootstrap-server";
import type { KafkaLogin } from "./kafka-login";

/**
 * Refuses brokers that share a port where ports alone tell hosts apart: a client that asks for the one may be led to another,
 * which leads none of its partitions.
 */
export function requireBrokersByPort(reach: Reach, servers: readonly string[], login: KafkaLogin): void {
  if (!reach.hostsByPortAlone) return;
  const msk = servers.find((server) => !isToken(server) && isAmazonMsk(server));
  if (msk !== undefined || login.msk.isOnly) refuseMsk(reach, msk ?? servers[0]);
  // All of a cluster that Terraform knows are at the one port that is given.
  const portOf = (server: string) => (isToken(server) ? undefined : server.split(":")[1]);
  const named = [...new Set(servers.map((server) => (isToken(server) ? server : server.toLowerCase())))];
  const twin = named.find((server, index) =>
    named.slice(0, index).some((earlier) => [earlier, server].some(isToken) || portOf(earlier) === portOf(server)),
  );
  if (twin === undefined) return;
  refuse({
    property: "bootstrapServers",
    value: twin,
    allowed: `at a port of its own, because ${reach.title} leads all names to one place, where ports alone tell brokers apart`,
    remedy: "let whoever offers the service give each broker another port, or use Egress.peered",
  });
}

function refuseMsk(reach: Reach, server: string): never {
  refuse({
    property: "bootstrapServers",
    value: server,
    allowed: `of another Kafka than Amazon MSK, whose brokers share a port, because ${reach.title} leads all names to one place`,
    remedy: "use Egress.peered",
  });
}
