import { Construct } from "constructs";
import { requireConstruct } from "../../core/terraform/refusals";
import { requireOptionsOf } from "../../core/validation";
import { IOpenSearchCluster } from "../../dataflow/opensearch/i-opensearch-cluster";
import {
  OPENSEARCH_ADDRESS,
  OpenSearchAddress,
  openSearchConnection,
} from "../../dataflow/opensearch/opensearch-address";
import { OpenSearchIndices } from "../../dataflow/opensearch/opensearch-indices";
import { indicesWith } from "../opensearch-objects/index-names";
import { BoundLogTarget, LogTarget, LogTargetInput } from "./log-target";

/** Daily indices of a cluster of OpenSearch. */
export abstract class OpenSearchTarget implements LogTarget {
  public readonly title = "OpenSearch";
  public readonly hasIndices = true;

  public bind(integration: Construct, input: LogTargetInput): BoundLogTarget {
    const { indexPrefix, timeoutSeconds } = input;
    const sink = this.indices(integration, indicesWith(indexPrefix));
    const connection = sink._connection;
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
      services: connection.credential ? ["secretsmanager"] : [],
      allowances: (scope) => sink._allowancesToWrite(scope),
      requirements: sink._requirements(),
    };
  }

  protected abstract indices(integration: Construct, pattern: string): OpenSearchIndices;
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
}
