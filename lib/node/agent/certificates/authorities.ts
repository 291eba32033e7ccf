import { X509Certificate } from "crypto";
import type { CertificatesSpec } from "../../desired-state";
import type { PrivateAuthorities } from "../../../core/private-ca/private-ca";
import { isPrivateCa } from "../../../core/private-ca/private-ca-arn";
import { authorityCertificate, authorityName, trustAnchor } from "../../../core/x509/authority";
import { issue, issueByRequest, KeyAndCertificate, LeafRequest } from "../../../core/x509/leaf";
import { certificatesPem, parseCertificates } from "../../../core/x509/pem";
import {
  AUTHORITIES_FILE,
  CLIENT_AUTHORITY,
  INTERNAL_TRUST_STORE,
  NODE_AUTHORITY,
  REST_TRUST_STORE,
} from "../../tls-paths";
import { readIfThere, writeFileAtomically } from "../files";
import { describeError, log } from "../log";
import { renderTrustStore } from "../trust-store";
import type { AuthorityKeys } from "./authority-keys";

type AuthorityArns = Pick<CertificatesSpec, "nodeAuthorityArn" | "clientAuthorityArn">;

/** What authorities are asked through: keys in KMS, or AWS Private CA, as their ARNs say. */
export interface AuthorityServices {
  readonly keys: AuthorityKeys;
  readonly privateAuthorities: PrivateAuthorities;
}

/** The two authorities of a cluster, as a node knows them: kept on disk, so that a boot asks nobody. */
export class Authorities {
  /** From disk where they are there already, else from where they live. */
  public static async ensure(
    arns: AuthorityArns,
    cluster: string,
    services: AuthorityServices,
    at: (file: string) => string,
  ): Promise<Authorities> {
    const { nodeAuthorityArn, clientAuthorityArn } = arns;
    const origin = `${JSON.stringify({ nodeAuthorityArn, clientAuthorityArn, cluster }, null, 2)}\n`;
    const read = async (file: string) => (await readIfThere(at(file)))?.toString();
    const known = (await read(AUTHORITIES_FILE)) === origin;
    const kept = known ? parse(await read(NODE_AUTHORITY), await read(CLIENT_AUTHORITY)) : undefined;
    const [node, client] = kept ?? (await fetchAuthorities(arns, cluster, services));
    const authorities = new Authorities(node, client, { arns, cluster, services, at, origin });
    await authorities.lay();
    return authorities;
  }

  private constructor(
    /** What everybody trusts who calls a node. */
    public readonly nodeCertificate: X509Certificate,
    private readonly clientCertificate: X509Certificate,
    private readonly known: {
      readonly arns: AuthorityArns;
      readonly cluster: string;
      readonly services: AuthorityServices;
      readonly at: (file: string) => string;
      /** What is written down of where they come from. */
      readonly origin: string;
    },
  ) {}

  /** Writes down whom the node's processes trust. */
  public async lay(): Promise<void> {
    const { nodeCertificate: node, clientCertificate: client } = this;
    const { at, origin } = this.known;
    await writeFileAtomically(at(NODE_AUTHORITY), certificatesPem(node));
    await writeFileAtomically(at(CLIENT_AUTHORITY), certificatesPem(client));
    await writeFileAtomically(at(INTERNAL_TRUST_STORE), renderTrustStore([node]));
    await writeFileAtomically(at(REST_TRUST_STORE), renderTrustStore([node, client]));
    // Last: what was cut before is done again.
    await writeFileAtomically(at(AUTHORITIES_FILE), origin);
  }

  /**
   * The same authorities as they are now; nothing is written down. Where a certificate of a key in KMS has no end, one of
   * a private authority is renewed by its owner, for the same key.
   */
  public async asTheyAre(): Promise<Authorities> {
    const { arns, services } = this.known;
    if (!isPrivateCa(arns.nodeAuthorityArn)) return this;
    const [node] = await services.privateAuthorities.chain(arns.nodeAuthorityArn);
    if (!node.publicKey.equals(this.nodeCertificate.publicKey)) {
      throw new Error(`${arns.nodeAuthorityArn} has another key than it had: the nodes would not trust each other`);
    }
    return new Authorities(node, await this.clientAsItIs(node), this.known);
  }

  /** As it was where it cannot be had: no node is to end for want of an authority that signs for others. */
  private async clientAsItIs(node: X509Certificate): Promise<X509Certificate> {
    const { arns, services } = this.known;
    let chain: readonly X509Certificate[];
    try {
      chain = await services.privateAuthorities.chain(arns.clientAuthorityArn);
    } catch (error) {
      log(`the client authority is taken as it was: ${describeError(error)}`);
      return this.clientCertificate;
    }
    requireApart(node, chain);
    return chain[0];
  }

  /** A key pair with a certificate of the node authority. */
  public async issue(request: LeafRequest, now: Date): Promise<KeyAndCertificate> {
    const pair = await this.pair(request, now);
    if (!pair.certificate.verify(this.nodeCertificate.publicKey)) {
      throw new Error("what the node authority has signed is not verified by its public key");
    }
    const { hosts, addresses } = request;
    const left = [
      ...hosts.filter((host) => pair.certificate.checkHost(host) === undefined),
      ...addresses.filter((address) => pair.certificate.checkIP(address) === undefined),
    ];
    if (left.length > 0) throw new Error(`the node authority left ${left.join(", ")} out of a certificate`);
    return pair;
  }

  private pair(request: LeafRequest, now: Date): Promise<KeyAndCertificate> {
    const { arns, cluster, services } = this.known;
    const arn = arns.nodeAuthorityArn;
    if (isPrivateCa(arn)) {
      return issueByRequest(
        request,
        async (signingRequest, validity) => {
          const { privateAuthorities: service } = services;
          return service.collect(arn, await service.order(arn, signingRequest, validity, "EndEntityCertificate"));
        },
        now,
      );
    }
    const sign = (message: Uint8Array) => services.keys.sign(arn, message);
    return issue(request, { name: authorityName("node", cluster), key: this.nodeCertificate.publicKey, sign }, now);
  }
}

async function fetchAuthorities(
  { nodeAuthorityArn, clientAuthorityArn }: AuthorityArns,
  cluster: string,
  { keys, privateAuthorities }: AuthorityServices,
): Promise<[X509Certificate, X509Certificate]> {
  if (isPrivateCa(nodeAuthorityArn)) {
    const [node] = await privateAuthorities.chain(nodeAuthorityArn);
    const [client, ...aboveClient] = await privateAuthorities.chain(clientAuthorityArn);
    requireApart(node, [client, ...aboveClient]);
    return [node, client];
  }
  const nodeKey = await keys.publicKey(nodeAuthorityArn);
  const node = await authorityCertificate(authorityName("node", cluster), nodeKey, (message) =>
    keys.sign(nodeAuthorityArn, message),
  );
  if (!node.verify(nodeKey)) throw new Error(`${nodeAuthorityArn} has signed what its public key does not verify`);
  return [node, trustAnchor(authorityName("client", cluster), await keys.publicKey(clientAuthorityArn))];
}

/** Flink's internal ports trust all that the node authority has signed, directly or not. */
function requireApart(node: X509Certificate, clientChain: readonly X509Certificate[]): void {
  for (const [kind, certificate] of Object.entries({ node, client: clientChain[0] })) {
    if (!certificate.ca) throw new Error(`the certificate of the ${kind} authority is none of an authority`);
    if (certificate.publicKey.asymmetricKeyType !== "rsa") {
      throw new Error(`the ${kind} authority has no RSA key, which the cipher suites of the cluster are for`);
    }
  }
  if (clientChain.some(({ publicKey }) => publicKey.equals(node.publicKey)) || clientChain[0].verify(node.publicKey)) {
    throw new Error("the client authority is the node authority or below it: operators would pass for nodes");
  }
}

/** Undefined where a file is not there or not whole. */
function parse(...pems: readonly (string | undefined)[]): [X509Certificate, X509Certificate] | undefined {
  try {
    const [node, client] = pems.flatMap((pem) => parseCertificates(pem ?? ""));
    const isWhole = ({ subject, issuer, publicKey }: X509Certificate) => subject !== issuer || node.verify(publicKey);
    return node && client && isWhole(node) ? [node, client] : undefined;
  } catch {
    return undefined;
  }
}
