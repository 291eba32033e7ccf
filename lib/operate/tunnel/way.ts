import type { RestNode } from "../operated-cluster";

/** Where a node's REST API can be called on this machine, for as long as the way is open. */
export interface Way {
  readonly node: RestNode;
  readonly address: string;
  readonly port: number;
  /** Resolves with why, once it leads nowhere any more. */
  readonly ended: Promise<string>;
  /** A second time it does nothing. */
  close(): Promise<void>;
}

/** Ways to nodes. */
export interface IWays {
  /**
   * Begins one, which need not carry anything yet. Rejects with a `Problem` where no other node could be reached either.
   *
   * @param node where it leads
   */
  open(node: RestNode): Promise<Way>;
}

/** From a machine that reaches the nodes itself, such as one of the office's network behind a VPN. */
export class DirectWays implements IWays {
  public open(node: RestNode): Promise<Way> {
    const ended = new Promise<string>(() => undefined);
    return Promise.resolve({ node, address: node.host, port: node.port, ended, close: () => Promise.resolve() });
  }
}
