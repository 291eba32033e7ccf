import { Construct } from "constructs";
import { requireConstruct } from "../../core/terraform/refusals";
import { requireOptionsOf } from "../../core/validation";
import { IOpenSearchCluster } from "../../dataflow/opensearch/i-opensearch-cluster";
import {
  OPENSEARCH_ADDRESS,
  OpenSearchAddress,
  openSearchConnection,
} from "../../dataflow/opensearch/opensearch-address";
import { OpenSearchCluster } from "../../dataflow/opensearch/opensearch-cluster";
import { OpenSearchIndices } from "../../dataflow/opensearch/opensearch-indices";
import { indicesWith } from "../opensearch-objects/index-names";
import { logIndexTemplate, logIndexTemplateName } from "../opensearch-objects/index-template";
import { logRetentionPolicy, logRetentionPolicyId } from "../opensearch-objects/retention-policy";
import { BoundLogTarget, LogTarget, LogTargetInput } from "./log-target";

/** Daily indices of a cluster of OpenSearch. */
export abstract class OpenSearchTarget implements LogTarget {
  public readonly title = "OpenSearch";
  public readonly hasIndices = true;

  public bind(integration: Construct, input: LogTargetInput): BoundLogTarget {
    const { indexPrefix, timeoutSeconds } = input;
    const sink = this.indices(integration, indicesWith(indexPrefix));
    const connection = sink._connection;
    const isPrepared = this.prepare(input);
    return {
      spec: {
        kind: "opensearch",
        url: connection.url,
        indexPrefix,
        login: connection.logLogin(),
        certificateAuthorities: connection.certificateAuthorities,
        timeoutSeconds,
        proxy: connection.reach.proxy,
      },
      sink,
      setupCommand: isPrepared ? undefined : setupCommand(connection.url, input),
      services: connection.credential ? ["secretsmanager"] : [],
      allowances: (scope) => sink._allowancesToWrite(scope),
      requirements: sink._requirements(),
    };
  }

  protected abstract indices(integration: Construct, pattern: string): OpenSearchIndices;

  /** Has the deploy give the indices their types and their end, where it can; whether it does. */
  protected abstract prepare(input: LogTargetInput): boolean;
}

function setupCommand(url: string, { indexPrefix, retentionDays }: LogTargetInput): string {
  return `npx cdktf-flink prepare-logs --url ${url} --index-prefix ${indexPrefix} --retention-days ${retentionDays}`;
}

/** Of a cluster that the program has as a construct. */
export class OpenSearchClusterTarget extends OpenSearchTarget {
  public constructor(private readonly search: IOpenSearchCluster) {
    super();
    requireConstruct(
      "the argument of LogDestination.openSearchCluster",
      search,
      ["host", "port", "indices"],
      "an OpenSearchCluster, or OpenSearchCluster.fromOpenSearchClusterAttributes()",
      "create one and pass it, or use LogDestination.openSearch",
    );
  }

  protected indices(_: Construct, pattern: string): OpenSearchIndices {
    return this.search.indices(pattern);
  }

  protected prepare({ indexPrefix, retentionDays }: LogTargetInput): boolean {
    const { search } = this;
    if (!(search instanceof OpenSearchCluster) || !search._isProvisioned) return false;
    search._provide({
      templates: [{ name: logIndexTemplateName(indexPrefix), body: { ...logIndexTemplate(indexPrefix) } }],
      policies: [
        { name: logRetentionPolicyId(indexPrefix), body: { ...logRetentionPolicy(indexPrefix, retentionDays) } },
      ],
    });
    return true;
  }
}

/** Of a cluster at an address. */
export class OpenSearchAddressTarget extends OpenSearchTarget {
  public constructor(private readonly address: OpenSearchAddress) {
    super();
    requireOptionsOf("the argument of LogDestination.openSearch", address, OPENSEARCH_ADDRESS);
  }

  protected indices(integration: Construct, pattern: string): OpenSearchIndices {
    return OpenSearchIndices._of(openSearchConnection(integration, "logs", this.address), [pattern]);
  }

  /** Whoever administers it is not ours to be. */
  protected prepare(): boolean {
    return false;
  }
}
