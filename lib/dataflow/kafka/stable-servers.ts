import { Construct } from "constructs";
import { heldValue } from "../../core/terraform/held-value";

export interface StableServersProps {
  readonly clusterArn: string;
  /** As Amazon MSK names them, separated by commas. */
  readonly servers: string;
}

/**
 * Brokers to begin with, as they were when they were first asked for. Amazon MSK names one of each zone, and another time
 * another one of those that it has there: what nodes are told would change with every apply, and with it the nodes.
 */
export class StableServers extends Construct {
  /** Separated by commas. */
  public readonly text: string;

  public constructor(scope: Construct, id: string, { clusterArn, servers }: StableServersProps) {
    super(scope, id);
    this.text = heldValue(this, "servers", servers, { cluster: clusterArn });
  }
}
