import { HandshakeMessage } from "./tls-records";

/** Types of a handshake's messages (RFC 5246, 7.4). */
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_HELLO_DONE = 14;
/** Extension of TLS 1.3 that says which version it really is (RFC 8446, 4.2.1). */
const SUPPORTED_VERSIONS = 43;

const VERSIONS = new Map([
  [0x0301, "TLSv1"],
  [0x0302, "TLSv1.1"],
  [0x0303, "TLSv1.2"],
  [0x0304, "TLSv1.3"],
]);

/** Names of the suites that are met, as IANA and Java have them; others are told by number. */
const SUITES = new Map([
  [0x1301, "TLS_AES_128_GCM_SHA256"],
  [0x1302, "TLS_AES_256_GCM_SHA384"],
  [0x1303, "TLS_CHACHA20_POLY1305_SHA256"],
  [0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
  [0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
  [0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
  [0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
  [0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"],
  [0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"],
]);

/**
 * Whether the caller showed a certificate: `shown`; `none`; `resumed`: a session that began with one or without, in an
 * earlier connection; `hidden`: TLS 1.3 encrypts it.
 */
export type CallerCertificate = "shown" | "none" | "resumed" | "hidden";

/** What a handshake agreed on. */
export interface Handshake {
  readonly version: string;
  readonly cipher: string;
  readonly callerCertificate: CallerCertificate;
}

/** What both sides said; undefined where the callee agreed on nothing, or its answer was not seen. */
export function readHandshake(
  caller: readonly HandshakeMessage[],
  callee: readonly HandshakeMessage[],
): Handshake | undefined {
  const hello = callee.find(({ type }) => type === SERVER_HELLO)?.body;
  if (!hello) return undefined;
  const sessionEnd = 35 + hello[34];
  const cipher = hello.readUInt16BE(sessionEnd);
  const version = versionOf(hello, sessionEnd + 3);
  return {
    version: VERSIONS.get(version) ?? `0x${version.toString(16)}`,
    cipher: SUITES.get(cipher) ?? `0x${cipher.toString(16).padStart(4, "0")}`,
    callerCertificate: callerCertificate(version, caller, callee),
  };
}

function versionOf(hello: Buffer, extensionsAt: number): number {
  for (let at = extensionsAt + 2; at + 4 <= hello.length; at += 4 + hello.readUInt16BE(at + 2)) {
    if (hello.readUInt16BE(at) === SUPPORTED_VERSIONS) return hello.readUInt16BE(at + 4);
  }
  return hello.readUInt16BE(0);
}

function callerCertificate(
  version: number,
  caller: readonly HandshakeMessage[],
  callee: readonly HandshakeMessage[],
): CallerCertificate {
  if (version >= 0x0304) return "hidden";
  if (!callee.some(({ type }) => type === SERVER_HELLO_DONE)) return "resumed";
  // A caller that has none says so with an empty list.
  const list = caller.find(({ type }) => type === CERTIFICATE)?.body;
  return list && list.length > 3 ? "shown" : "none";
}
