import { once } from "node:events";
import { AddressInfo, connect, createServer, Server, Socket } from "node:net";
import * as tls from "node:tls";
import { authorityCertificate } from "../../../lib/core/x509/authority";
import { issue, SigningAuthority } from "../../../lib/core/x509/leaf";
import { certificatesPem, keyPem } from "../../../lib/core/x509/pem";
import { localAuthority } from "../../support/local-authority";

/** Bytes of one direction, in the parts that they came in. */
export interface Said {
  readonly fromCaller: boolean;
  readonly bytes: Buffer;
}

/** Key, certificate and authority, PEM. */
interface Identity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

export async function testIdentity(): Promise<Identity> {
  const authority: SigningAuthority = localAuthority("node", "recorded");
  const certificate = await authorityCertificate(authority.name, authority.key, authority.sign);
  const request = {
    subject: { organization: "recorded", commonName: "node" },
    ...{ hosts: ["localhost"], addresses: ["127.0.0.1"], serverAuth: true, validitySeconds: 600 },
  };
  const own = await issue(request, authority, new Date());
  return { key: keyPem(own.key), cert: certificatesPem(own.certificate), ca: certificatesPem(certificate) };
}

export interface TlsSettings {
  readonly version: tls.SecureVersion;
  readonly ciphers?: string;
  /** Whether the caller has a certificate to show. */
  readonly callerHasCertificate: boolean;
  /** Whether the callee asks for one and refuses to go on without. */
  readonly calleeAsks: boolean;
}

/** Holds a real conversation over TLS on loopback, echoing `message`, and gives all that passed the wire. */
export async function recordTls(identity: Identity, settings: TlsSettings, message: Buffer): Promise<Said[]> {
  const versions = { minVersion: settings.version, maxVersion: settings.version, ciphers: settings.ciphers };
  const server = tls.createServer(
    { ...identity, ...versions, requestCert: settings.calleeAsks, rejectUnauthorized: settings.calleeAsks },
    (socket) => socket.on("error", () => undefined).pipe(socket),
  );
  server.on("tlsClientError", () => undefined);
  const said: Said[] = [];
  const inners: Socket[] = [];
  const proxy = createServer((outer) => {
    const inner = connect(portOf(server), "127.0.0.1");
    inners.push(inner);
    recordBetween(outer, inner, said);
  });
  await Promise.all([listen(server), listen(proxy)]);
  const own = settings.callerHasCertificate ? { key: identity.key, cert: identity.cert } : {};
  const caller = tls.connect({ port: portOf(proxy), host: "127.0.0.1", ca: identity.ca, ...own, ...versions });
  caller.on("error", () => undefined);
  caller.once("secureConnect", () => caller.write(message));
  let echoed = 0;
  caller.on("data", (part: Buffer) => {
    echoed += part.length;
    if (echoed >= message.length) caller.end();
  });
  // A refusal is an error of the socket, and none of the recording.
  await new Promise<void>((resolve) => caller.once("close", () => resolve()));
  await Promise.all([server, proxy].map((one) => new Promise((resolve) => one.close(resolve))));
  // Once the caller has gone nobody reads them, and none would see that the callee has gone too.
  inners.forEach((inner) => inner.destroy());
  return said;
}

function recordBetween(outer: Socket, inner: Socket, said: Said[]): void {
  for (const [from, to, fromCaller] of [
    [outer, inner, true],
    [inner, outer, false],
  ] as const) {
    from.on("data", (bytes: Buffer) => said.push({ fromCaller, bytes }));
    from.on("error", () => to.destroy());
    from.pipe(to);
  }
}

async function listen(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
