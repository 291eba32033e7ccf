import { Lab } from "../lab/lab";
import { countingJobsSql } from "./counting-jobs";
import { Deployment, DeploymentSettings } from "./deployment";
import { FlinkSession, SessionNode } from "./flink-session";
import { JobWatch, requireUnharmed } from "./job-watch";
import { requireLeastPrivilege } from "./judgement";
import { SINK_BUCKET, STREAM_FOLDER } from "./lab-stacks";
import { NumberedStream, numberedStreamSql, readNumberedStream, StreamContents } from "./numbered-stream";
import { readRollEvents, RollRecord, tellRoll } from "./rolling-change";
import { SqlClient } from "./sql-client";

const MINUTE = 60_000;
const FLINK_VERSION = "2.2";
export const NODE_COUNT = 3;
const COUNTING_JOBS = 5;
const PATIENCE = 4 * MINUTE;
const STREAM: NumberedStream = {
  name: "numbered-stream",
  bucket: SINK_BUCKET,
  prefix: STREAM_FOLDER,
  numbersPerSecond: 100,
  lastNumber: 1_000_000,
  parallelism: 2,
  checkpointIntervalSeconds: 5,
};

/** Three nodes with five jobs and the numbered stream, under which a cluster is changed. */
export class RollingSession {
  /** What was rolled under watch so far. */
  public readonly rolls: RollRecord[] = [];
  public readonly deployment: Deployment;
  private session?: FlinkSession;
  private jids: readonly string[] = [];

  public constructor(
    private readonly lab: Lab,
    private readonly settings: Pick<DeploymentSettings, "certificateValiditySeconds" | "privateAuthorities"> = {},
  ) {
    this.deployment = new Deployment(lab, {
      flinkVersion: FLINK_VERSION,
      nodeCount: NODE_COUNT,
      // With one machine away the others hold all jobs.
      numberOfTaskSlots: 4,
      checkpointIntervalSeconds: 5,
      ...settings,
    });
  }

  public get nodes(): readonly SessionNode[] {
    return this.flink.nodes;
  }

  public async apply(): Promise<void> {
    const { deployment } = this;
    deployment.synthesize();
    if (this.settings.privateAuthorities) await deployment.apply("authorities");
    await Promise.all([deployment.apply("storage"), deployment.apply("sink")]);
    await deployment.apply("streaming");
    await Promise.all([deployment.waitUntilHealthy(6), deployment.apply("client")]);
    this.session = await deployment.session();
    await this.session.waitForTaskManagers(NODE_COUNT, 2 * MINUTE);
  }

  public async runJobs(): Promise<void> {
    const sql = await SqlClient.install(this.deployment.client, FLINK_VERSION);
    const leader = await this.flink.leader();
    const numbered = await sql.submit(numberedStreamSql(STREAM), leader);
    this.jids = [...numbered, ...(await sql.submit(countingJobsSql(COUNTING_JOBS), leader))];
    if (this.jids.length !== COUNTING_JOBS + 1) throw new Error(`not all jobs were submitted: ${this.jids.join(", ")}`);
    await this.everyJobRuns();
  }

  /**
   * Rolls under watch, and fails where two nodes were down at once, a job failed or restarted more often than nodes
   * did, or one did not restart although all nodes did.
   */
  public async watched<T extends RollRecord>(act: () => Promise<T>): Promise<T> {
    const { deployment, nodes } = this;
    const watch = JobWatch.start(
      deployment.client,
      nodes.map(({ restAddress }) => restAddress),
    );
    const [since, roll] = [Date.now(), await act()];
    await this.everyJobRuns();
    const seen = await watch.stop();
    // A change can be taken over without a new start.
    const events = roll.mostDown === 0 ? [] : await readRollEvents(deployment);
    const restarted = events
      .filter(({ what, time }) => (what === "applied" || what === "rolled-back") && Date.parse(time) >= since)
      .map(({ node }) => node);
    const everyNode = nodes.every(({ name }) => restarted.includes(name));
    const restores = seen.jobs.map((job) => job.restores).join(", ");
    console.table([{ ...tellRoll(roll), "nodes restarted": restarted.length, "restores of each job": restores }]);
    console.log(`${seen.samples} samples of the jobs, ${seen.unanswered} of them without an answer`);
    requireUnharmed(seen, { jids: this.jids, restarts: restarted.length, everyNode });
    if (roll.mostDown > 1) throw new Error(`${roll.mostDown} nodes were down at once during: ${roll.what}`);
    this.rolls.push(roll);
    return roll;
  }

  /** Fails where a job does not survive that machines are made anew, or restarts more often than machines were. */
  public async unharmedBy(machines: number, act: () => Promise<void>): Promise<void> {
    const addresses = this.nodes.map(({ restAddress }) => restAddress);
    const watch = JobWatch.start(this.deployment.client, addresses);
    await act();
    await this.everyJobRuns();
    const seen = await watch.stop();
    console.log(`${seen.samples} samples of the jobs, ${seen.unanswered} of them without an answer`);
    // Each machine takes its tasks with it, and the leader's the leadership as well.
    requireUnharmed(seen, { jids: this.jids, restarts: machines + 1, everyNode: machines >= this.nodes.length });
  }

  /** Ends the numbered stream; gives all that it wrote. */
  public async endStream(): Promise<StreamContents> {
    console.table(this.rolls.map(tellRoll));
    await this.flink.stopWithSavepoint(this.jids[0], 3 * MINUTE);
    const contents = await readNumberedStream(this.lab.s3(), STREAM);
    console.log(`numbered stream: ${contents.rows} rows in ${contents.files} files, largest ${contents.largest}`);
    return contents;
  }

  /** Destroys the cluster; fails where a packet has left the lab or a permission is not needed. */
  public async destroy(): Promise<void> {
    const { deployment, lab } = this;
    await deployment.destroyCluster("client");
    const [machines, escaped] = [lab.machines().length, await lab.escapedPackets()];
    if (machines + escaped > 0) throw new Error(`${machines} machines are left, ${escaped} packets left the lab`);
    requireLeastPrivilege(deployment);
  }

  /** Waits until each job has completed a checkpoint from now on. */
  public async everyJobRuns(): Promise<void> {
    for (const jid of this.jids) await this.flink.waitForCheckpoint(jid, PATIENCE);
  }

  private get flink(): FlinkSession {
    if (!this.session) throw new Error("the cluster is not applied");
    return this.session;
  }
}
