import { IConstruct } from "constructs";
import { OpenSearchIndices } from "./opensearch-indices";

/** A cluster of OpenSearch that jobs write, as one of its users. */
export interface IOpenSearchCluster extends IConstruct {
  /**
   * Name of the host that takes requests.
   * @attribute
   */
  readonly host: string;

  /**
   * TCP port.
   * @attribute
   */
  readonly port: number;

  /**
   * Indices, to hand to `writeTo` of a Flink cluster. There is no connector that reads.
   *
   * @param names of indices, one at least, as OpenSearch has them: lower case, at most 255 bytes; a `*` may stand for the
   *   rest of a name, after two characters at least, such as `orders-*`
   */
  indices(...names: string[]): OpenSearchIndices;
}
