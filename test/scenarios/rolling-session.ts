import path from "path";
import type { CommandResult } from "../lab/command";
import { Lab } from "../lab/lab";
import type { Machine } from "../lab/machine";
import { ChangeRecord, changeRecord, tellChange } from "./change-record";
import { countingJobNames, countingJobsSql, countingSql } from "./counting-jobs";
import { Deployment, DeploymentSettings } from "./deployment";
import { serves } from "./down-watch";
import { FlinkSession, SessionNode } from "./flink-session";
import { JobWatch, requireUnharmed } from "./job-watch";
import { requireLeastPrivilege } from "./judgement";
import { SINK_BUCKET, STREAM_FOLDER } from "./lab-stacks";
import { readReports } from "./node-reports";
import { NodeWatch, WatchedNode } from "./node-watch";
import { NumberedStream, numberedStreamSql, readNumberedStream, StreamContents } from "./numbered-stream";
import { readRollEvents, RollRecord, tellRoll } from "./rolling-change";
import { SqlClient } from "./sql-client";

const MINUTE = 60_000;
const PROGRAM = path.resolve(__dirname, "..", "..", "build", "bin", "cdktf-flink.js");
const FLINK_VERSION = "2.2";
export const NODE_COUNT = 3;
const COUNTING_JOBS = 5;
const PATIENCE = 4 * MINUTE;
/** Fewer would be of a stream that hardly ran. */
const FEWEST_ROWS = 10_000;
const STREAM: NumberedStream = {
  name: "numbered-stream",
  bucket: SINK_BUCKET,
  prefix: STREAM_FOLDER,
  numbersPerSecond: 100,
  lastNumber: 1_000_000,
  parallelism: 2,
  checkpointIntervalSeconds: 5,
};

/** Three nodes with some jobs and the numbered stream, under which a cluster is changed. */
export class RollingSession {
  /** What was rolled under watch so far. */
  public readonly rolls: RollRecord[] = [];
  public readonly deployment: Deployment;
  /** What was changed under watch so far, beside rolls. */
  public readonly changes: ChangeRecord[] = [];
  private session?: FlinkSession;
  private sql?: SqlClient;
  private jids: readonly string[] = [];

  public constructor(
    private readonly lab: Lab,
    private readonly settings: Partial<DeploymentSettings> = {},
    private readonly countingJobs = COUNTING_JOBS,
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

  /** The machines that the nodes have just now. */
  public machines(): readonly Machine[] {
    const names = this.nodes.map(({ name }) => name);
    return this.lab.machines().filter(({ name }) => names.includes(name));
  }

  /** Their ids, by the names of their nodes. */
  public machineIds(): Record<string, string> {
    return Object.fromEntries(this.machines().map(({ name, id }) => [name, id]));
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
    const sql = await this.sqlClient();
    const leader = await this.flink.leader();
    const numbered = await sql.submit(numberedStreamSql(STREAM), leader);
    this.jids = [...numbered, ...(await sql.submit(countingJobsSql(this.countingJobs), leader))];
    if (this.jids.length !== this.countingJobs + 1)
      throw new Error(`not all jobs were submitted: ${this.jids.join(", ")}`);
    await this.everyJobRuns();
  }

  /** The script of each job, by its name. */
  public get scripts(): ReadonlyMap<string, string> {
    const counting = countingJobNames(this.countingJobs).map((name) => [name, countingSql([name])] as const);
    return new Map([[STREAM.name, numberedStreamSql(STREAM)], ...counting]);
  }

  /** To be called when the jobs were stopped and go on under other ids, by their names. */
  public meetJobs(ids: ReadonlyMap<string, string>): void {
    this.jids = [...this.scripts.keys()].map((name) => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`the job ${name} does not go on`);
      return id;
    });
  }

  /** Which Flink the nodes run, such as `2.3.0`. */
  public async version(): Promise<string> {
    return (await this.flink.overview())["flink-version"];
  }

  /**
   * Rolls under watch, and fails where two nodes were down at once, a job failed or restarted more often than nodes
   * did, or one did not restart although all nodes did.
   */
  public async watched<T extends RollRecord>(act: () => Promise<T>): Promise<T> {
    const { deployment, nodes } = this;
    const watch = this.watchJobs();
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

  /**
   * Changes the cluster under watch, whatever becomes of its machines; fails where two nodes were down at once, a job
   * failed or restarted more often than nodes did, or one did not restart although all nodes did.
   *
   * @param leaving names of nodes that the change takes away
   */
  public async changed(what: string, act: () => Promise<void>, leaving: readonly string[] = []): Promise<ChangeRecord> {
    const { deployment } = this;
    const staying = this.nodes.filter(({ name }) => !leaving.includes(name));
    const nodeWatch = NodeWatch.start(await this.watchedNodes(staying));
    const jobWatch = JobWatch.start(
      deployment.client,
      staying.map(({ restAddress }) => restAddress),
    );
    const since = Date.now();
    try {
      await act();
    } catch (error) {
      const [nodes] = await Promise.allSettled([nodeWatch.stop(), jobWatch.stop()]);
      console.log(`${what} failed, with this seen: ${JSON.stringify(nodes)}`);
      throw error;
    }
    const seconds = (Date.now() - since) / 1000;
    await this.everyJobRuns();
    const [nodes, jobs] = await Promise.all([nodeWatch.stop(), jobWatch.stop()]);
    // Others come and go.
    const ours = { ...jobs, jobs: jobs.jobs.filter(({ jid }) => this.jids.includes(jid)) };
    const change = changeRecord({ what, seconds, nodes, jobs: ours });
    console.table([tellChange(change)]);
    console.log(`${jobs.samples} samples of the jobs, ${jobs.unanswered} of them without an answer`);
    const restarts = change.nodes.flatMap(({ down }) => down).length + leaving.length;
    const everyNode = change.nodes.every(({ down }) => down.length > 0);
    // Each node takes its tasks with it, and may take the leadership as well.
    requireUnharmed(ours, { jids: this.jids, restarts: 2 * restarts, everyNode });
    if (change.mostDown > 1) throw new Error(`${change.mostDown} nodes were down at once during: ${what}`);
    this.changes.push(change);
    return change;
  }

  /** Watches all jobs until it is told to stop, whoever stops and begins them meanwhile. */
  public watchJobs(): JobWatch {
    const addresses = this.nodes.map(({ restAddress }) => restAddress);
    return JobWatch.start(this.deployment.client, addresses);
  }

  /** Makes machines anew with the user's own command, as the operator, in the folder of the stack. */
  public async replace(...args: readonly string[]): Promise<CommandResult> {
    const dir = path.join(this.deployment.outdir, "stacks", "streaming");
    const result = await this.lab.exec([process.execPath, PROGRAM, "replace", ...args, "--dir", dir, "--yes"], {
      timeout: 40 * MINUTE,
      env: { TF_CLI_CONFIG_FILE: path.join(dir, "terraform-cli.tfrc") },
    });
    console.log(`replace ${args.join(" ")} ended with ${result.code}\n${result.stderr}${result.stdout}`);
    return result;
  }

  private async watchedNodes(nodes: readonly SessionNode[]): Promise<WatchedNode[]> {
    const reports = await readReports(this.deployment);
    return nodes.map(({ name, host, restAddress }) => {
      const units = reports.find(({ node }) => node === name)?.units.map((unit) => unit.name) ?? [];
      return {
        ...{ name, units },
        machine: () => this.lab.machines().find((machine) => machine.name === name),
        serves: (machine) => serves({ host, restAddress, machine }, units),
      };
    });
  }

  /** Submits jobs beside those that are watched; gives their ids. */
  public async submit(script: string): Promise<readonly string[]> {
    return (await this.sqlClient()).submit(script, await this.flink.leader());
  }

  /** Waits until Flink has so many TaskManagers. */
  public async waitForTaskManagers(count: number): Promise<void> {
    await this.flink.waitForTaskManagers(count, PATIENCE);
  }

  public cancel(jid: string): Promise<void> {
    return this.flink.cancel(jid);
  }

  /** To be called when nodes were added or removed, or their machines made anew. */
  public async meetNodes(): Promise<void> {
    this.session = await this.deployment.session();
  }

  /** Ends the numbered stream; gives all that it wrote. Fails where anything is missing or doubled, or too little was written to tell. */
  public async endStream(fewestRows = FEWEST_ROWS): Promise<StreamContents> {
    console.table(this.rolls.map(tellRoll));
    await this.flink.stopWithSavepoint(this.jids[0], 3 * MINUTE);
    const contents = await readNumberedStream(this.lab.s3(), STREAM);
    const { rows, files, largest, missing, duplicates } = contents;
    console.log(`numbered stream: ${rows} rows in ${files} files, largest ${largest}`);
    expect({ missing, duplicates }).toEqual({ missing: [], duplicates: [] });
    expect(rows).toBeGreaterThan(fewestRows);
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
    await this.eachRuns(this.jids);
  }

  /** The same of some jobs by their ids. */
  public async eachRuns(jids: readonly string[]): Promise<void> {
    await this.flink.waitForCheckpoints(jids, PATIENCE);
  }

  private async sqlClient(): Promise<SqlClient> {
    return (this.sql ??= await SqlClient.install(this.deployment.client, FLINK_VERSION));
  }

  private get flink(): FlinkSession {
    if (!this.session) throw new Error("the cluster is not applied");
    return this.session;
  }
}
