import { decode } from "dns-packet";
import { allPorts, Caller, Port, Protection } from "../../../lib/node/ports";
import { CIPHER_SUITES, TLS_PROTOCOL } from "../../../lib/settings/tls";
import { Conversation } from "./conversations";

/** Who has an address of the network: `node`, `client`, `stranger`, `resolver`, `metadata`, `time`, `AWS`. */
export type NameOf = (address: string) => string;

/** What a conversation was, and why it must not have been; undefined where it may. */
export interface Judgement {
  /** Name in the port table, or of what else is on the other side. */
  readonly service: string;
  readonly protocol: string;
  readonly breach?: string;
}

export interface Permissions {
  /** Whether the result of a query is being fetched: the one time that something passes a port without TLS. */
  readonly queryRuns: boolean;
}

const DNS_PORT = 53;
const METADATA_PORT = 80;
const TIME_PORT = 123;
const HTTPS_PORT = 443;
/** What finds neighbours and tells of errors, and carries nothing of a program. */
const WITHOUT_CONTENT = ["arp", "icmp", "icmpv6", "igmp"];
const TLS_OF_AWS = ["TLSv1.2", "TLSv1.3"];

/** Whether a row's traffic may be met on a machine's link. */
function isOnLinks({ callers }: Port): boolean {
  return !callers.includes(Caller.ITSELF);
}

/** Ports that tell the callee of a connection whose beginning was not seen. */
export function isServerPort(port: number): boolean {
  return [DNS_PORT, METADATA_PORT, TIME_PORT, HTTPS_PORT, ...allPorts().map((row) => row.port)].includes(port);
}

/** Judges one conversation by the port table; what is in none is a breach as soon as a byte is said. */
export function judge(conversation: Conversation, nameOf: NameOf, { queryRuns }: Permissions): Judgement {
  const { transport, callee, port, content } = conversation;
  if (WITHOUT_CONTENT.includes(transport)) return { service: transport, protocol: transport };
  const protocol = protocolOf(conversation);
  const to = nameOf(callee);
  const row = to === "node" ? allPorts().find((one) => one.port === port) : undefined;
  const service = row?.name ?? (to === "AWS" && port === HTTPS_PORT ? "AWS API" : to);
  const judgement = { service, protocol };
  if (content === "silent" && transport === "tcp") return judgement;
  const breach = (why: string): Judgement => ({ ...judgement, breach: why });

  if (to === "resolver") return protocol === "DNS" ? judgement : breach("a resolver is asked for names alone");
  if (to === "time") return protocol === "NTP" ? judgement : breach("a time server is asked for the time alone");
  if (to === "metadata") {
    const isMetadata = protocol === "HTTP" && port === METADATA_PORT;
    return isMetadata ? judgement : breach("the metadata service speaks HTTP on port 80");
  }
  if (service === "AWS API") {
    return isTlsOf(conversation, TLS_OF_AWS) ? judgement : breach("an API of AWS takes TLS 1.2 or newer alone");
  }
  if (!row || !isOnLinks(row)) return breach("no row of the port table lets it pass a link");
  if (row.protection === Protection.NONE) {
    return queryRuns ? judgement : breach("only the rows of a query may pass, and none runs");
  }
  return isOfTable(conversation) ? judgement : breach(`the port table says ${row.protection}`);
}

/**
 * TLS, and where its beginning was seen, of the version. Data without a handshake is none: a few bytes that look like
 * a record's head are no proof that somebody agreed on anything.
 */
function isTlsOf(conversation: Conversation, versions: readonly string[]): boolean {
  const { content, handshake, openingSeen, carriesData } = conversation;
  if (content !== "TLS") return false;
  return handshake ? versions.includes(handshake.version) : !openingSeen || !carriesData;
}

/** As every port of the table is protected: one version, its suites, and nobody without a certificate. */
function isOfTable(conversation: Conversation): boolean {
  const { handshake, carriesData } = conversation;
  if (!isTlsOf(conversation, [TLS_PROTOCOL])) return false;
  if (!handshake) return true;
  if (!CIPHER_SUITES.split(",").includes(handshake.cipher)) return false;
  // One that shows none is answered by nothing but the refusal.
  return ["shown", "resumed"].includes(handshake.callerCertificate) || !carriesData;
}

/** What was spoken: a port's number alone names nothing. */
function protocolOf(conversation: Conversation): string {
  const { transport, port, content, handshake, openingSeen, sample, datagram } = conversation;
  if (content === "TLS") return handshake?.version ?? (openingSeen ? "TLS, no handshake" : "TLS, begun before");
  if (content === "silent") return "silent";
  if (transport === "udp" && port === DNS_PORT && datagram && isDns(datagram)) return "DNS";
  if (transport === "udp" && port === TIME_PORT && isTime(datagram)) return "NTP";
  if (sample && /^(GET|PUT|POST|HEAD|DELETE|OPTIONS|PATCH) \S|^HTTP\/1\.[01] /.test(sample)) return "HTTP";
  return `plain text over ${transport}`;
}

function isDns(datagram: Buffer): boolean {
  try {
    return (decode(datagram).questions ?? []).length > 0;
  } catch {
    return false;
  }
}

/** RFC 5905, 7.3: 48 bytes, version 3 or 4. */
function isTime(datagram: Buffer | undefined): boolean {
  return datagram !== undefined && datagram.length >= 48 && [3, 4].includes((datagram[0] >> 3) & 7);
}
