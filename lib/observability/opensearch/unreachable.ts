/** No answer came, for a reason that a person can do something about: one sentence. */
export class OpenSearchUnreachable extends Error {
  /** Whether the same call may succeed later. */
  public readonly mayPass = true;

  public constructor(message: string, options: { readonly cause: unknown }) {
    super(message, options);
    this.name = "OpenSearchUnreachable";
  }
}

const NO_NAME = ["ENOTFOUND", "EAI_AGAIN"];
const NO_WAY = ["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT"];
const NO_TLS = /^(EPROTO|ERR_SSL_.*)$/;
/** What OpenSSL finds about a certificate, as Node.js names it. */
const NO_TRUST = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_)/;

/** What to do where the destination lies in a network that this machine does not see. */
const TUNNEL =
  "where it lies in a network of its own, run the command on a machine there, or open a tunnel and name its near end with --connect-to";

/** The sentence for a call that was not answered. */
export function unreachable(
  url: URL,
  failure: unknown,
  connectTo?: { readonly host: string; readonly port: number },
): OpenSearchUnreachable {
  const { code = "", message } = causeOf(failure);
  const place = connectTo ? `${connectTo.host}:${connectTo.port}` : `${url.hostname}:${url.port || "443"}`;
  const told = (text: string): OpenSearchUnreachable => new OpenSearchUnreachable(text, { cause: failure });
  if (NO_NAME.includes(code)) {
    return told(`the name ${connectTo?.host ?? url.hostname} cannot be resolved: check it; ${TUNNEL}`);
  }
  if (code === "ECONNREFUSED") return told(`nobody listens at ${place}: check the port; ${TUNNEL}`);
  if (NO_WAY.includes(code)) return told(`${place} does not answer: ${TUNNEL}`);
  if (NO_TRUST.test(code)) {
    return told(
      `the certificate of ${url.hostname} is not trusted (${message}): name the file of the authorities that sign it with --ca`,
    );
  }
  if (NO_TLS.test(code)) return told(`${place} does not speak TLS, or another one than this machine (${message})`);
  return told(`OpenSearch at ${place} did not answer: ${message || code}`);
}

/** Of several attempts the first, and of a failure of the client what brought it about. */
function causeOf(failure: unknown): { readonly code?: string; readonly message: string } {
  const error = failure as NodeJS.ErrnoException & { readonly cause?: unknown; readonly errors?: readonly unknown[] };
  if (error.errors?.length) return causeOf(error.errors[0]);
  if (error.cause instanceof Error && error.code === undefined) return causeOf(error.cause);
  return { code: error.code, message: (error.message ?? "").replace(/\s+/g, " ").trim() };
}
