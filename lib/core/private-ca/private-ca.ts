import { createHash, X509Certificate } from "crypto";
import { setTimeout as sleep } from "timers/promises";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { callAwsJson } from "../aws-json-call";
import { parseCertificates } from "../x509/pem";
import type { Validity } from "../x509/validity";
import { PRIVATE_CA_ARN, PrivateCaTemplate, templateArn } from "./private-ca-arn";

/** Existing authorities of AWS Private CA, by their ARNs. */
export interface PrivateAuthorities {
  /** The certificate of an authority itself, and after it those above it. */
  chain(authorityArn: string): Promise<readonly X509Certificate[]>;
  /** Has an authority make a certificate of a signing request (PEM), which is billed; gives the certificate's ARN. */
  order(authorityArn: string, signingRequest: string, validity: Validity, template: PrivateCaTemplate): Promise<string>;
  /** Waits for a certificate that was ordered. */
  collect(authorityArn: string, certificateArn: string): Promise<X509Certificate>;
}

export interface PrivateCaOptions {
  /** Such as `https://acm-pca.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly credentials: Provider<AwsCredentialIdentity>;
  /** Between two looks. Default: 1 second. */
  readonly pauseMillis?: number;
  /** How long a certificate is waited for, and a service that is busy or out of reach. Default: 30 seconds. */
  readonly patienceMillis?: number;
}

/** What the service answered instead of doing it. */
export class PrivateCaError extends Error {
  public constructor(
    /** Such as `AccessDeniedException`. */
    public readonly code: string,
    message: string,
    /** Of HTTP. */
    public readonly status: number,
  ) {
    super(`${code}: ${message}`);
    this.name = code;
  }
}

const CALL_MILLIS = 20_000;
/** What goes by: a certificate takes a second or two, and until then the service answers that it is being made. */
const PASSING = ["RequestInProgressException", "ThrottlingException"];
/** The service takes no longer ones. */
const TOKEN_LENGTH = 36;

/**
 * AWS Private CA, of which three calls are used. @see https://docs.aws.amazon.com/privateca/latest/APIReference/Welcome.html
 */
export class PrivateCa implements PrivateAuthorities {
  public constructor(private readonly options: PrivateCaOptions) {}

  public async chain(authorityArn: string): Promise<readonly X509Certificate[]> {
    const answer = await this.patiently("GetCertificateAuthorityCertificate", authorityArn, {});
    const above = typeof answer.CertificateChain === "string" ? parseCertificates(answer.CertificateChain) : [];
    return [first(answer.Certificate, authorityArn), ...above];
  }

  public async order(
    authorityArn: string,
    signingRequest: string,
    { notBefore, notAfter }: Validity,
    template: PrivateCaTemplate,
  ): Promise<string> {
    const moment = (date: Date) => ({ Type: "ABSOLUTE", Value: Math.floor(date.getTime() / 1000) });
    const [, partition] = PRIVATE_CA_ARN.exec(authorityArn)!;
    const { CertificateArn } = await this.patiently("IssueCertificate", authorityArn, {
      // Asked twice with it, the service makes and bills one certificate.
      IdempotencyToken: createHash("sha256").update(signingRequest).digest("hex").slice(0, TOKEN_LENGTH),
      Csr: Buffer.from(signingRequest).toString("base64"),
      SigningAlgorithm: "SHA256WITHRSA",
      TemplateArn: templateArn(partition, template),
      Validity: moment(notAfter),
      ValidityNotBefore: moment(notBefore),
    });
    return CertificateArn as string;
  }

  public async collect(authorityArn: string, CertificateArn: string): Promise<X509Certificate> {
    const answer = await this.patiently("GetCertificate", authorityArn, { CertificateArn });
    return first(answer.Certificate, authorityArn);
  }

  /** For what may be asked twice. */
  private async patiently(
    action: string,
    authorityArn: string,
    parameters: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { pauseMillis = 1_000, patienceMillis = 30_000 } = this.options;
    const end = Date.now() + patienceMillis;
    for (;;) {
      try {
        return await this.call(action, authorityArn, parameters);
      } catch (error) {
        if (!isPassing(error) || Date.now() + pauseMillis > end) throw error;
        await sleep(pauseMillis);
      }
    }
  }

  private async call(
    action: string,
    authorityArn: string,
    parameters: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const [, , region] = PRIVATE_CA_ARN.exec(authorityArn)!;
    const { status, body, code, message } = await callAwsJson({
      service: "acm-pca",
      region,
      endpoint: this.options.endpoint,
      target: `ACMPrivateCA.${action}`,
      parameters: { CertificateAuthorityArn: authorityArn, ...parameters },
      credentials: this.options.credentials,
      signal: AbortSignal.timeout(CALL_MILLIS),
    });
    if (status === 200 && body) return body;
    if (code !== undefined) throw new PrivateCaError(code, message ?? "it says no more", status);
    throw new PrivateCaError("UnknownError", `HTTP ${status} from AWS Private CA`, status);
  }
}

/** Whether it may be otherwise in a moment: also where nobody answered at all, but not where nobody could ask. */
function isPassing(error: unknown): boolean {
  if (error instanceof PrivateCaError) return error.status >= 500 || PASSING.includes(error.code);
  return (error as Error).name !== "CredentialsProviderError";
}

function first(pem: unknown, authorityArn: string): X509Certificate {
  const [certificate] = typeof pem === "string" ? parseCertificates(pem) : [];
  if (!certificate) throw new Error(`${authorityArn} answered without a certificate`);
  return certificate;
}
