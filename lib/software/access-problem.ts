import { Problem } from "./problem";

/** What the services call credentials that are over. */
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired|RequestExpired|TokenProviderError)$/;
/** What they call keys that nobody has, or that do not fit. */
const UNKNOWN_KEY =
  /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidToken|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|MissingAuthenticationToken)$/;
const WRONG_CLOCK = /^(RequestTimeTooSkewed|RequestInTheFuture)$/;
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|Forbidden|403)$/;
const THROTTLED =
  /^(SlowDown|Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|RequestThrottled|RequestThrottledException|ProvisionedThroughputExceededException)$/;
/** The SDK's own words for what took too long. */
const TIMED_OUT = /^(TimeoutError|RequestTimeout|AbortError)$/;
/** No answer from where the region's name leads. */
const NO_SUCH_HOST: ReadonlySet<unknown> = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "EPIPE",
]);
/** What OpenSSL calls a certificate whose authority is not known. */
const UNTRUSTED: ReadonlySet<unknown> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
/** `User: arn:… is not authorized to perform: s3:GetObject on resource: "arn:…" because no identity-based policy …`. */
const WHAT_IS_DENIED = /is not authorized to perform: ([\w-]+:\w+)(?: on (?:the )?resource:? "?([^\s"]+)"?)?/;

/** A call that the identity behind the credentials may not make; whose they are, is worth being told. */
export class NotAllowed extends Problem {}

/**
 * What to tell of a call of AWS that failed, whichever service it was for: one sentence, with the way out.
 *
 * @param doing what was tried, such as `reading the reports in the bucket my-checkpoints`
 */
export function awsProblem(doing: string, failure: unknown): Problem {
  if (failure instanceof Problem) return failure;
  const { name, message, status, code } = partsOf(failure);
  const told = (text: string): Problem => new Problem(text, { cause: failure });
  const noAccess = accessProblem(failure);
  if (noAccess) return noAccess;
  if (DENIED.test(name) || status === 403) return notAllowed(doing, failure);
  if (THROTTLED.test(name) || status === 429) {
    return told(`${doing}: AWS is asked too often just now (${name}): try again in a minute`);
  }
  if (NO_SUCH_HOST.has(code)) {
    return told(`${doing}: there is no such address: check the region, and whether there is a network (${message})`);
  }
  if (UNREACHABLE.has(code) || TIMED_OUT.test(name)) {
    return told(
      `${doing}: AWS cannot be reached: check the network, and HTTPS_PROXY where one leads out (${message || name})`,
    );
  }
  if (UNTRUSTED.has(code)) {
    return told(
      `${doing}: the certificate of AWS is not trusted (${message}): where a proxy of your company shows its own, name the authority's file in NODE_EXTRA_CA_CERTS`,
    );
  }
  if (status !== undefined && status >= 500) return told(`${doing}: AWS failed (${name}): try again`);
  return told(`${doing} failed: ${message || name}`);
}

/** Whether a call, or what was told of it, failed for what passes by itself: the network, or AWS's own state. */
export function mayPass(failure: unknown): boolean {
  const { name, status, code } = partsOf(failure instanceof Problem ? failure.cause : failure);
  if (THROTTLED.test(name) || TIMED_OUT.test(name)) return true;
  return NO_SUCH_HOST.has(code) || UNREACHABLE.has(code) || (status !== undefined && (status === 429 || status >= 500));
}

/** What to tell of a call that failed for want of credentials or of a region, whichever service it was for. */
export function accessProblem(failure: unknown): Problem | undefined {
  const { name, message } = partsOf(failure);
  const told = (text: string): Problem => new Problem(text, { cause: failure });
  const profile = process.env.AWS_PROFILE ? ` for the profile ${process.env.AWS_PROFILE}` : "";
  if (EXPIRED.test(name) || (name === "CredentialsProviderError" && /expired/i.test(message))) {
    return told(`the AWS credentials have expired${profile}: sign in again (${message})`);
  }
  if (name === "CredentialsProviderError") {
    return told(`no AWS credentials were found${profile}: sign in, or set AWS_PROFILE (${message})`);
  }
  if (UNKNOWN_KEY.test(name)) {
    return told(`AWS does not know the credentials${profile}: sign in anew, or set AWS_PROFILE (${message})`);
  }
  if (WRONG_CLOCK.test(name)) {
    return told(`the clock of this machine differs too much from that of AWS: set it (${message})`);
  }
  if (/region is missing/i.test(message)) {
    return told("the region is not known: give it as --region, or set AWS_REGION");
  }
  if (/region not accepted/i.test(message)) {
    return told(`the region is none (${message}): give one such as eu-west-1 as --region, or in AWS_REGION`);
  }
  return undefined;
}

function notAllowed(doing: string, failure: unknown): Problem {
  const { name, message } = partsOf(failure);
  const [, action, resource] = WHAT_IS_DENIED.exec(message) ?? [];
  const onWhat = resource === undefined ? "" : ` on ${resource}`;
  const what = action === undefined ? name : `${action}${onWhat}`;
  return new NotAllowed(`${doing} is not allowed (${what}): use credentials that may do it`, { cause: failure });
}

interface Parts {
  readonly name: string;
  /** On one line, to stand within a sentence of ours. */
  readonly message: string;
  readonly status?: number;
  readonly code?: unknown;
}

function partsOf(failure: unknown): Parts {
  const { name, message, code, $metadata } = (failure ?? {}) as NodeJS.ErrnoException & {
    $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    name: String(name ?? ""),
    message: String(message ?? failure)
      .replace(/\s+/g, " ")
      .trim()
      .replace(/\.$/, ""),
    status: $metadata?.httpStatusCode,
    code,
  };
}
