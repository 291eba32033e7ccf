import * as fs from "fs";
import * as path from "path";
import { authorityCertificate, trustAnchor } from "../../../lib/core/x509/authority";
import { issue } from "../../../lib/core/x509/leaf";
import { certificatesPem, keyPem } from "../../../lib/core/x509/pem";
import { localAuthority, localKey } from "../../support/local-authority";

/** PEM files of a cluster's node authority and of one process of a node that is reached at 127.0.0.1. */
export interface NodeTls {
  readonly authority: string;
  /** Key and certificate in one file. */
  readonly pair: string;
}

/** Makes them in a folder; two calls make two clusters that do not trust each other. */
export async function makeNodeTls(folder: string): Promise<NodeTls> {
  fs.mkdirSync(folder, { recursive: true });
  const authority = localAuthority("node", "orders");
  const certificate = await authorityCertificate(authority.name, authority.key, authority.sign);
  const pair = await issue(
    {
      subject: { organization: "orders", unit: "jobmanager", commonName: "orders-node-1" },
      hosts: ["localhost"],
      addresses: ["127.0.0.1"],
      serverAuth: true,
      validitySeconds: 3600,
    },
    authority,
    new Date(),
  );
  const files = { authority: path.join(folder, "authority.pem"), pair: path.join(folder, "pair.pem") };
  fs.writeFileSync(files.authority, certificatesPem(certificate));
  fs.writeFileSync(files.pair, keyPem(pair.key) + certificatesPem(pair.certificate, certificate));
  return files;
}

/** A client authority's anchor, for stores that hold both. */
export function makeClientAnchor() {
  const key = localKey();
  return trustAnchor(localAuthority("client", "orders", key).name, key.publicKey);
}
