import { Construct } from "constructs";
import { requireConstruct } from "../../core/terraform/refusals";
import { refuse, requireOptionsOf } from "../../core/validation";
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

const ADDRESS = "the argument of LogDestination.openSearch";
const EXAMPLE =
  '{ host: "search.example.internal", port: 9200, securityGroupId: "sg-…", authentication: OpenSearchAuthentication.basic({ … }) }';

/** Daily indices of a cluster of OpenSearch. */
export abstract class OpenSearchTarget implements LogTarget {
  public readonly title = "OpenSearch";
  public readonly hasIndices = true;

  public bind(integration: Construct, input: LogTargetInput): BoundLogTarget {
    const { indexPrefix, timeoutSeconds } = input;
    const sink = this.indices(integration, indicesWith(indexPrefix));
    const connection = sink._connection;
    const prepare = this.preparation(input);
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
      setupCommand: prepare ? undefined : setupCommand(connection.url, input),
      prepare,
      services: connection.credential ? ["secretsmanager"] : [],
      allowances: (scope) => sink._allowancesToWrite(scope),
      requirements: sink._requirements(),
    };
  }

  protected abstract indices(integration: Construct, pattern: string): OpenSearchIndices;

  /** What has the deploy give the indices their types and their end; nothing where it cannot. */
  protected abstract preparation(input: LogTargetInput): (() => void) | undefined;
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

  protected preparation({ indexPrefix, retentionDays }: LogTargetInput): (() => void) | undefined {
    const { search } = this;
    if (!(search instanceof OpenSearchCluster) || !search._isProvisioned) return undefined;
    return () =>
      search._provide({
        templates: [{ name: logIndexTemplateName(indexPrefix), body: { ...logIndexTemplate(indexPrefix) } }],
        policies: [
          { name: logRetentionPolicyId(indexPrefix), body: { ...logRetentionPolicy(indexPrefix, retentionDays) } },
        ],
      });
  }
}

/** Of a cluster at an address. */
export class OpenSearchAddressTarget extends OpenSearchTarget {
  public constructor(private readonly address: OpenSearchAddress) {
    super();
    if (Construct.isConstruct(address)) {
      refuse({
        property: ADDRESS,
        value: `the construct ${address.node.path}`,
        allowed: "an address as an object of options",
        remedy: "use LogDestination.openSearchCluster for a construct",
      });
    }
    requireOptionsOf(ADDRESS, address, OPENSEARCH_ADDRESS, EXAMPLE);
  }

  protected indices(integration: Construct, pattern: string): OpenSearchIndices {
    return OpenSearchIndices._of(openSearchConnection(integration, "logs", this.address), [pattern]);
  }

  /** Whoever administers it is not ours to be. */
  protected preparation(): undefined {
    return undefined;
  }
}
