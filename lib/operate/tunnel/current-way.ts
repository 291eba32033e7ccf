import type { OperatedCluster, RestNode } from "../operated-cluster";
import { openWay, type TlsOf } from "./open-way";
import type { IWays, Way } from "./way";

/** One way to a cluster at a time: when a node goes, the next caller gets a way to another one. */
export class CurrentWay {
  private opening?: Promise<Way>;
  private current?: Way;
  /** The one that went. */
  private last?: RestNode;
  private isClosed = false;

  /**
   * @param ways how nodes are reached
   * @param find the nodes as they are just now, those that are well first
   * @param tls how they are called
   */
  public constructor(
    private readonly ways: IWays,
    private readonly find: () => Promise<Pick<OperatedCluster, "nodes">>,
    private readonly tls: TlsOf,
  ) {}

  /** The way that is open, or a new one. */
  public get(): Promise<Way> {
    if (this.isClosed) return Promise.reject(new Error("the tunnel is closed"));
    this.opening ??= this.open();
    return this.opening;
  }

  /** Says that a way leads nowhere: the next caller gets another one, if possible to another node. */
  public async giveUp(way: Way): Promise<void> {
    // Another caller may have said so before.
    if (this.current === way) {
      this.last = way.node;
      this.current = undefined;
      this.opening = undefined;
    }
    await way.close();
  }

  /** Ends for good. */
  public async close(): Promise<void> {
    this.isClosed = true;
    const way = await this.opening?.catch(() => undefined);
    await way?.close();
  }

  private async open(): Promise<Way> {
    try {
      const { nodes } = await this.find();
      const isLast = ({ name }: RestNode): boolean => name === this.last?.name;
      const inOrder = [...nodes.filter((node) => !isLast(node)), ...nodes.filter(isLast)];
      const way = await openWay(this.ways, inOrder, this.tls);
      this.current = way;
      void way.ended.then(() => this.giveUp(way));
      return way;
    } catch (failure) {
      // The next caller tries again.
      this.opening = undefined;
      throw failure;
    }
  }
}
