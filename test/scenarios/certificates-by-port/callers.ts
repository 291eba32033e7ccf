import { CERTIFICATE_HOLDERS } from "../../../lib/node/certificate-holders";
import { issue } from "../../../lib/core/x509/leaf";
import { certificatesPem, keyPem } from "../../../lib/core/x509/pem";
import { localAuthority } from "../../support/local-authority";
import { SessionNode } from "../flink-session";
import { Shown } from "./expected-answers";
import { Caller } from "./tls-probe";

/** Somebody who calls a port. */
export interface NamedCaller extends Caller {
  /** Whose certificate; of callers that no port takes, whatever they show, undefined. */
  readonly shows?: Shown;
}

/** What a right certificate does not open: another version, another mode, no forward secrecy. */
const MISFITS: readonly Caller[] = [
  { name: "node, TLS 1.3", version: "TLSv1.3" },
  { name: "node, CBC", version: "TLSv1.2", cipher: "ECDHE-RSA-AES256-SHA384" },
  { name: "node, RSA key exchange", version: "TLSv1.2", cipher: "AES256-GCM-SHA384" },
];

/** All who try the ports of a node from another one. */
export async function callersOn(from: SessionNode, operator: string, cluster: string): Promise<NamedCaller[]> {
  const own: NamedCaller[] = [];
  for (const { process, files } of CERTIFICATE_HOLDERS) {
    // A node without a ZooKeeper has no certificate for one.
    const pair = await from.machine.run(["sh", "-c", `cat ${files.pem} 2>/dev/null || true`]);
    if (pair !== "") own.push({ name: `node (${process})`, shows: "node", pair });
  }
  if (own.length === 0) throw new Error(`${from.name} has no certificate of its own`);
  return [
    { name: "none", shows: "none" },
    { name: "foreign", shows: "foreign", pair: await foreignPair(cluster, from) },
    { name: "client", shows: "client", pair: operator },
    ...own,
    ...MISFITS.map((misfit) => ({ ...misfit, pair: own[0].pair })),
  ];
}

/**
 * Key and certificate as the caller's node has them, to the last name, but for who signed: an authority of the same
 * name with another key.
 */
export async function foreignPair(cluster: string, node: { name: string; host: string }): Promise<string> {
  const request = {
    subject: { organization: cluster, unit: "jobmanager", commonName: node.name },
    ...{ hosts: [node.host], addresses: [], serverAuth: true, validitySeconds: 3600 },
  };
  const { key, certificate } = await issue(request, localAuthority("node", cluster), new Date());
  return keyPem(key) + certificatesPem(certificate);
}
