import { createPublicKey, KeyObject, X509Certificate } from "node:crypto";
import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { PrivateCaError, type PrivateAuthorities } from "../core/private-ca/private-ca";
import { authorityName, trustAnchor } from "../core/x509/authority";
import { authorityAlias, type AuthorityKind } from "../core/x509/authority-names";
import { issue, issueByRequest, type KeyAndCertificate, type LeafRequest } from "../core/x509/leaf";
import { accessProblem, awsProblem } from "./access-problem";
import { nodeReports, reportingNodes, type ClusterBucket } from "./node-status";
import { Problem } from "./problem";

/** A certificate for the REST API, and whom its holder trusts. */
export interface ClientCertificate extends KeyAndCertificate {
  /** What signed the certificates of the nodes. */
  readonly nodeAuthority: X509Certificate;
  /** What signed this one. */
  readonly clientAuthority: X509Certificate;
}

export interface ClientCertificateOptions {
  readonly from: ClusterBucket;
  readonly kms: KMSClient;
  /** The cluster's authorities where they are of AWS Private CA; default: its keys in KMS, found by their aliases. */
  readonly privateAuthorities?: NamedPrivateAuthorities;
  readonly validitySeconds: number;
  readonly now?: Date;
}

/** Two authorities of AWS Private CA, and the way to them. */
export interface NamedPrivateAuthorities {
  readonly service: PrivateAuthorities;
  readonly nodeAuthorityArn: string;
  readonly clientAuthorityArn: string;
}

/**
 * Makes a key pair on this machine and lets the client authority of a cluster sign a certificate for it, with the
 * caller's own AWS identity, who needs `kms:Sign` and `kms:GetPublicKey` for the client authority, `kms:GetPublicKey`
 * for the node authority, and to list and read the nodes' reports in the bucket. Of private authorities the caller needs,
 * beside the reports, `acm-pca:IssueCertificate` and `acm-pca:GetCertificate` for the client authority, and
 * `acm-pca:GetCertificateAuthorityCertificate` for both.
 */
export async function clientCertificate(options: ClientCertificateOptions): Promise<ClientCertificate> {
  const { from, kms, privateAuthorities, validitySeconds, now = new Date() } = options;
  const request: LeafRequest = {
    subject: { organization: from.cluster, commonName: "Flink operator" },
    hosts: [],
    addresses: [],
    serverAuth: false,
    validitySeconds,
  };
  if (privateAuthorities) return byPrivateAuthority(from, request, privateAuthorities, now);
  const clientKey = await publicKey(kms, "client", from.cluster);
  const authority = {
    name: authorityName("client", from.cluster),
    key: clientKey,
    sign: (message: Uint8Array) => sign(kms, from.cluster, message),
  };
  const nodeAuthority = await nodeAuthorityOf(from, await publicKey(kms, "node", from.cluster));
  const own = await issue(request, authority, now);
  return { ...own, nodeAuthority, clientAuthority: trustAnchor(authority.name, clientKey) };
}

async function byPrivateAuthority(
  from: ClusterBucket,
  request: LeafRequest,
  { service, nodeAuthorityArn, clientAuthorityArn }: NamedPrivateAuthorities,
  now: Date,
): Promise<ClientCertificate> {
  const asked = async <T>(arn: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (failure) {
      const noAccess = accessProblem(failure);
      if (noAccess) throw noAccess;
      if (!(failure instanceof PrivateCaError)) throw failure;
      throw new Problem(`the authority ${arn} refused: ${failure.message}`, { cause: failure });
    }
  };
  const [nodeAuthority] = await asked(nodeAuthorityArn, () => service.chain(nodeAuthorityArn));
  const clientChain = await asked(clientAuthorityArn, () => service.chain(clientAuthorityArn));
  const [clientAuthority] = clientChain;
  // Before anything is asked: the two may be mixed up, or the first be another cluster's. Of the second no node tells.
  await reportedAuthority(from, (reported) => reported.publicKey.equals(nodeAuthority.publicKey));
  if (clientChain.some(({ publicKey }) => publicKey.equals(nodeAuthority.publicKey))) {
    throw new Problem(
      `--client-authority is ${clientAuthorityArn}, which is the node authority or below it: give the other one`,
    );
  }
  const own = await issueByRequest(
    request,
    (signingRequest, validity) =>
      asked(clientAuthorityArn, async () => {
        const arn = clientAuthorityArn;
        return service.collect(
          arn,
          await service.order(arn, signingRequest, validity, "EndEntityClientAuthCertificate"),
        );
      }),
    now,
  );
  if (!own.certificate.verify(clientAuthority.publicKey)) {
    throw new Problem(`the certificate that ${clientAuthorityArn} made is not signed by its key`);
  }
  return { ...own, nodeAuthority, clientAuthority };
}

/** The certificate that the nodes report, if it is of the authority's own key: a report alone proves nothing. */
function nodeAuthorityOf(from: ClusterBucket, key: KeyObject): Promise<X509Certificate> {
  return reportedAuthority(from, (reported) => reported.publicKey.equals(key) && reported.verify(key));
}

async function reportedAuthority(
  from: ClusterBucket,
  isRight: (reported: X509Certificate) => boolean,
): Promise<X509Certificate> {
  for (const report of await nodeReports(from, await reportingNodes(from))) {
    const certificate = parse(report.certificates?.nodeAuthority);
    if (certificate && isRight(certificate)) return certificate;
  }
  throw new Problem(
    `no node of ${from.cluster} has reported a certificate of the cluster's node authority to ${from.bucket}: ` +
      "wait until the nodes are healthy, or check --cluster and --bucket",
  );
}

function parse(pem: string | undefined): X509Certificate | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

async function publicKey(kms: KMSClient, kind: AuthorityKind, cluster: string): Promise<KeyObject> {
  const KeyId = authorityAlias(kind, cluster);
  try {
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    return createPublicKey({ key: Buffer.from(PublicKey!), format: "der", type: "spki" });
  } catch (failure) {
    throw kmsProblem("kms:GetPublicKey", KeyId, cluster, failure);
  }
}

async function sign(kms: KMSClient, cluster: string, message: Uint8Array): Promise<Uint8Array> {
  const KeyId = authorityAlias("client", cluster);
  const SigningAlgorithm = "RSASSA_PKCS1_V1_5_SHA_256";
  try {
    const answer = await kms.send(new SignCommand({ KeyId, MessageType: "RAW", Message: message, SigningAlgorithm }));
    return answer.Signature!;
  } catch (failure) {
    throw kmsProblem("kms:Sign", KeyId, cluster, failure);
  }
}

function kmsProblem(action: string, alias: string, cluster: string, failure: unknown): Problem {
  if ((failure as Error).name === "NotFoundException") {
    return new Problem(
      `there is no key ${alias} in this region: check --cluster ${cluster} and --region, or give --node-authority and ` +
        "--client-authority where its authorities are of AWS Private CA",
      { cause: failure },
    );
  }
  return awsProblem(`${action} with ${alias}`, failure);
}
