import { createSocket } from "dgram";
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  Packet,
  RECURSION_AVAILABLE,
  streamDecode,
  streamEncode,
} from "dns-packet";
import { createServer, Socket } from "net";
import { Resolution } from "./names";

/** Answers who asks (an address) for a name and a type. */
export type Resolver = (from: string, name: string, type: string) => Resolution;

const CODES = { NOERROR: 0, NXDOMAIN: 3 };
const LONGEST_DATAGRAM = 1232;
const TRUNCATED = 0x200;

/** A name server over UDP and TCP on addresses of its own, so that an answer comes from where it was asked. */
export class NameServer {
  private readonly addresses = new Set<string>();

  public constructor(private readonly resolver: Resolver) {}

  /** Listens on an address; does nothing if it does. */
  public async listen(address: string): Promise<void> {
    if (this.addresses.has(address)) return;
    this.addresses.add(address);
    await Promise.all([this.listenForDatagrams(address), this.listenForStreams(address)]);
  }

  private listenForDatagrams(address: string): Promise<void> {
    const socket = createSocket("udp4");
    socket.on("message", (message, sender) => {
      const answer = this.answer(sender.address, () => decode(message));
      if (!answer) return;
      let bytes = encode(answer);
      if (bytes.length > LONGEST_DATAGRAM) {
        bytes = encode({ ...answer, flags: (answer.flags ?? 0) | TRUNCATED, answers: [] });
      }
      socket.send(bytes, sender.port, sender.address);
    });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(53, address, resolve);
    });
  }

  private listenForStreams(address: string): Promise<void> {
    const server = createServer((socket) => this.serveStream(socket));
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(53, address, resolve);
    });
  }

  private serveStream(socket: Socket): void {
    let pending = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.setTimeout(30_000, () => socket.destroy());
    socket.on("data", (part: Buffer) => {
      pending = Buffer.concat([pending, part]);
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const length = 2 + pending.readUInt16BE(0);
        const message = pending.subarray(0, length);
        pending = pending.subarray(length);
        const answer = this.answer(socket.remoteAddress ?? "", () => streamDecode(message));
        if (answer) socket.write(streamEncode(answer));
      }
    });
  }

  /** Undefined for what is no question. */
  private answer(from: string, parse: () => Packet | null): Packet | undefined {
    let query: Packet | null;
    try {
      query = parse();
    } catch {
      return undefined;
    }
    const question = query?.questions?.[0];
    if (!query || !question) return undefined;
    const { code, answers } = this.resolver(from, question.name, question.type);
    return {
      type: "response",
      id: query.id,
      // The response code is the low four bits of the flags.
      flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | ((query.flags ?? 0) & 0x100) | CODES[code],
      questions: [question],
      answers: [...answers],
    };
  }
}
