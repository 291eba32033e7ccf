import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { OpenSearchAuthentication, OpenSearchCluster } from "../../../lib";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import type { OthersMachine } from "../others/others-machine";
import { addUserSecrets } from "../others/user-secrets";

export const OPENSEARCH_PORT = 9200;
/** By which clients know the server; its certificate is for it. */
export const OPENSEARCH_HOST = "node-1.search.example.internal";
export const SEARCH_MACHINE = "search-server";
export const SEARCH_SERVER: OthersMachine = { name: SEARCH_MACHINE, host: OPENSEARCH_HOST };
/** What jobs find it by. */
export const CONNECTION = "search";
/** What jobs may write; and an index that their user may not, whatever is said to nodes. */
export const INDICES = "orders-*";
export const MORE_INDICES = "payments";
/** Users of OpenSearch, and the secret of each; with the last one jobs have nothing to do. */
export const SECRETS = { writer: "lab/search/writer", other: "lab/search/other" } as const;
export const OPENSEARCH_KEY_ALIAS = "alias/lab-search-users";

/** What jobs may write to. */
export interface OpenSearchSettings {
  /** PEM of who signed the server's certificate: not known to the machines' operating system. */
  readonly authority: string;
  readonly indices: readonly string[];
}

/** Passwords of OpenSearch's users, under a key of their own: others keep them, and were there before the cluster. */
export class OpenSearchUsersStack extends TerraformStack {
  public readonly writer: OpenSearchAuthentication;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const names = Object.values(SECRETS);
    const [writer] = addUserSecrets(this, { system: "OpenSearch", keyAlias: OPENSEARCH_KEY_ALIAS, names });
    this.writer = OpenSearchAuthentication.basic(writer);
  }
}

/** Lets jobs write indices of a server that is in no group but one of its own; gives its id. */
export function connectToOpenSearch(
  streaming: StreamingStack,
  { writer }: OpenSearchUsersStack,
  { authority, indices }: OpenSearchSettings,
): string {
  const servers = new SecurityGroup(streaming, "search-servers", {
    vpcId: streaming.network.vpcId,
    description: "Servers of OpenSearch",
    revokeRulesOnDelete: true,
  });
  const search = OpenSearchCluster.fromOpenSearchClusterAttributes(streaming, CONNECTION, {
    ...{ host: OPENSEARCH_HOST, port: OPENSEARCH_PORT, securityGroupId: servers.id },
    ...{ authentication: writer, certificateAuthorities: authority },
  });
  streaming.flink.writeTo(search.indices(...indices));
  return servers.id;
}
