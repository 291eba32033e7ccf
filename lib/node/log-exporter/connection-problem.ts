import { describeError } from "../agent/log";

/** What a connection was to reach, and how. */
export interface ConnectionAttempt {
  readonly url: URL;
  readonly proxy?: { readonly host: string; readonly port: number };
  /** There where the time ran out. */
  readonly timeoutSeconds?: number;
}

const TIMEOUTS = new Set(["ETIMEDOUT", "ESOCKETTIMEDOUT"]);
const NO_NAME = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME"]);
const NO_WAY = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EACCES", "EPERM"]);
const ENDED = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);
/**
 * OpenSSL's words for a chain that leads to nobody who is trusted, or is not valid.
 * https://nodejs.org/docs/latest-v22.x/api/tls.html#x509-certificate-error-codes
 */
const CERTIFICATE = /CERT|ISSUER|CRL|LEAF_SIGNATURE|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE|HOSTNAME_MISMATCH/;

/** Whether what is in the way is a certificate, which does not pass by itself. */
export function isOfCertificate(error: unknown): boolean {
  return CERTIFICATE.test((error as NodeJS.ErrnoException).code ?? "");
}

/** Why no answer came, in one sentence without a full stop. */
export function connectionProblem(error: unknown, { url, proxy, timeoutSeconds }: ConnectionAttempt): string {
  const { code = "", hostname } = error as NodeJS.ErrnoException & { readonly hostname?: string };
  const host = `${url.hostname}:${url.port === "" ? 443 : url.port}`;
  const next = proxy ? `the proxy ${proxy.host}:${proxy.port}` : host;
  if (timeoutSeconds !== undefined || TIMEOUTS.has(code)) {
    return `${host} does not answer${timeoutSeconds === undefined ? "" : ` within ${timeoutSeconds} s`}`;
  }
  if (NO_NAME.has(code)) return `the name ${hostname ?? proxy?.host ?? url.hostname} cannot be resolved`;
  if (code === "ECONNREFUSED") return `${next} refuses the connection`;
  if (NO_WAY.has(code)) return `no way leads to ${next}: ${code}`;
  if (isOfCertificate(error)) return `the certificate of ${host} is not trusted: ${describeError(error)}`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) return `${host} does not speak TLS: ${describeError(error)}`;
  if (ENDED.has(code)) return `${host} ended the connection`;
  return `${host} cannot be asked: ${describeError(error)}`;
}
