import { waitFor } from "../lab/wait-for";
import { PORTS } from "../../lib/node/ports";
import { NODE_AUTHORITY, ZOOKEEPER_TLS } from "../../lib/node/tls-paths";
import { ZOOKEEPER_UNIT } from "../../lib/node/zookeeper-service";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../lib/node/flink-services";
import { Deployment } from "./deployment";
import { FlinkSession, SessionNode } from "./flink-session";
import { ShellHost } from "./shell-host";

/** What a fault did to a job. */
export interface FaultRecord {
  readonly fault: string;
  readonly node: string;
  /** From the fault to every task running again; for a fault that no task noticed, to the next checkpoint. */
  readonly seconds: number;
  /** Checkpoint that the job went on from; absent where it never stopped. */
  readonly restoredFrom?: number;
}

const MINUTE = 60_000;
/** Far beyond what recovery takes: what is measured is printed, and never asserted. */
const PATIENCE = 4 * MINUTE;

/** Does things to the machines under a running job, and measures how long it takes to run again. */
export class Faults {
  public constructor(
    private readonly deployment: Deployment,
    private readonly session: FlinkSession,
    private readonly jid: string,
  ) {}

  /** The leading JobManager's process is killed; systemd starts it again. */
  public async killLeadingJobManager(): Promise<FaultRecord> {
    const leader = await this.session.leader();
    await this.session.waitForCheckpoint(this.jid, PATIENCE);
    return this.measure("leading JobManager killed (-9)", leader, () => killUnit(leader.machine, JOB_MANAGER_UNIT));
  }

  /**
   * The power cord of the machine that leads and runs a task of the job. It is plugged in again afterwards, unless it
   * shall stay out (which one node alone cannot).
   */
  public async powerOffLeaderThatRunsTask(afterwards: "plug in" | "leave out" = "plug in"): Promise<FaultRecord> {
    const leader = await this.leaderThatRunsTask();
    await this.session.waitForCheckpoint(this.jid, PATIENCE);
    const machine = this.deployment.machine(leader.name);
    const alone = this.session.nodes.length === 1;
    const record = await this.measure("power off: leader with a task", leader, async () => {
      await machine.powerOff();
      if (alone) await this.deployment.lab.powerOn(machine);
    });
    if (afterwards === "leave out") return record;
    if (!alone) await this.deployment.lab.powerOn(machine);
    await this.everyNodeIsBack();
    return record;
  }

  /**
   * The job leaves slots free, so the leader may be the one node without a task: its JobManager is then killed, which
   * makes a node with a task lead, unless the job moves at the same time.
   */
  private async leaderThatRunsTask(): Promise<SessionNode> {
    for (const tries of [1, 2, 3, 4, 5]) {
      const leader = await this.session.leader();
      if ((await this.session.nodesOfJob(this.jid)).has(leader.name)) return leader;
      console.log(`${leader.name} leads and runs no task: its JobManager is killed (${tries})`);
      await this.killLeadingJobManager();
    }
    throw new Error("no leader ran a task of the job, whichever node led");
  }

  /** A ZooKeeper server that does not lead (or the only one) is killed; systemd starts it again. */
  public async killZooKeeperFollower(): Promise<FaultRecord> {
    const modes = await Promise.all(
      this.session.nodes.map(async (node) => ({ node, mode: await zooKeeperMode(node) })),
    );
    const victim = modes.find(({ mode }) => mode === "follower") ?? modes.find(({ mode }) => mode === "standalone");
    if (!victim) throw new Error(`no ZooKeeper follower: ${JSON.stringify(modes.map(({ mode }) => mode))}`);
    const { node, mode } = victim;
    await this.session.waitForCheckpoint(this.jid, PATIENCE);
    const since = Date.now();
    await killUnit(node.machine, ZOOKEEPER_UNIT);
    await waitFor(async () => (await zooKeeperMode(node)) === mode, {
      timeout: PATIENCE,
      what: `the ZooKeeper of ${node.name} to be ${mode} again`,
      interval: 500,
    });
    const job = await this.session.waitForCheckpoint(this.jid, PATIENCE);
    return {
      fault: `ZooKeeper ${mode} killed (-9)`,
      node: node.name,
      seconds: (Date.now() - since) / 1000,
      restoredFrom: job.restored && job.restored.at > since ? job.restored.id : undefined,
    };
  }

  /** An operator's reboot of every node in turn, each after the one before is back; or of the leader alone. */
  public async reboot(which: "every node" | "leader"): Promise<FaultRecord[]> {
    const records: FaultRecord[] = [];
    for (const node of which === "leader" ? [await this.session.leader()] : this.session.nodes) {
      await this.session.waitForCheckpoint(this.jid, PATIENCE);
      const ran = (await this.session.nodesOfJob(this.jid)).has(node.name);
      const led = (await this.session.leader()).name === node.name;
      const since = Date.now();
      await this.deployment.machine(node.name).reboot();
      // A standby without a task is not missed by the job.
      const job =
        ran || led
          ? await this.session.waitForRecovery(this.jid, since, PATIENCE)
          : await this.session.waitForCheckpoint(this.jid, PATIENCE);
      records.push({
        fault: `reboot${led ? ", leader" : ""}${ran ? ", runs a task" : ""}`,
        node: node.name,
        seconds: (Date.now() - since) / 1000,
        restoredFrom: ran || led ? job.restored?.id : undefined,
      });
      await this.everyNodeIsBack();
    }
    return records;
  }

  /** The process of a TaskManager that runs a task is killed; systemd starts it again. */
  public async killTaskManager(): Promise<FaultRecord> {
    await this.session.waitForCheckpoint(this.jid, PATIENCE);
    const running = await this.session.nodesOfJob(this.jid);
    const node = this.session.nodes.find(({ name }) => running.has(name));
    if (!node) throw new Error(`no node runs a task of job ${this.jid}`);
    return this.measure("TaskManager killed (-9)", node, () => killUnit(node.machine, TASK_MANAGER_UNIT));
  }

  private async measure(fault: string, node: SessionNode, act: () => Promise<void>): Promise<FaultRecord> {
    const since = Date.now();
    await act();
    const job = await this.session.waitForRecovery(this.jid, since, PATIENCE);
    return { fault, node: node.name, seconds: (Date.now() - since) / 1000, restoredFrom: job.restored?.id };
  }

  private async everyNodeIsBack(): Promise<void> {
    await this.session.waitForTaskManagers(this.session.nodes.length, PATIENCE);
    await this.deployment.waitUntilHealthy(4);
  }
}

const SRVR = `
import socket, ssl, sys
host, port, authority, pair = sys.argv[1:]
tls = ssl.create_default_context(cafile=authority)
tls.load_cert_chain(pair)
connection = tls.wrap_socket(socket.create_connection((host, int(port)), 3), server_hostname=host)
connection.sendall(b"srvr")
print(connection.makefile().read())
`;

async function killUnit(machine: ShellHost, unit: string): Promise<void> {
  await machine.run(["systemctl", "kill", "--kill-whom=main", "--signal=KILL", unit]);
}

/** `leader`, `follower` or `standalone`, as the server itself says; "" where none answers. */
export async function zooKeeperMode({ machine, host }: SessionNode): Promise<string> {
  const answer = await machine
    .run(["python3", "-c", SRVR, host, String(PORTS.zooKeeperClient.port), NODE_AUTHORITY, ZOOKEEPER_TLS.pem])
    .catch(() => "");
  return /^Mode: (\w+)$/m.exec(answer)?.[1] ?? "";
}
