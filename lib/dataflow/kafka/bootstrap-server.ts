import { refuse } from "../../core/validation";
import { hostIn } from "../host";
import type { KafkaLogin } from "./kafka-login";

/** A name, because certificates of brokers carry names. */
const SERVER =
  /^(?=.{1,253}:)(?!\d+(?:\.\d+){3}:)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*:(\d{1,5})$/;
const AMAZON_MSK = /\.kafka(-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** The port of a broker such as `b-1.orders.example.internal:9096`; refuses what is none, or what MSK does not have. */
export function requireBootstrapServer(property: string, server: string, login: KafkaLogin, region?: string): number {
  if (typeof server !== "string" || !SERVER.test(server)) refuseServer(property, server, login);
  const [host, text] = server.split(":");
  const port = Number(text);
  const [, serverless, mskRegion] = AMAZON_MSK.exec(host.toLowerCase()) ?? [];
  if (port < 1 || port > 65_535) {
    refuse({ property, value: server, allowed: "at a port from 1 to 65535", remedy: "correct the port" });
  }
  if (serverless && !login.msk.isServerless) {
    refuse({
      property,
      value: server,
      allowed: `brokers that take ${login.title}, which serverless clusters of Amazon MSK do not`,
      remedy: "use KafkaAuthentication.iam",
    });
  }
  if (mskRegion !== undefined && port !== login.msk.port) {
    refuse({
      property,
      value: server,
      allowed: `at port ${login.msk.port}, where Amazon MSK takes ${login.title} inside the network`,
      remedy: `name what ${login.msk.attribute} gives`,
    });
  }
  if (mskRegion !== undefined && region !== undefined && mskRegion !== region) {
    refuse({
      property,
      value: server,
      allowed: `brokers of ${region}, the region of this stack's AWS provider`,
      remedy: "deploy beside the brokers, or give egress in place of securityGroupId, such as Egress.peered",
    });
  }
  return port;
}

/** Whether a broker is of Amazon MSK, as its name says. */
export function isAmazonMsk(server: string): boolean {
  return AMAZON_MSK.test(server.split(":")[0].toLowerCase());
}

function refuseServer(property: string, server: unknown, login: KafkaLogin): never {
  refuse({
    property,
    value: server,
    allowed:
      "names of hosts, as certificates carry names, each an entry with its port, such as b-1.orders.example.internal:9096",
    remedy: remedyFor(property, server, login),
  });
}

function remedyFor(property: string, server: unknown, { title, msk }: KafkaLogin): string {
  if (typeof server !== "string") return `set ${property} to such texts`;
  if (server.includes(",")) return "make each of these brokers an entry of its own";
  const { host, port } = hostIn(server) ?? {};
  if (host === undefined) return `set ${property} to such texts`;
  if (port !== undefined) return `write "${host}:${port}"`;
  return `add the port of the brokers, such as "${host}:${msk.port}" for ${title} at Amazon MSK`;
}
