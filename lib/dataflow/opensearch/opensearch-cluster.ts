import { Construct } from "constructs";
import { ExistingOpenSearchCluster, OpenSearchClusterAttributes } from "./existing-opensearch-cluster";
import { IOpenSearchCluster } from "./i-opensearch-cluster";

/** OpenSearch as a sink of jobs: a cluster that speaks TLS, and knows its users by IAM or by passwords. */
export class OpenSearchCluster {
  /**
   * A cluster of OpenSearch that exists already, a domain of Amazon OpenSearch Service or your own.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes where it is, and who jobs are for it
   */
  public static fromOpenSearchClusterAttributes(
    scope: Construct,
    id: string,
    attributes: OpenSearchClusterAttributes,
  ): IOpenSearchCluster {
    return new ExistingOpenSearchCluster(scope, id, attributes);
  }

  private constructor() {}
}
