import { setTimeout as delay } from "node:timers/promises";
import { type DownTime, mostDownAtOnce } from "./down-watch";
import type { ShellHost } from "./shell-host";

/** A machine as its own switch has it. */
export interface SwitchedMachine extends ShellHost {
  readonly isOn: boolean;
}

/** A node whose machine may be stopped or made anew while it is watched. */
export interface WatchedNode {
  readonly name: string;
  /** Names of its units, as it reports them. */
  readonly units: readonly string[];
  /** The machine that it has just now; absent while it has none. */
  readonly machine: () => SwitchedMachine | undefined;
  /** Whether its processes do their work, of a machine that is on. */
  readonly serves: (machine: SwitchedMachine) => Promise<boolean>;
}

/** When each node was down. */
export interface SeenNodes {
  /** By their names. */
  readonly down: ReadonlyMap<string, readonly DownTime[]>;
  /** Of the node that was looked at the least often. */
  readonly samples: number;
  readonly mostDown: number;
}

const PAUSE_MILLIS = 1000;
/** A busy host may take its time, and a machine that is on is not down for it. */
const LONGEST_LOOK_MILLIS = 60_000;

/**
 * Sees from outside, once a second, when nodes are down: from when a machine is off or gone, or one of the node's units
 * is not active or another process than before, until all are active and serve.
 */
export class NodeWatch {
  public static start(nodes: readonly WatchedNode[], pauseMillis = PAUSE_MILLIS): NodeWatch {
    const silent = nodes.find(({ units }) => units.length === 0);
    if (silent) throw new Error(`${silent.name} reports no units: nothing of it can be watched`);
    return new NodeWatch(nodes.map((node) => new OneNode(node, pauseMillis)));
  }

  private constructor(private readonly watches: readonly OneNode[]) {}

  public async stop(): Promise<SeenNodes> {
    await Promise.all(this.watches.map((watch) => watch.stop()));
    return {
      down: new Map(this.watches.map(({ node, down }) => [node.name, down])),
      samples: Math.min(...this.watches.map(({ samples }) => samples)),
      mostDown: mostDownAtOnce(this.watches.map(({ down }) => down)),
    };
  }
}

/** What `systemctl` says of a node's units: nothing where its machine is off, or ends just now. */
interface Look {
  readonly machine: SwitchedMachine;
  readonly isActive: boolean;
  /** Another one where one of them was started anew. */
  readonly processes: string;
}

class OneNode {
  public readonly down: DownTime[] = [];
  public samples = 0;
  private since?: number;
  private isOver = false;
  private readonly looking: Promise<void>;

  public constructor(
    public readonly node: WatchedNode,
    private readonly pauseMillis: number,
  ) {
    this.looking = this.run();
    // Told by `stop`, and until then by nobody.
    this.looking.catch(() => undefined);
  }

  public async stop(): Promise<void> {
    this.isOver = true;
    await this.looking;
  }

  private async run(): Promise<void> {
    let before = seconds();
    let known: string | undefined;
    let isLast = false;
    while (!isLast) {
      isLast = this.isOver;
      const begun = seconds();
      const look = await this.look();
      this.samples += 1;
      const isAnother = known !== undefined && look?.processes !== known;
      // Since the look before at the latest, however long ago that was.
      if (this.since === undefined && (!look?.isActive || isAnother)) this.since = before;
      [before, known] = [begun, look?.processes ?? known];
      if (this.since !== undefined && look?.isActive && (await this.serves(look))) this.ends(seconds());
      if (!isLast) await delay(this.pauseMillis);
    }
    if (this.since !== undefined) this.ends(seconds());
  }

  private ends(at: number): void {
    this.down.push([this.since!, at]);
    this.since = undefined;
  }

  private async look(): Promise<Look | undefined> {
    const machine = this.node.machine();
    if (!machine?.isOn) return undefined;
    const show = ["systemctl", "show", "--property=ActiveState", "--property=InvocationID", "--", ...this.node.units];
    try {
      const lines = (await machine.run(show, { timeout: LONGEST_LOOK_MILLIS })).trim().split("\n");
      const active = lines.filter((line) => line === "ActiveState=active").length;
      const processes = lines.filter((line) => line.startsWith("InvocationID=")).sort();
      return { machine, isActive: active === this.node.units.length, processes: processes.join() };
    } catch {
      return undefined;
    }
  }

  private async serves({ machine }: Look): Promise<boolean> {
    return this.node.serves(machine).catch(() => false);
  }
}

/** Of the clock that all machines of the lab have. */
function seconds(): number {
  return Date.now() / 1000;
}
