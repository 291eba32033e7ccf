import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LogDestination, LogIntegration, Size } from "../../../lib";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import { OPENSEARCH_HOST, OPENSEARCH_PORT, OpenSearchUsersStack } from "../opensearch/opensearch-stacks";

/** Where logs go. */
export interface LogsSettings {
  /** PEM of who signed the server's certificate: not known to the machines' operating system. */
  readonly authority: string;
  /** Lines that a node keeps of each process: 20 files' worth. */
  readonly bufferMebibytes: number;
}

/** Lets nodes write their logs to a server that is in no group but one of its own; gives its id. */
export function shipLogs(
  streaming: StreamingStack,
  { writer }: OpenSearchUsersStack,
  { authority, bufferMebibytes }: LogsSettings,
): string {
  const servers = new SecurityGroup(streaming, "search-servers", {
    vpcId: streaming.network.vpcId,
    description: "Servers of OpenSearch",
    revokeRulesOnDelete: true,
  });
  new LogIntegration(streaming, "logs", {
    source: streaming.flink,
    destination: LogDestination.openSearch({
      ...{ host: OPENSEARCH_HOST, port: OPENSEARCH_PORT, securityGroupId: servers.id },
      ...{ authentication: writer, certificateAuthorities: authority },
    }),
    bufferSize: Size.mebibytes(bufferMebibytes),
  });
  return servers.id;
}
