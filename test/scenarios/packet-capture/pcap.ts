/** What a capture holds of one packet that a judgement needs. */
export interface Packet {
  /** `tcp`, `udp`, or what else it is, such as `arp`. */
  readonly protocol: string;
  /** Addresses; empty for what has none. */
  readonly from: string;
  readonly to: string;
  /** 0 for what has no ports. */
  readonly fromPort: number;
  readonly toPort: number;
  /** Of TCP: number of the first byte of its payload. */
  readonly sequence: number;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly payload: Buffer;
  /** Bytes of the payload on the wire, which may be more than were captured. */
  readonly payloadLength: number;
}

/** Link types, and where the frame says what it carries and the packet begins (tcpdump.org/linktypes.html). */
const LINK_TYPES = new Map([
  [1, { name: "Ethernet", typeAt: 12, packetAt: 14 }],
  [276, { name: "Linux cooked v2", typeAt: 0, packetAt: 20 }],
]);
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

const ETHER_TYPES = new Map([
  [0x0800, "ip"],
  [0x0806, "arp"],
  [0x86dd, "ipv6"],
]);
const IP_PROTOCOLS = new Map([
  [1, "icmp"],
  [2, "igmp"],
  [6, "tcp"],
  [17, "udp"],
  [58, "icmpv6"],
]);
const HOP_BY_HOP = 0;

/** The packets of a capture file as it comes in chunks; a file that ends within a packet is refused. */
export async function* readPackets(chunks: AsyncIterable<Buffer>): AsyncGenerator<Packet> {
  let left: Buffer = Buffer.alloc(0);
  let link: { readonly typeAt: number; readonly packetAt: number } | undefined;
  for await (const chunk of chunks) {
    left = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    let at = 0;
    if (!link) {
      if (left.length < FILE_HEADER) continue;
      link = linkOf(left);
      at = FILE_HEADER;
    }
    while (left.length - at >= RECORD_HEADER) {
      const captured = left.readUInt32LE(at + 8);
      const end = at + RECORD_HEADER + captured;
      if (end > left.length) break;
      const frame = left.subarray(at + RECORD_HEADER, end);
      yield parseFrame(frame, left.readUInt32LE(at + 12), link);
      at = end;
    }
    left = left.subarray(at);
  }
  if (!link || left.length > 0) throw new Error(`the capture ends within a packet: ${left.length} bytes are left`);
}

function linkOf(header: Buffer): { readonly typeAt: number; readonly packetAt: number } {
  if (header.readUInt32LE(0) !== MAGIC_MICROSECONDS) throw new Error("this is no pcap file of this byte order");
  const type = header.readUInt32LE(20);
  const link = LINK_TYPES.get(type);
  if (!link) throw new Error(`captures of link type ${type} are not understood`);
  return link;
}

function parseFrame(frame: Buffer, wireLength: number, link: { typeAt: number; packetAt: number }): Packet {
  const kind = ETHER_TYPES.get(frame.readUInt16BE(link.typeAt));
  const packet = frame.subarray(link.packetAt);
  if (kind === "ip") return parseIp(packet, wireLength - link.packetAt);
  if (kind === "ipv6") return bare(ipv6Protocol(packet));
  return bare(kind ?? `ethernet type 0x${frame.readUInt16BE(link.typeAt).toString(16)}`);
}

function bare(protocol: string, from = "", to = ""): Packet {
  const none = { fromPort: 0, toPort: 0, sequence: 0, syn: false, ack: false, payload: Buffer.alloc(0) };
  return { ...none, protocol, from, to, payloadLength: 0 };
}

/** The lab's network has no IPv6: what a machine says to find out is named, and nothing else is looked into. */
function ipv6Protocol(packet: Buffer): string {
  const next = packet[6] === HOP_BY_HOP ? packet[40] : packet[6];
  const name = IP_PROTOCOLS.get(next) ?? `protocol ${next}`;
  return name === "icmpv6" ? name : `${name} over ipv6`;
}

function parseIp(packet: Buffer, wireLength: number): Packet {
  const headerLength = (packet[0] & 0x0f) * 4;
  // A frame may be padded; one that the sender's kernel leaves to be cut may say 0.
  const length = packet.readUInt16BE(2) || wireLength;
  const [from, to] = [12, 16].map((at) => packet.subarray(at, at + 4).join("."));
  const protocol = IP_PROTOCOLS.get(packet[9]) ?? `ip protocol ${packet[9]}`;
  const isFragment = (packet.readUInt16BE(6) & 0x3fff) !== 0;
  if (isFragment) return bare("ip fragment", from, to);
  if (protocol !== "tcp" && protocol !== "udp") return bare(protocol, from, to);

  const segment = packet.subarray(headerLength, Math.min(length, packet.length));
  const isTcp = protocol === "tcp";
  const dataAt = isTcp ? (segment[12] >> 4) * 4 : 8;
  return {
    ...{ protocol, from, to, fromPort: segment.readUInt16BE(0), toPort: segment.readUInt16BE(2) },
    sequence: isTcp ? segment.readUInt32BE(4) : 0,
    syn: isTcp && (segment[13] & 0x02) !== 0,
    ack: isTcp && (segment[13] & 0x10) !== 0,
    payload: segment.subarray(dataAt),
    payloadLength: length - headerLength - dataAt,
  };
}
