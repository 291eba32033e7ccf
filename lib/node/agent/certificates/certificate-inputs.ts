import { createHash } from "crypto";
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
    for (const file of [files.pem, NODE_AUTHORITY, CLIENT_AUTHORITY]) {
      const content = await readIfThere(path.join(root, file));
      hash.update(`${content?.length ?? "none"}\n`).update(content ?? "");
    }
    return [unit, hash.digest("hex")];
  });
  return new Map(await Promise.all(inputs));
}
