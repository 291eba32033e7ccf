import { FlinkNetwork, RemovalPolicy } from "../../lib";

/** Where a sink stands, and what becomes of it. */
export interface SinkPlace {
  readonly network: FlinkNetwork;
  readonly removalPolicy?: RemovalPolicy;
}
