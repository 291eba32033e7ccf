import { KeyObject, sign as signWith, X509Certificate } from "node:crypto";
import * as forge from "node-forge";
import type { PrivateAuthorities } from "../../lib/core/private-ca/private-ca";
import type { PrivateCaTemplate } from "../../lib/core/private-ca/private-ca-arn";
import type { Validity } from "../../lib/core/x509/validity";
import { LocalKey, localKey } from "./local-authority";

interface Authority {
  readonly certificate: forge.pki.Certificate;
  readonly key: LocalKey;
  readonly name: string;
  readonly parentArn?: string;
}

const REGION = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority";

/** Of the first authority of each instance, of the second, and so on: to make them takes a second each. */
const KEYS: LocalKey[] = [];

/** Authorities on this machine that play those of AWS Private CA: they check a signing request, and make what its template says. */
export class LocalPrivateCa implements PrivateAuthorities {
  /** Templates of the certificates that were made, in their order. */
  public readonly issued: PrivateCaTemplate[] = [];
  public refuses = false;
  /** How many it makes before it refuses. */
  public refusesAfter = Infinity;
  /** Leaves alternative names out, as a template of another kind does. */
  public forgetsNames = false;
  private readonly authorities = new Map<string, Authority>();

  /** Makes an authority, below another one or by itself; gives its ARN. */
  public create(name: string, parentArn?: string): string {
    const arn = `${REGION}/00000000-0000-0000-0000-${String(this.authorities.size).padStart(12, "0")}`;
    const key = (KEYS[this.authorities.size] ??= localKey());
    this.authorities.set(arn, { certificate: this.certify(name, key, parentArn, 2036), key, name, parentArn });
    return arn;
  }

  /** Its owner gives an authority a longer life. */
  public renew(arn: string): void {
    const authority = this.authorities.get(arn)!;
    const { name, key, parentArn } = authority;
    this.authorities.set(arn, { ...authority, certificate: this.certify(name, key, parentArn, 2046) });
  }

  public forget(arn: string): void {
    this.authorities.delete(arn);
  }

  /** Plays what the service never does: another one answers for an authority. */
  public replace(arn: string, by: string): void {
    this.authorities.set(arn, this.authorities.get(by)!);
  }

  private certify(name: string, key: LocalKey, parentArn: string | undefined, untilYear: number) {
    const certificate = forge.pki.createCertificate();
    const parent = parentArn === undefined ? undefined : this.authorities.get(parentArn)!;
    const subject = [{ name: "commonName", value: name }];
    certificate.publicKey = forge.pki.publicKeyFromPem(key.publicKey.export({ type: "spki", format: "pem" }) as string);
    certificate.serialNumber = "01";
    certificate.validity.notBefore = new Date("2026-01-01T00:00:00Z");
    certificate.validity.notAfter = new Date(`${untilYear}-01-01T00:00:00Z`);
    certificate.setSubject(subject);
    certificate.setIssuer(parent ? parent.certificate.subject.attributes : subject);
    certificate.setExtensions([
      { name: "basicConstraints", critical: true, cA: true },
      { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
    ]);
    signCertificate(certificate, (parent?.key ?? key).privateKey);
    return certificate;
  }

  public async chain(authorityArn: string): Promise<X509Certificate[]> {
    const { certificate, parentArn } = this.authorities.get(authorityArn)!;
    return [x509(certificate), ...(parentArn === undefined ? [] : await this.chain(parentArn))];
  }

  /** Plays a service that gives out nothing of what it made. */
  public keeps = false;
  private readonly made = new Map<string, X509Certificate>();

  public collect(_: string, certificateArn: string): Promise<X509Certificate> {
    if (this.keeps) return Promise.reject(new Error("kept"));
    return Promise.resolve(this.made.get(certificateArn)!);
  }

  public order(
    authorityArn: string,
    signingRequest: string,
    { notBefore, notAfter }: Validity,
    template: PrivateCaTemplate,
  ): Promise<string> {
    const authority = this.authorities.get(authorityArn)!;
    const request = forge.pki.certificationRequestFromPem(signingRequest);
    if (!request.verify()) throw new Error("the signing request is not signed by its own key");
    if (this.refuses || this.issued.length >= this.refusesAfter) throw new Error("refused");
    this.issued.push(template);
    const asked = request.getAttribute({ name: "extensionRequest" }) as { extensions: object[] } | null;
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = request.publicKey!;
    certificate.serialNumber = `40${String(this.issued.length).padStart(30, "0")}`;
    certificate.validity.notBefore = notBefore;
    certificate.validity.notAfter = notAfter;
    certificate.setSubject(request.subject.attributes);
    certificate.setIssuer(authority.certificate.subject.attributes);
    certificate.setExtensions([
      { name: "basicConstraints", critical: true, cA: false },
      { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: template === "EndEntityCertificate", clientAuth: true },
      ...(this.forgetsNames ? [] : (asked?.extensions ?? [])),
    ]);
    signCertificate(certificate, authority.key.privateKey);
    const arn = `${authorityArn}/certificate/${this.issued.length}`;
    this.made.set(arn, x509(certificate));
    return Promise.resolve(arn);
  }
}

/** Signs by Node.js: forge's own arithmetic takes fifty times as long. */
function signCertificate(certificate: forge.pki.Certificate, key: KeyObject): void {
  let signed = "";
  const digest = { algorithm: "sha256", update: (bytes: string) => (signed += bytes) };
  const sign = () => signWith("sha256", Buffer.from(signed, "binary"), key).toString("binary");
  certificate.sign({ sign } as never, digest as never);
}

function x509(certificate: forge.pki.Certificate): X509Certificate {
  return new X509Certificate(forge.pki.certificateToPem(certificate));
}
