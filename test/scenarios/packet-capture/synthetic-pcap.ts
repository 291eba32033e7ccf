/** One frame of a capture that a test makes up. */
export interface SyntheticPacket {
  readonly protocol: "tcp" | "udp";
  readonly from: readonly [address: string, port: number];
  readonly to: readonly [address: string, port: number];
  readonly sequence?: number;
  readonly flags?: number;
  readonly payload?: Buffer;
}

export const SYN = 0x02;
export const SYN_ACK = 0x12;
export const ACK = 0x10;

const LINUX_COOKED_2 = 276;
const SNAPLEN = 262_144;

/** A capture file as tcpdump writes it of all links of a network. */
export function syntheticPcap(packets: readonly SyntheticPacket[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(SNAPLEN, 16);
  header.writeUInt32LE(LINUX_COOKED_2, 20);
  return Buffer.concat([header, ...packets.flatMap((packet, index) => record(packet, index))]);
}

function record(packet: SyntheticPacket, index: number): Buffer[] {
  const frame = Buffer.concat([link(), ip(packet)]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(1_700_000_000 + index, 0);
  header.writeUInt32LE(frame.length, 8);
  header.writeUInt32LE(frame.length, 12);
  return [header, frame];
}

function link(): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(0x0800, 0);
  header.writeUInt32BE(2, 4);
  header.writeUInt16BE(1, 8);
  header[11] = 6;
  return header;
}

function ip(packet: SyntheticPacket): Buffer {
  const segment = packet.protocol === "tcp" ? tcp(packet) : udp(packet);
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + segment.length, 2);
  header[8] = 64;
  header[9] = packet.protocol === "tcp" ? 6 : 17;
  const address = (text: string) => Buffer.from(text.split(".").map(Number));
  address(packet.from[0]).copy(header, 12);
  address(packet.to[0]).copy(header, 16);
  return Buffer.concat([header, segment]);
}

function tcp({ from, to, sequence = 0, flags = ACK, payload = Buffer.alloc(0) }: SyntheticPacket): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from[1], 0);
  header.writeUInt16BE(to[1], 2);
  header.writeUInt32BE(sequence, 4);
  header[12] = 5 << 4;
  header[13] = flags;
  return Buffer.concat([header, payload]);
}

function udp({ from, to, payload = Buffer.alloc(0) }: SyntheticPacket): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(from[1], 0);
  header.writeUInt16BE(to[1], 2);
  header.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([header, payload]);
}
