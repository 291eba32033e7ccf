import { Construct } from "constructs";
import { checkInputOf } from "../../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import { connectionName } from "../connection-name";
import { IOpenSearchCluster } from "./i-opensearch-cluster";
import { OPENSEARCH_ADDRESS, OpenSearchAddress, openSearchConnection } from "./opensearch-address";
import { OpenSearchConnection } from "./opensearch-connection";
import { OpenSearchIndices } from "./opensearch-indices";

/** An existing cluster of OpenSearch, as `OpenSearchCluster.fromOpenSearchClusterAttributes` takes it. */
export interface OpenSearchClusterAttributes extends OpenSearchAddress {
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}

const ATTRIBUTES: OptionNames<OpenSearchClusterAttributes> = { ...OPENSEARCH_ADDRESS, connectionName: true };

/** A cluster that others manage. Nothing of it is changed but that its security group lets nodes in. */
export class ExistingOpenSearchCluster extends Construct implements IOpenSearchCluster {
  public readonly host: string;
  public readonly port: number;
  private readonly connection: OpenSearchConnection;

  public constructor(scope: Construct, id: string, attributes: OpenSearchClusterAttributes) {
    super(scope, id);
    this.connection = checkInputOf(this, () => {
      requireOptionsOf("attributes", attributes, ATTRIBUTES);
      return openSearchConnection(this, connectionName(attributes.connectionName, id, "opensearch"), attributes);
    });
    this.host = attributes.host;
    [this.port] = this.connection.ports;
  }

  public indices(...names: string[]): OpenSearchIndices {
    return checkInputOf(this, () => OpenSearchIndices._of(this.connection, names));
  }
}
