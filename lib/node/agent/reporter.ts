import { setTimeout as sleep } from "timers/promises";
import { reportKey } from "../../core/bucket-layout";
import type { NodeIdentity } from "../identity";
import type {
  CertificatesReport,
  DataVolumeReport,
  FlinkReport,
  HostFirewallReport,
  LineChangeReport,
  LogsReport,
  MetricsReport,
  NodeReport,
  StateReference,
  UnitReport,
} from "../report";
import type { RollReport } from "../roll";
import { describeError, log } from "./log";
import type { ObjectStore } from "./object-store";

/** Also when nothing changes: a report that is older is of a node that is gone. */
const LONGEST_SILENCE_MILLIS = 30_000;
/** However fast things change. */
const SHORTEST_PAUSE_MILLIS = 1_000;

/** What the node says of itself, gathered from the parts of the agent, and written to the bucket. */
export class Reporter {
  private readonly problems = new Map<string, string>();
  /** By name of the connection. */
  private readonly connectionProblems = new Map<string, string>();
  private imageId?: string;
  private wasHealthy = false;
  private running?: StateReference;
  private pending?: StateReference;
  private leads?: boolean;
  private roll?: RollReport;
  private lineChange?: LineChangeReport;
  private units: readonly UnitReport[] = [];
  private software: readonly string[] = [];
  private certificates?: CertificatesReport;
  private renewalProblem?: string;
  private dataVolume?: DataVolumeReport;
  private hostFirewall?: HostFirewallReport;
  private logs?: LogsReport;
  private metrics?: MetricsReport;
  private flink?: FlinkReport;
  private servicesStarted = false;

  private changed = true;
  private stopped = false;
  private wake: () => void = () => undefined;

  public constructor(
    private readonly identity: NodeIdentity,
    private readonly bootId: string,
    private readonly store: ObjectStore,
  ) {}

  /** Something stands in the way; `topic` is the same word until it is solved. Written to the log when it is new. */
  public setProblem(topic: string, sentence: string): void {
    if (this.problems.get(topic) === sentence) return;
    this.problems.set(topic, sentence);
    log(sentence);
    this.touch();
  }

  public solve(topic: string): void {
    if (this.problems.delete(topic)) this.touch();
  }

  /** Of which this machine was made. */
  public setImageId(imageId: string): void {
    this.imageId = imageId;
    this.touch();
  }

  public setRunning(running: StateReference | undefined): void {
    this.running = running;
    this.touch();
  }

  public setPending(pending: StateReference | undefined): void {
    if (this.pending?.sha256 === pending?.sha256 && this.pending?.versionId === pending?.versionId) return;
    this.pending = pending;
    this.touch();
  }

  /** Whether this node's JobManager leads; undefined while nobody knows. */
  public setLeads(leads: boolean | undefined): void {
    if (this.leads === leads) return;
    this.leads = leads;
    this.touch();
  }

  /** How this node stands to a rolling change; written to the log when it is new. */
  public setRoll(roll: Omit<RollReport, "since"> | undefined, now: Date): void {
    const { phase, sha256, reason } = this.roll ?? {};
    if (roll?.phase === phase && roll?.sha256 === sha256 && roll?.reason === reason) return;
    const since = roll && roll.phase === phase && roll.sha256 === sha256 ? this.roll!.since : now.toISOString();
    this.roll = roll && { ...roll, since };
    if (roll?.reason !== undefined && roll.reason !== reason) log(`rolling change, ${roll.phase}: ${roll.reason}`);
    this.touch();
  }

  /** How far this node is with another line of Flink. */
  public setLineChange(lineChange: LineChangeReport | undefined): void {
    if (JSON.stringify(lineChange) === JSON.stringify(this.lineChange)) return;
    this.lineChange = lineChange;
    this.touch();
  }

  public addSoftware(name: string): void {
    this.software = [...this.software, name].sort();
    this.touch();
  }

  public setCertificates(certificates: CertificatesReport): void {
    if (JSON.stringify(certificates) === JSON.stringify(this.certificates)) return;
    this.certificates = certificates;
    this.touch();
  }

  /**
   * Why no new certificates can be had, written to the log when it is new. The node is no less healthy for it: those
   * that it has are good, and others need not wait for it.
   */
  public setRenewalProblem(sentence: string | undefined): void {
    if (this.renewalProblem === sentence) return;
    this.renewalProblem = sentence;
    if (sentence !== undefined) log(`the certificates are due and cannot be renewed: ${sentence}`);
    this.touch();
  }

  /**
   * Why jobs lack the credential of a connection, or have an old one; written to the log when it is new. The node is no
   * less healthy for it: others need not wait for it, and a change that mends it must be able to roll.
   */
  public setConnectionProblem(connection: string, sentence: string | undefined): void {
    if (this.connectionProblems.get(connection) === sentence) return;
    if (sentence === undefined) {
      this.connectionProblems.delete(connection);
    } else {
      this.connectionProblems.set(connection, sentence);
      log(sentence);
    }
    this.touch();
  }

  /** How much of its data volume the node uses: it is no less healthy for what it does not. */
  public setDataVolume(dataVolume: DataVolumeReport): void {
    if (JSON.stringify(dataVolume) === JSON.stringify(this.dataVolume)) return;
    this.dataVolume = dataVolume;
    if (dataVolume.problem !== undefined)
      log(`the data volume has grown and cannot be used whole: ${dataVolume.problem}`);
    this.touch();
  }

  /** It was changed, and our chains are whole again: the node is no less healthy for it. */
  public setHostFirewall(hostFirewall: HostFirewallReport): void {
    this.hostFirewall = hostFirewall;
    this.touch();
  }

  /**
   * How its logs are shipped: the node is no less healthy for it. What is delivered changes all the time, and is told with
   * the next report that there is anyway.
   */
  public setLogs(logs: LogsReport): void {
    const before = this.logs;
    this.logs = logs;
    const isNews = (["lost", "rejected", "problem"] as const).some((part) => before?.[part] !== logs[part]);
    if (!before || isNews) this.touch();
  }

  /** The same of metrics. */
  public setMetrics(metrics: MetricsReport): void {
    const before = this.metrics;
    this.metrics = metrics;
    if (!before || before.lost !== metrics.lost || before.problem !== metrics.problem) this.touch();
  }

  /** What Flink says of the whole cluster: told with the next report that there is anyway. */
  public setFlink(flink: FlinkReport | undefined): void {
    this.flink = flink;
  }

  /** How the units are; the first time that all of them are well, the node is no longer starting. */
  public setUnits(units: readonly UnitReport[], allStarted: boolean): void {
    const same = JSON.stringify(units) === JSON.stringify(this.units) && allStarted === this.servicesStarted;
    this.units = units;
    this.servicesStarted = allStarted;
    if (!same) this.touch();
  }

  public isHealthy(): boolean {
    return this.servicesStarted && this.reasons().length === 0;
  }

  /** The report as it stands. */
  public report(now: Date): NodeReport {
    const healthy = this.isHealthy();
    this.wasHealthy ||= healthy;
    return {
      schemaVersion: 1,
      cluster: this.identity.cluster,
      node: this.identity.node,
      reportedAt: now.toISOString(),
      bootId: this.bootId,
      ...(this.imageId === undefined ? {} : { imageId: this.imageId }),
      status: healthy ? "healthy" : this.wasHealthy ? "unhealthy" : "starting",
      reasons: this.reasons(),
      ...(this.running ? { running: this.running } : {}),
      ...(this.pending ? { pending: this.pending } : {}),
      ...(this.leads === undefined ? {} : { leads: this.leads }),
      ...(this.roll ? { roll: this.roll } : {}),
      ...(this.lineChange ? { lineChange: this.lineChange } : {}),
      units: this.units,
      software: this.software,
      ...(this.certificates ? { certificates: this.certificatesReport(this.certificates) } : {}),
      ...(this.dataVolume ? { dataVolume: this.dataVolume } : {}),
      ...(this.hostFirewall ? { hostFirewall: this.hostFirewall } : {}),
      ...(this.connectionProblems.size > 0 ? { connectionProblems: [...this.connectionProblems.values()].sort() } : {}),
      ...(this.logs ? { logs: this.logs } : {}),
      ...(this.metrics ? { metrics: this.metrics } : {}),
      ...(this.flink ? { flink: this.flink } : {}),
    };
  }

  /** Writes reports until it is stopped; a bucket that is away is waited for, never fatal. */
  public async run(): Promise<void> {
    while (!this.stopped) {
      await this.writeOnce();
      await sleep(SHORTEST_PAUSE_MILLIS);
      await this.nextChange();
    }
    if (this.changed) await this.writeOnce();
  }

  public stop(): void {
    this.stopped = true;
    this.wake();
  }

  private certificatesReport(certificates: CertificatesReport): CertificatesReport {
    const { renewalProblem } = this;
    return renewalProblem === undefined ? certificates : { ...certificates, renewalProblem };
  }

  private reasons(): string[] {
    const ill = this.units.flatMap((unit) => {
      const restarts = unit.restarts > 0 ? `, started anew ${unit.restarts} times so far` : "";
      if (!unit.active) return [`${unit.name} is ${unit.state}${restarts}`];
      return unit.healthy === false ? [`${unit.name}: ${unit.health ?? "not healthy"}${restarts}`] : [];
    });
    return [...this.problems.values(), ...ill];
  }

  private async writeOnce(): Promise<void> {
    this.changed = false;
    const { bucket, cluster, node } = this.identity;
    const text = JSON.stringify(this.report(new Date()), null, 2) + "\n";
    try {
      await this.store.write(bucket, reportKey(cluster, node), text, "application/json");
    } catch (error) {
      log(`the report could not be written: ${describeError(error)}`);
    }
  }

  private async nextChange(): Promise<void> {
    if (this.changed || this.stopped) return;
    const timeout = new AbortController();
    const change = new Promise<void>((resolve) => (this.wake = resolve));
    const silence = sleep(LONGEST_SILENCE_MILLIS, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([change, silence]);
    timeout.abort();
  }

  private touch(): void {
    this.changed = true;
    this.wake();
  }
}
