import { X509Certificate } from "crypto";
import type { CertificatesSpec } from "../../desired-state";
import { authorityCertificate, authorityName, trustAnchor } from "../../../core/x509/authority";
import type { SigningAuthority } from "../../../core/x509/leaf";
import { certificatesPem, parseCertificates } from "../../../core/x509/pem";
import {
  AUTHORITIES_FILE,
  CLIENT_AUTHORITY,
  INTERNAL_TRUST_STORE,
  NODE_AUTHORITY,
  REST_TRUST_STORE,
} from "../../tls-paths";
import { readIfThere, writeFileAtomically } from "../files";
import { renderTrustStore } from "../trust-store";
import type { AuthorityKeys } from "./authority-keys";

type AuthorityArns = Pick<CertificatesSpec, "nodeAuthorityKeyArn" | "clientAuthorityKeyArn">;

/** The two authorities of a cluster, as a node knows them: kept on disk, so that a boot asks nobody. */
export class Authorities {
  /** From disk where they are there already, else from their keys. */
  public static async ensure(
    arns: AuthorityArns,
    cluster: string,
    keys: AuthorityKeys,
    at: (file: string) => string,
  ): Promise<Authorities> {
    const { nodeAuthorityKeyArn, clientAuthorityKeyArn } = arns;
    const origin = `${JSON.stringify({ nodeAuthorityKeyArn, clientAuthorityKeyArn, cluster }, null, 2)}\n`;
    const read = async (file: string) => (await readIfThere(at(file)))?.toString();
    const known = (await read(AUTHORITIES_FILE)) === origin;
    const kept = known ? parse(await read(NODE_AUTHORITY), await read(CLIENT_AUTHORITY)) : undefined;
    const [node, client] = kept ?? (await fetchAuthorities(arns, cluster, keys));

    await writeFileAtomically(at(NODE_AUTHORITY), certificatesPem(node));
    await writeFileAtomically(at(CLIENT_AUTHORITY), certificatesPem(client));
    await writeFileAtomically(at(INTERNAL_TRUST_STORE), renderTrustStore([node]));
    await writeFileAtomically(at(REST_TRUST_STORE), renderTrustStore([node, client]));
    // Last: what was cut before is done again.
    await writeFileAtomically(at(AUTHORITIES_FILE), origin);
    return new Authorities(node, {
      name: authorityName("node", cluster),
      key: node.publicKey,
      sign: (message) => keys.sign(nodeAuthorityKeyArn, message),
    });
  }

  private constructor(
    /** What everybody trusts who calls a node. */
    public readonly nodeCertificate: X509Certificate,
    public readonly node: SigningAuthority,
  ) {}
}

async function fetchAuthorities(
  { nodeAuthorityKeyArn, clientAuthorityKeyArn }: AuthorityArns,
  cluster: string,
  keys: AuthorityKeys,
): Promise<[X509Certificate, X509Certificate]> {
  const nodeKey = await keys.publicKey(nodeAuthorityKeyArn);
  const node = await authorityCertificate(authorityName("node", cluster), nodeKey, (message) =>
    keys.sign(nodeAuthorityKeyArn, message),
  );
  if (!node.verify(nodeKey)) throw new Error(`${nodeAuthorityKeyArn} has signed what its public key does not verify`);
  return [node, trustAnchor(authorityName("client", cluster), await keys.publicKey(clientAuthorityKeyArn))];
}

/** Undefined where a file is not there or not whole. */
function parse(...pems: readonly (string | undefined)[]): [X509Certificate, X509Certificate] | undefined {
  try {
    const [node, client] = pems.flatMap((pem) => parseCertificates(pem ?? ""));
    return node && client && node.verify(node.publicKey) ? [node, client] : undefined;
  } catch {
    return undefined;
  }
}
