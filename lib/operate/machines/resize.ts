import { setTimeout as delay } from "node:timers/promises";
import { awsProblem } from "../../software/access-problem";
import type { ClusterBucket, NodeStatus } from "../../software/node-status";
import { Problem } from "../../software/problem";
import { NO_PROGRESS, type Progress, type TaskProgress } from "../../software/progress";
import {
  type ClusterSight,
  countOfNewest,
  isFresh,
  isUntold,
  isWell,
  lookAt,
  type Obstacle,
  obstacleInFlink,
  obstacleTo,
  runsNewest,
} from "./cluster-sight";
import { MachineLock } from "./machine-lock";
import type { FoundMachine, MachineService } from "./machine-service";
import { nextTurn, type NodeMachine } from "./turns";

export interface ResizeOptions {
  readonly from: ClusterBucket;
  readonly service: MachineService;
  /** All nodes that the program has. */
  readonly nodes: readonly NodeMachine[];
  readonly instanceType: string;
  /**
   * `larger`: machines that get more memory, or as much; what their nodes run fits before and after. `smaller`: machines
   * that get less, each once its node runs the desired state of the bucket, which fits the smaller machine.
   */
  readonly only: "larger" | "smaller";
  /** How long the cluster may take to become well before a machine is stopped, and its node after. */
  readonly timeoutMillis: number;
  /** Nothing new is begun after it. */
  readonly signal?: AbortSignal;
  readonly pollMillis?: number;
  readonly progress?: Progress;
}

/** As an agent sees it: who is ill for so long is not just being started. */
const LASTING_ILLNESS_MILLIS = 180_000;
const DEFAULT_POLL_MILLIS = 3000;

/**
 * Gives the machines of a cluster another type: one after the other, each stopped only while all others are well and
 * nothing rolls, and the next one only when it is well again. It is done again from wherever it was cut. A machine that
 * does not start with the new type, or is not well with it, gets the old one back; then all ends with one sentence.
 *
 * @returns names of the nodes that were changed
 */
export async function resizeMachines(options: ResizeOptions): Promise<readonly string[]> {
  return new Resize(options).run();
}

class Resize {
  private readonly done: string[] = [];
  /** When the last machine was well again. */
  private lastReturn = -Infinity;
  /** Whether nodes tell what Flink says: those of an earlier version do not. */
  private isToldOfFlink = false;

  public constructor(private readonly options: ResizeOptions) {}

  public async run(): Promise<readonly string[]> {
    for (;;) {
      const machines = await this.machines();
      const left = await this.left(machines);
      const { nodes } = await this.look();
      const stopped = new Set(left.filter((each) => stateOf(each, machines) !== "running").map(({ node }) => node));
      const next = nextTurn(left, nodes, stopped);
      if (!next) return this.done;
      this.refuseNews(next);
      await this.change(next, machines);
      this.done.push(next.node);
    }
  }

  private async machines(): Promise<ReadonlyMap<string, FoundMachine>> {
    const ids = this.options.nodes.map(({ instanceId }) => instanceId);
    return this.asked("looking at the machines", () => this.options.service.machines(ids));
  }

  /** A machine that somebody, or an apply that was cut, has left stopped is started in either way. */
  private async left(machines: ReadonlyMap<string, FoundMachine>): Promise<readonly NodeMachine[]> {
    const { instanceType, nodes, only, service } = this.options;
    // What the cloud tells may be older than what was done.
    const there = nodes.filter(({ node, instanceId }) => machines.has(instanceId) && !this.done.includes(node));
    const types = there.map(({ instanceId }) => machines.get(instanceId)!.instanceType);
    if (types.every((type) => type === instanceType)) {
      return there.filter((each) => stateOf(each, machines) !== "running");
    }
    const memory = await this.asked("looking at the types of machines", () =>
      service.memoryOf([...types, instanceType]),
    );
    const wanted = memory.get(instanceType);
    if (wanted === undefined) throw new Problem(`there is no machine type ${instanceType} in this region`);
    await this.requireZones(there, machines);
    return there.filter((each) => {
      const { instanceType: type, state } = machines.get(each.instanceId)!;
      if (type === instanceType) return state !== "running";
      return wanted < (memory.get(type) ?? 0) === (only === "smaller");
    });
  }

  /** That a zone lacks the type would else show when a machine is stopped, and as a start that fails. */
  private async requireZones(
    nodes: readonly NodeMachine[],
    machines: ReadonlyMap<string, FoundMachine>,
  ): Promise<void> {
    const { instanceType, service } = this.options;
    const zones = await this.asked(`looking where there is a ${instanceType}`, () => service.zonesWith(instanceType));
    for (const { node, instanceId } of nodes) {
      const { instanceType: type, zone } = machines.get(instanceId)!;
      if (type === instanceType || zone === undefined || zones.has(zone)) continue;
      const where = zones.size > 0 ? `${[...zones].sort().join(", ")} alone` : "none of its zones";
      throw new Problem(
        `${node} cannot become a ${instanceType}, and no machine is touched for it: it stands in ${zone}, and AWS has that type in ${where}. Name another type, and deploy again`,
      );
    }
  }

  private look(): Promise<ClusterSight> {
    return lookAt(
      this.options.from,
      this.options.nodes.map(({ node }) => node),
    );
  }

  private async change(machine: NodeMachine, machines: ReadonlyMap<string, FoundMachine>): Promise<void> {
    const { instanceType: before, state: found } = machines.get(machine.instanceId)!;
    const { from, instanceType, progress = NO_PROGRESS } = this.options;
    const { node } = machine;
    const task = progress.task(node);
    const turn = await this.untilItMayStop(machine, machines, task);
    const lock = turn.isServing ? turn.lock : undefined;
    const state = turn.wasStarted ? "running" : found;
    try {
      const own = turn.sight.nodes.find((each) => each.node === node);
      const trouble = await this.tryType(machine, instanceType, { before, state, own, task, turn });
      if (trouble === undefined) return task.done(`is a ${instanceType}`);
      const what = `${node} as ${instanceType}: ${trouble.reason}`;
      // What was ill before may lack just this type; what does not even run with it does not.
      if (before === instanceType || (trouble.runs && (!own || !isWell(own)))) {
        task.failed(trouble.reason);
        throw new Problem(
          `${what}; it stays so, and no further machine is stopped: mend it, or go back, and deploy again`,
        );
      }
      task.note(`${trouble.reason}: it becomes a ${before} again`);
      const again = (await this.tryType(machine, before, { before, state: "running", own, task, turn }))?.reason;
      task.failed(again ?? `is a ${before} again`);
      const well = turn.isServing ? " and well" : "";
      throw new Problem(
        again === undefined
          ? `${what}; it is a ${before} again${well}, and no further machine of ${from.cluster} is stopped`
          : `${what}; it was to become a ${before} again: ${again}`,
      );
    } finally {
      await lock?.release();
    }
  }

  /** Why it did not become well with the type; nothing where it did. */
  private async tryType(
    { node, instanceId }: NodeMachine,
    type: string,
    how: {
      readonly before: string;
      readonly state: string;
      readonly own: NodeStatus | undefined;
      readonly task: TaskProgress;
      readonly turn: Turn;
    },
  ): Promise<Trouble | undefined> {
    const { service } = this.options;
    const { own, task, turn } = how;
    const bootBefore = (await this.statusOf(node))?.report?.bootId ?? own?.report?.bootId;
    try {
      task.note("is stopped");
      if (how.state !== "stopped") await service.stop(instanceId);
      await service.changeType(instanceId, type);
      task.note(`starts as ${type}`);
      await service.start(instanceId);
    } catch (failure) {
      return { reason: awsProblem(`changing ${instanceId} to ${type}`, failure).message, runs: false };
    }
    const reason = turn.isServing ? await this.untilItIsWell(node, bootBefore, task) : undefined;
    return reason === undefined ? undefined : { reason, runs: true };
  }

  private async untilItMayStop(
    { node, instanceId }: NodeMachine,
    machines: ReadonlyMap<string, FoundMachine>,
    task: TaskProgress,
  ): Promise<Turn> {
    const { from, instanceType, timeoutMillis } = this.options;
    let end = Date.now() + timeoutMillis;
    let most = 0;
    let nobodySince: number | undefined;
    const isLeft = machines.get(instanceId)?.state === "stopped" && this.options.only === "smaller";
    let wasStarted = false;
    for (;;) {
      const sight = await this.look();
      // While one node after the other takes over what they shall run, each has its time.
      if (countOfNewest(sight) > most) [most, end] = [countOfNewest(sight), Date.now() + timeoutMillis];
      if (sight.flink) this.isToldOfFlink = true;
      if (isUntold(sight)) return { isServing: false, sight, wasStarted };
      // What is to fit first is taken over by machines that run alone.
      if (isLeft && !wasStarted && !runsNewest(node, sight))
        wasStarted = await this.startAsItWas({ node, instanceId }, task);
      const obstacle = this.obstacleTo(node, sight);
      if (!obstacle) {
        const lock = await MachineLock.take(from, node, `a machine of ${instanceType}`);
        const seen = lock && (await this.look());
        // Whoever began just before has told so by now.
        if (seen && this.obstacleTo(node, seen) === undefined)
          return { isServing: true, sight: seen, lock, wasStarted };
        await lock?.release();
        task.note("waits: a machine of the cluster is changed just now, or was a moment ago");
      } else if (obstacle.isFinal || Date.parse(obstacle.until ?? "") > end) {
        throw new Problem(`${node} cannot become a ${instanceType} now: ${obstacle.reason}`);
      } else {
        task.note(`waits: ${obstacle.reason}`);
      }
      nobodySince = this.isDown(sight, machines) ? (nobodySince ?? Date.now()) : undefined;
      // Where nothing is well for so long, nothing is lost, and another machine may be just what is missing.
      if (nobodySince !== undefined && Date.now() - nobodySince >= LASTING_ILLNESS_MILLIS)
        return { isServing: false, sight, wasStarted };
      if (Date.now() >= end) {
        const minutes = Math.round(timeoutMillis / 60_000);
        throw new Problem(
          `${node} was not stopped to become a ${instanceType}, as for ${minutes} minutes that would have been one node too many: ${obstacle?.reason ?? "a machine of the cluster is changed by somebody else"}`,
        );
      }
      await this.pause();
      this.refuseNews({ node });
    }
  }

  /** Starts a machine that was left stopped; false where somebody changes a machine just now, which may be this one. */
  private async startAsItWas(
    { node, instanceId }: Pick<NodeMachine, "node" | "instanceId">,
    task: TaskProgress,
  ): Promise<boolean> {
    const lock = await MachineLock.take(this.options.from, node, "its machine, which was left stopped");
    if (!lock) return false;
    try {
      task.note("was left stopped, and is started as it was to take the new desired state over");
      await this.asked(`starting ${instanceId}`, () => this.options.service.start(instanceId));
    } finally {
      await lock.release();
    }
    return true;
  }

  /**
   * Whether no node does its work. Of one that is only silent nobody knows: it may run jobs, and not reach the bucket. What does not
   * run is not waited for.
   */
  private isDown({ nodes }: ClusterSight, machines: ReadonlyMap<string, FoundMachine>): boolean {
    return nodes.every((status) => {
      const machine = this.options.nodes.find(({ node }) => node === status.node);
      if (machine && stateOf(machine, machines) !== "running") return true;
      return !isWell(status) && isFresh(status);
    });
  }

  /** The jobs of a node that is ill already may wait for just this. */
  private obstacleTo(node: string, sight: ClusterSight): Obstacle | undefined {
    const own = sight.nodes.find((each) => each.node === node);
    const obstacle = obstacleTo(node, sight, this.options.only === "smaller");
    if (obstacle || !own || !isWell(own)) return obstacle;
    if (!sight.flink && this.isToldOfFlink) return { reason: "no node has told yet how the jobs are" };
    return obstacleInFlink(sight, (Date.now() - this.lastReturn) / 1000);
  }

  private async untilItIsWell(
    node: string,
    bootBefore: string | undefined,
    task: TaskProgress,
  ): Promise<string | undefined> {
    const end = Date.now() + this.options.timeoutMillis;
    for (;;) {
      const status = await this.statusOf(node);
      const hasBooted = status?.report !== undefined && status.report.bootId !== bootBefore;
      if (status && hasBooted && isWell(status)) {
        this.lastReturn = Date.now();
        return undefined;
      }
      const reason = (hasBooted ? status.report.reasons[0] : undefined) ?? "it has not reported since it was started";
      if (Date.now() >= end)
        return `it is not well after ${Math.round(this.options.timeoutMillis / 60_000)} minutes: ${reason}`;
      task.note(reason);
      await this.pause();
    }
  }

  private async statusOf(node: string): Promise<NodeStatus | undefined> {
    return (await this.look()).nodes.find((each) => each.node === node);
  }

  private refuseNews({ node }: Pick<NodeMachine, "node">): void {
    if (!this.options.signal?.aborted) return;
    throw new Problem(`interrupted before ${node}, whose machine was not touched: deploy again to go on`);
  }

  private pause(): Promise<void> {
    return delay(this.options.pollMillis ?? DEFAULT_POLL_MILLIS);
  }

  private async asked<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (failure) {
      throw awsProblem(doing, failure);
    }
  }
}

/** What was found when it was a machine's turn. */
interface Turn {
  /** Whether the cluster does its work, which is to go on. */
  readonly isServing: boolean;
  readonly sight: ClusterSight;
  readonly lock?: MachineLock;
  /** Whether its machine was left stopped, and runs now. */
  readonly wasStarted: boolean;
}

interface Trouble {
  /** One sentence without a full stop. */
  readonly reason: string;
  /** Whether the machine runs, and only its node is not well. */
  readonly runs: boolean;
}

function stateOf({ instanceId }: NodeMachine, machines: ReadonlyMap<string, FoundMachine>): string | undefined {
  return machines.get(instanceId)?.state;
}
