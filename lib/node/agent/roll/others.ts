import type { NodeReport } from "../../report";
import type { ClusterBefore, RollReport } from "../../roll";
import { describeError } from "../log";
import type { Change } from "./change";
import { type FlinkView, runsWhole } from "./flink-view";
import { jobInPieces, nodeToMend, unhealthyNode, unreadyFlink } from "./gate";
import type { IllnessWatch } from "./illness";
import { type PeerReport, readPeers } from "./peers";
import type { RollProps } from "./rolling-node";
import { lackOfSlots } from "./task-slots";

/** Why a node that is healthy may not be stopped now. */
export interface Obstacle {
  /** One sentence without a full stop. */
  readonly reason: string;
  /** What people have to end first; absent where it may end by itself. */
  readonly waitsFor?: RollReport["waitsFor"];
  /** Name of the ill node that the change may mend: while this one keeps the lock, neither would ever go on. */
  readonly lets?: string;
  /** SHA-256 of the desired state that the ill node lacks; absent where it lacks none. */
  readonly letsTake?: string;
}

/** What stands around a node that may go down: the other nodes of the cluster, and Flink. */
export class Others {
  public constructor(
    private readonly props: RollProps,
    private readonly illness: IllnessWatch,
  ) {}

  /** Of itself a node knows more than its last report in the bucket. */
  public async reports(nodes: readonly string[]): Promise<Map<string, PeerReport>> {
    const { node, objects, place } = this.props;
    const peers = await readPeers(
      objects,
      place,
      nodes.filter((name) => name !== node.name),
    );
    return new Map([...peers, [node.name, { report: node.report(), ageSeconds: 0 }]]);
  }

  /** Why this node may not be stopped, or nothing. One that is ill already may, and its jobs may wait for just that. */
  public async obstacle(change: Change): Promise<Obstacle | undefined> {
    const { node } = this.props;
    const toStart = node.obstacleToStart(change);
    if (toStart !== undefined) return { reason: toStart };
    if (this.illness.isIll && change.mayMend) return this.lackOfSlotsWhileJobsRun(change);
    const reports = await this.reports(change.nodes);
    const unhealthy = unhealthyNode(change.nodes, reports);
    if (unhealthy !== undefined) {
      // It may wait for a change of another kind than this one.
      const isToBeMended = (report: NodeReport): boolean =>
        report.roll?.phase === "waiting" || (change.mayMend === true && !change.isDoneBy(report));
      const lets = nodeToMend(change.nodes, reports, (report) => !isToBeMended(report));
      const mayLet = node.report().status === "healthy" || !change.mayMend;
      if (lets === undefined || !mayLet) return { reason: unhealthy };
      return { reason: unhealthy, lets, letsTake: reports.get(lets)?.report.pending?.sha256 };
    }
    return this.obstacleInFlink(change);
  }

  public async obstacleInFlink({ nodes, slotsOfEach }: Change): Promise<Obstacle | undefined> {
    let flink: FlinkView;
    try {
      flink = await this.props.node.askFlink();
    } catch (error) {
      return { reason: `Flink cannot be asked: ${describeError(error)}` };
    }
    const unready = unreadyFlink(flink, nodes.length);
    if (unready !== undefined) return { reason: unready };
    // While all jobs run, they have what they need.
    return lackOfSlots(flink, nodes.length, slotsOfEach);
  }

  /** Of an ill node, while all jobs run, be it without it: they shall all run afterwards as well. */
  public async lackOfSlotsWhileJobsRun({ nodes, slotsOfEach }: Change): Promise<Obstacle | undefined> {
    const flink = await this.props.node.askFlink().catch(() => undefined);
    if (flink === undefined || jobInPieces(flink) !== undefined) return undefined;
    return lackOfSlots(flink, nodes.length, slotsOfEach);
  }

  public async clusterNow(change: Change): Promise<ClusterBefore> {
    const { node } = this.props;
    const report = node.report();
    const sha256 = report.running?.sha256 ?? "";
    // A node that is ill, and changed to be mended, may have no Flink to ask: then there is nothing to compare with.
    const nothing: FlinkView = { taskManagers: 0, jobs: [] };
    const now = report.status === "healthy" ? await node.askFlink() : await node.askFlink().catch(() => nothing);
    // Where the cluster gets smaller, the TaskManagers of nodes that are taken away do not come back.
    const taskManagers = Math.min(now.taskManagers, change.nodes.length);
    return { sha256, taskManagers, jobs: now.jobs.filter(runsWhole).map(({ jid }) => jid) };
  }
}
