import { unlinkSync } from "fs";
import { Resolver } from "dns/promises";
import { connect, createServer, isIP, type Socket } from "net";
import { RESOLVER_ADDRESS } from "../namespace";

/**
 * Plays the agent of Session Manager on a machine, in whose network it runs: of what comes in on a unix socket the first
 * line says where to, and the rest goes there, as that machine would reach it by its own resolver and firewall.
 */
const [socketPath] = process.argv.slice(2);
const MOST_HEADER_BYTES = 1024;

interface Destination {
  readonly host: string;
  readonly port: number;
}

const resolver = new Resolver();
resolver.setServers([RESOLVER_ADDRESS]);

createServer((outer) => {
  outer.on("error", () => outer.destroy());
  destinationOf(outer)
    .then((destination) => carry(outer, destination))
    .catch((error: Error) => outer.end(`${error.message.replace(/\s+/g, " ")}\n`));
}).listen(socketPath);
// Who started it holds its standard input open.
process.stdin.resume().on("end", () => {
  unlinkSync(socketPath);
  process.exit(0);
});

/** The first line, and nothing of what follows. */
async function destinationOf(outer: Socket): Promise<Destination> {
  let header = Buffer.alloc(0);
  for (;;) {
    const end = header.indexOf("\n");
    if (end >= 0) {
      outer.unshift(header.subarray(end + 1));
      return JSON.parse(header.subarray(0, end).toString("utf8")) as Destination;
    }
    if (header.length > MOST_HEADER_BYTES) throw new Error("no destination was named");
    const chunk = (outer.read() ?? (await nextChunk(outer))) as Buffer;
    header = Buffer.concat([header, chunk]);
  }
}

function nextChunk(outer: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    outer.once("readable", () => resolve((outer.read() as Buffer | null) ?? Buffer.alloc(0)));
    outer.once("close", () => reject(new Error("nothing was named")));
  });
}

/** An empty line says that it carries; any other, why it does not. */
async function carry(outer: Socket, { host, port }: Destination): Promise<void> {
  const [address] = isIP(host) ? [host] : await resolver.resolve4(host);
  const inner = connect(port, address);
  await new Promise<void>((resolve, reject) => inner.once("connect", resolve).once("error", reject));
  outer.write("\n");
  outer.pipe(inner).pipe(outer);
  inner.on("error", () => outer.destroy());
  outer.on("close", () => inner.destroy());
}
