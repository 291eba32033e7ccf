import { ByteStream } from "./byte-stream";
import { Handshake, readHandshake } from "./handshake";
import { Packet } from "./pcap";
import { TlsRecords } from "./tls-records";

/** What two sides said to each other. */
export interface Conversation {
  /** `tcp`, `udp`, or the name of a protocol without ports. */
  readonly transport: string;
  readonly caller: string;
  readonly callee: string;
  /** The callee's; 0 where there are none. */
  readonly port: number;
  /** `silent`: not one byte was said, as when a port is only tried. */
  readonly content: "TLS" | "plain text" | "silent";
  /** Whether the packet that opened it was seen: of what follows nothing may be left unread. */
  readonly openingSeen: boolean;
  /** Of TLS whose beginning was seen. */
  readonly handshake?: Handshake;
  /** Whether data went over it, and not a handshake alone. */
  readonly carriesData: boolean;
  /** Bytes that were seen, of both sides. */
  readonly bytes: number;
  /** Bytes of which nothing can be said, as they were not captured, or lie before the first record that was. */
  readonly unjudged: number;
  /** What shows that it is plain text; of datagrams the first. */
  readonly sample?: string;
  /** The first datagram that was said. */
  readonly datagram?: Buffer;
}

interface Side {
  readonly stream: ByteStream;
  readonly records: TlsRecords;
}

interface Connection {
  readonly caller: string;
  readonly callee: string;
  readonly port: number;
  readonly callerPort: number;
  /** Of the packet that opened it: another one between the same ports opens another connection. */
  readonly opening?: number;
  readonly fromCaller: Side;
  readonly fromCallee: Side;
}

interface Datagrams {
  readonly packet: Packet;
  readonly towardsCallee: boolean;
  bytes: number;
}

/**
 * Puts the packets of a capture together to conversations.
 *
 * @param isServerPort tells the callee of a connection whose beginning was not seen
 */
export async function readConversations(
  packets: AsyncIterable<Packet>,
  isServerPort: (address: string, port: number) => boolean,
): Promise<Conversation[]> {
  const open = new Map<string, Connection>();
  const closed: Connection[] = [];
  const datagrams = new Map<string, Datagrams>();
  for await (const packet of packets) {
    if (packet.protocol === "tcp") addSegment(packet);
    else addDatagram(packet);
  }

  function addSegment(packet: Packet): void {
    const key = bothEnds(packet);
    let connection = open.get(key);
    const opening = packet.syn && !packet.ack ? packet.sequence : undefined;
    if (connection && opening !== undefined && connection.opening !== opening) {
      closed.push(connection);
      connection = undefined;
    }
    if (!connection) {
      const towardsCallee = isTowardsCallee(packet, isServerPort);
      open.set(key, (connection = newConnection(packet, towardsCallee, opening)));
    }
    const isCaller = packet.from === connection.caller && packet.fromPort === connection.callerPort;
    const { stream } = isCaller ? connection.fromCaller : connection.fromCallee;
    if (packet.syn) stream.begin(packet.sequence + 1);
    stream.add(packet.syn ? packet.sequence + 1 : packet.sequence, packet.payload, packet.payloadLength);
  }

  function addDatagram(packet: Packet): void {
    const towardsCallee = isTowardsCallee(packet, isServerPort);
    const [from, to] = towardsCallee ? [packet.from, packet.to] : [packet.to, packet.from];
    // A program asks each question from a port of its own: so each is looked at.
    const key = `${packet.protocol} ${from} ${to} ${bothEnds(packet)}`;
    const known = datagrams.get(key);
    if (known) known.bytes += packet.payloadLength;
    else {
      const kept = { ...packet, payload: Buffer.from(packet.payload) };
      datagrams.set(key, { packet: kept, towardsCallee, bytes: packet.payloadLength });
    }
  }

  return [...[...closed, ...open.values()].map(tellConnection), ...[...datagrams.values()].map(tellDatagrams)];
}

/** The same text for both directions. */
function bothEnds({ from, fromPort, to, toPort }: Packet): string {
  return [`${from}:${fromPort}`, `${to}:${toPort}`].sort().join(" ");
}

function isTowardsCallee(packet: Packet, isServerPort: (address: string, port: number) => boolean): boolean {
  if (packet.syn) return !packet.ack;
  const [to, from] = [isServerPort(packet.to, packet.toPort), isServerPort(packet.from, packet.fromPort)];
  // Who calls does so from a high port.
  return to === from ? packet.toPort <= packet.fromPort : to;
}

function newConnection(packet: Packet, towardsCallee: boolean, opening: number | undefined): Connection {
  const side = (): Side => {
    const records = new TlsRecords(packet.syn);
    return { records, stream: new ByteStream(records) };
  };
  const ends = towardsCallee
    ? { caller: packet.from, callerPort: packet.fromPort, callee: packet.to, port: packet.toPort }
    : { caller: packet.to, callerPort: packet.toPort, callee: packet.from, port: packet.fromPort };
  return { ...ends, opening, fromCaller: side(), fromCallee: side() };
}

function tellConnection(connection: Connection): Conversation {
  const { caller, callee, port, opening, fromCaller, fromCallee } = connection;
  const sides = [fromCaller, fromCallee].map(({ stream, records }) => {
    stream.end();
    return records;
  });
  const [said, answered] = sides;
  const bytes = said.seen + answered.seen;
  const sample = sides.map((side) => side.sample).find((one) => one !== undefined);
  const isSilent = sides.every(({ seen, lost }) => seen + lost === 0);
  const content = isSilent ? "silent" : sample === undefined ? "TLS" : "plain text";
  return {
    ...{ transport: "tcp", caller, callee, port, content, bytes, openingSeen: opening !== undefined },
    ...(content === "TLS" ? { handshake: readHandshake(said.messages(), answered.messages()) } : {}),
    carriesData: sides.some(({ applicationRecords }) => applicationRecords > 0),
    unjudged:
      content === "TLS" ? sides.reduce((sum, { seen, recognised, lost }) => sum + seen - recognised + lost, 0) : 0,
    ...(sample === undefined ? {} : { sample }),
  };
}

function tellDatagrams({ packet, towardsCallee, bytes }: Datagrams): Conversation {
  const [caller, callee] = towardsCallee ? [packet.from, packet.to] : [packet.to, packet.from];
  return {
    ...{ transport: packet.protocol, caller, callee, port: towardsCallee ? packet.toPort : packet.fromPort },
    ...{ content: bytes === 0 ? "silent" : "plain text", carriesData: bytes > 0, bytes, unjudged: 0 },
    openingSeen: true,
    datagram: packet.payload,
  };
}
