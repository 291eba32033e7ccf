import { Issuer, KeyAndCertificate } from "../../lab/authority";
import type { Deployment } from "../deployment";
import { OpenSearchServer } from "./opensearch-server";
import { ensureOpenSearch } from "./opensearch-software";
import { OPENSEARCH_HOST, SEARCH_MACHINE } from "./opensearch-stacks";

const PATIENCE = 180_000;

/**
 * Starts OpenSearch on the machine that its stack made for it.
 *
 * @param authority signs its certificate
 */
export async function startServer(
  { lab }: Deployment,
  flinkVersion: string,
  authority: KeyAndCertificate,
): Promise<OpenSearchServer> {
  const machine = lab.machine(SEARCH_MACHINE);
  await lab.waitFor(() => machine.cloudInitResult(), {
    ...{ timeout: PATIENCE, what: `${machine.name} to be configured` },
  });
  const [software, certificate] = await Promise.all([
    ensureOpenSearch(),
    new Issuer(authority).certificateFor(OPENSEARCH_HOST),
  ]);
  return OpenSearchServer.start({ machine, certificate, authority: authority.certificate, software, flinkVersion });
}
