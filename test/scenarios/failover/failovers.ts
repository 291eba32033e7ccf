import { JOB_MANAGER_UNIT } from "../../../lib/node/flink-services";
import { JOB_MANAGER_PATHS } from "../../../lib/node/paths";
import { run } from "../../lab/command";
import type { Deployment } from "../deployment";
import { zooKeeperMode } from "../faults";
import type { FlinkSession, SessionNode } from "../flink-session";
import { waitUntilAllRun } from "./all-run";
import { type Breakdown, breakdown, LINES_OF_TAKEOVER } from "./breakdown";
import { busyShare, processorTime } from "./host-processors";

const MINUTE = 60_000;
/** Far beyond what a takeover takes: what is measured is told, and never asserted. */
const PATIENCE = 4 * MINUTE;
/** After the old leader has ended: a session that it leaves behind outlives it by more than 3 s. */
const LONGEST_HANDOVER_SECONDS = 2;

/** One end of a leader, and how long the jobs took to run again. */
export interface Failover extends Breakdown {
  readonly node: string;
  /** Of a leader that was asked to end: whether another one led as soon as it had ended. */
  readonly handsOver?: boolean;
  /** Whether ZooKeeper's leader was on the same machine. */
  readonly tookZooKeeperLeader: boolean;
  /** How much of the host's processors was taken until all tasks ran, from 0 to 1: all machines share them. */
  readonly processorsBusy: number;
}

/** Ends leaders under running jobs, and measures until all tasks run again. */
export class Failovers {
  public constructor(
    private readonly deployment: Deployment,
    private readonly session: FlinkSession,
    private readonly jids: readonly string[],
  ) {}

  /** The leader's JobManager is asked to end, as in a rolling change; afterwards it is started again. */
  public async handOver(): Promise<Failover> {
    let stopSeconds = 0;
    const failover = await this.measure(async ({ machine }, since) => {
      await machine.run(["systemctl", "stop", JOB_MANAGER_UNIT]);
      stopSeconds = (Date.now() - since) / 1000;
      return () => machine.run(["systemctl", "start", JOB_MANAGER_UNIT]);
    });
    const handsOver = failover.steps[0].seconds < stopSeconds + LONGEST_HANDOVER_SECONDS;
    return { ...failover, handsOver, tookZooKeeperLeader: false };
  }

  /** The leader's machine is gone from one moment to the next; afterwards it is switched on again. */
  public killMachine(): Promise<Failover> {
    return this.measure(async ({ name }) => {
      const machine = this.deployment.machine(name);
      // Off the network first: a kernel that outlives its processes would tell their peers that they have ended.
      await run(machine.wrapInNetwork(["ip", "link", "set", "ens5", "down"]));
      await machine.powerOff();
      return () => this.deployment.lab.powerOn(machine);
    });
  }

  private async measure(
    act: (leader: SessionNode, since: number) => Promise<() => Promise<unknown>>,
  ): Promise<Failover> {
    const { deployment, session, jids } = this;
    await session.waitForCheckpoints(jids, PATIENCE);
    const leader = await session.leader();
    const others = session.nodes.filter(({ name }) => name !== leader.name);
    const tookZooKeeperLeader = (await zooKeeperMode(leader)) === "leader";
    const before = processorTime();
    const since = Date.now();
    const running = waitUntilAllRun(
      deployment.client,
      others.map(({ restAddress }) => restAddress),
      jids,
      since,
    ).then((until) => ({ until, processorsBusy: busyShare(before, processorTime()) }));
    const [comeBack, { until, processorsBusy }] = await Promise.all([act(leader, since), running]);
    const took = breakdown((await Promise.all(others.map(takeoverLines))).join("\n"), since, until);
    await comeBack();
    await session.waitForTaskManagers(session.nodes.length, PATIENCE);
    await deployment.waitUntilHealthy(4);
    return { ...took, node: leader.name, tookZooKeeperLeader, processorsBusy };
  }
}

/** Of all that the JobManager of a node has logged, what tells of a takeover. */
function takeoverLines({ machine }: SessionNode): Promise<string> {
  return machine.run([
    "sh",
    "-c",
    `cat ${JOB_MANAGER_PATHS.log}/*.log* | grep -E "$1" || true`,
    "sh",
    LINES_OF_TAKEOVER,
  ]);
}
