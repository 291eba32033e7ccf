import { createHash, X509Certificate } from "crypto";
import * as path from "path";
import { CERTIFICATE_HOLDERS } from "../../certificate-holders";
import { CLIENT_AUTHORITY, NODE_AUTHORITY } from "../../tls-paths";
import { readIfThere } from "../files";

/**
 * A hash, for each unit that shows a certificate, of what lies on disk for it: its key pair and whom it trusts. A unit
 * reads them when it starts and never again.
 */
export async function certificateInputs(root = "/"): Promise<ReadonlyMap<string, string>> {
  const inputs = CERTIFICATE_HOLDERS.map(async ({ unit, files }): Promise<[string, string]> => {
    const hash = createHash("sha256");
    const pair = await readIfThere(path.join(root, files.pem));
    hash.update(`${pair?.length ?? "none"}\n`).update(pair ?? "");
    for (const authority of [NODE_AUTHORITY, CLIENT_AUTHORITY]) {
      hash.update(trustOf(await readIfThere(path.join(root, authority))));
    }
    return [unit, hash.digest("hex")];
  });
  return new Map(await Promise.all(inputs));
}

/**
 * What an authority is trusted by: its name and its key. Java does not look when it ends (RFC 5280, 6.1.1 d), so that
 * nobody restarts because its owner gave it a longer life.
 */
function trustOf(pem: Buffer | undefined): string {
  if (!pem) return "none\n";
  try {
    const { subject, publicKey } = new X509Certificate(pem);
    return `${subject}\n${publicKey.export({ type: "spki", format: "pem" }).toString()}`;
  } catch {
    return `no certificate: ${pem.toString("hex")}\n`;
  }
}
