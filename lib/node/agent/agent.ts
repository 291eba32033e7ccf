import type { DesiredState, NodeSpec, SoftwareItem } from "../desired-state";
import type { NodeIdentity } from "../identity";
import { DATA, softwareFolder, STATE } from "../paths";
import { findProblem } from "../state-problems";
import { Accounts } from "./accounts";
import { layOut } from "./apply";
import type { AuthorityServices } from "./certificates/authorities";
import { certificateInputs } from "./certificates/certificate-inputs";
import { Certificates } from "./certificates/certificates";
import { ownAddress } from "./certificates/own-address";
import type { ConnectionCredentials } from "./connections/connection-credentials";
import { deviceOf, ensureDataVolume } from "./data-volume";
import { FlinkGate } from "./flink-gate";
import { plansInZooKeeper } from "./flink-plans";
import { FlinkSummaryWatch, summarizeFlink } from "./flink-summary";
import { HostFirewallWatch } from "./host-firewall-watch";
import { leadsHere } from "./leader";
import { copyLog, describeError, log } from "./log";
import { NewerStateWatch } from "./newer-state";
import type { ObjectStore, SharedObjects } from "./object-store";
import { ownProgram, tryAgent } from "./own-program";
import type { Reporter } from "./reporter";
import { untilItSucceeds } from "./retry";
import { CertificateRenewal } from "./roll/certificate-renewal";
import { askFlink } from "./roll/flink-view";
import { RollLock } from "./roll/lock";
import { Roll } from "./roll/roll";
import { runRoll } from "./roll/roll-loop";
import type { RolledFlink } from "./roll/rolling-node";
import { lineOfState, parseState, StateChanges } from "./roll/state-change";
import type { RoleCredentialsService } from "./role-credentials-service";
import type { NodeShipping } from "./shipping/shipping";
import { installSoftware, removeOtherSoftware } from "./software";
import { StateStore, StoredState } from "./state-store";
import { Supervisor } from "./supervisor";
import { stopUnits } from "./systemd";
import { Trial } from "./trial/trial";
import { TrialUnits } from "./trial/trial-units";
import { inputsOfUnits, StartedUnits } from "./unit-inputs";
import { ext4Disk, VolumeGrowthWatch } from "./volume-growth";

/** What a node runs, as far as it can be read. */
interface Runnable {
  readonly state: DesiredState;
  readonly node: NodeSpec;
  readonly certificates: Certificates;
}

/**
 * The program of a node: makes the machine as the desired state says, starts Flink, watches, and reports.
 *
 * - A state once applied is what the node starts with from then on, also without the bucket. A newer one is taken
 *   over by the rolling change (roll/), unless the applied one was never healthy here: then nothing is lost by trying
 *   the newer at once.
 * - Flink's units are started by the agent after every boot, not by systemd: only the agent knows that the
 *   data volume is this node's and that what they read is in place.
 * - Certificates are renewed by the same rolling change: units that were started with others than those on disk are
 *   stopped when the agent begins.
 * - Until what runs was healthy here, the machine's console shows what the agent logs: nothing else may be able to tell.
 * - Every step may be cut and done again. The units do not end with the agent, and it stops only those whose inputs
 *   have changed since they were started.
 */
export class Agent {
  /** Whether what runs was ever healthy here. */
  private wasHealthy = false;

  public constructor(
    private readonly identity: NodeIdentity,
    private readonly store: ObjectStore & SharedObjects,
    private readonly reporter: Reporter,
    private readonly authorities: AuthorityServices,
    private readonly jobCredentials: Pick<RoleCredentialsService, "serve" | "serveAgain" | "failure">,
    private readonly connections: Pick<ConnectionCredentials, "keep">,
    private readonly shipping: readonly NodeShipping[],
    private readonly states: StateStore = new StateStore(),
    private readonly started: StartedUnits = new StartedUnits(STATE),
    private readonly trial: Trial = new Trial(states, new TrialUnits(ownProgram())),
    private readonly gate: FlinkGate = new FlinkGate(),
  ) {}

  /** Runs until the signal, or until the machine shall go on with another state: then as another process. */
  public async run(signal: AbortSignal): Promise<void> {
    const applied = await this.states.applied();
    const stored = applied ?? (await this.states.fetched());
    if (!stored) throw new Error("the bootstrap left no desired state");
    await this.gate.begin(applied === undefined);
    this.wasHealthy = applied !== undefined && (await this.states.wasHealthy());
    if (this.wasHealthy) copyLog(undefined);

    const runnable = this.read(stored);
    const end = new AbortController();
    const roll = runRoll(this.roll(stored, runnable), AbortSignal.any([signal, end.signal]));
    const work = runnable ? this.work(stored, applied !== undefined, runnable, signal) : roll;
    // Every step may be cut: one that waits for the world does not hold up the end.
    const outcome = await Promise.race([roll, work.then(() => roll)]);
    end.abort();
    if (outcome === "start anew") log("goes on as a new process");
    if (outcome !== "try at once") return;
    log("what was to run here was never healthy: trying the newer desired state");
    if (runnable) await stopUnits([...runnable.node.units].reverse());
    await this.states.forgetApplied();
  }

  /** Nothing when it cannot be run: then another one is waited for. */
  private read(stored: StoredState): Runnable | undefined {
    const state = parseState(stored);
    const problem = findProblem(state, this.identity.cluster, this.identity.node);
    if (problem === undefined) {
      const good = state as DesiredState;
      const node = good.nodes.find(({ name }) => name === this.identity.node)!;
      return { state: good, node, certificates: this.certificatesOf(good, node) };
    }
    this.reporter.setProblem("desired state", problem);
    // Whatever it was once, it is of no use now.
    this.wasHealthy = false;
    return undefined;
  }

  private certificatesOf(state: DesiredState, node: NodeSpec): Certificates {
    return new Certificates({
      ...state.certificates,
      cluster: state.cluster,
      node,
      services: this.authorities,
      address: () => ownAddress(node.host),
      ownerOf: async (group) => (await Accounts.read()).owner("root", group),
    });
  }

  private async work(stored: StoredState, known: boolean, runnable: Runnable, signal: AbortSignal): Promise<void> {
    const { state, node } = runnable;
    const inputs = await this.prepare(runnable);
    await this.recordRunning(stored, known);
    // After the role's own credentials, with which the secrets are read, and before the jobs that need them.
    await this.connections.keep(state.connectionCredentials ?? [], signal).tried;
    const beforeStart = (unit: string) => this.started.record(unit, inputs.get(unit)!);
    const { gate } = this;
    const supervisor = new Supervisor(state.units, node, this.reporter, beforeStart, (unit, act) =>
      gate.start(unit, act),
    );
    for (const each of this.shipping) await each.begin(state, node, beforeStart, signal);
    // What is held may be so for long, and shall tell of itself meanwhile.
    if (!gate.isOpen) this.lookAtShipping();
    await this.retry("starting the units", async () => {
      try {
        await supervisor.start(signal);
      } finally {
        // Also of a node that cannot start what it is there for, and of that above all.
        this.lookAtShipping();
      }
    });
    const hostFirewall = new HostFirewallWatch(this.reporter);
    const disk = ext4Disk(deviceOf(this.identity.dataVolumeId), DATA);
    const volumeGrowth = new VolumeGrowthWatch(disk, (report) => this.reporter.setDataVolume(report));
    const summary = new FlinkSummaryWatch(
      () => askOwnFlink(runnable, summarizeFlink),
      (flink) => this.reporter.setFlink(flink),
    );
    await supervisor.watch(async () => {
      // Nothing that hangs there keeps the units from being watched.
      void hostFirewall.look();
      void volumeGrowth.look();
      this.lookAtShipping();
      const leads = await leadsHere().catch(() => undefined);
      this.reporter.setLeads(leads);
      void summary.look(leads);
      if (this.wasHealthy || !this.reporter.isHealthy()) return;
      await this.states.recordHealthy(new Date());
      this.wasHealthy = true;
      log("healthy for the first time");
      copyLog(undefined);
    }, signal);
  }

  private lookAtShipping(): void {
    for (const each of this.shipping) void each.look();
  }

  private roll(stored: StoredState, runnable: Runnable | undefined): Roll {
    const { identity, store, states, reporter } = this;
    const changes = new StateChanges({
      identity,
      states,
      watch: new NewerStateWatch(identity, store, stored.reference),
      begunWith: stored.reference,
      running: runnable?.state,
      removeAllBut: (items) => removeOtherSoftware(items.map(softwareFolder)),
      install: (item) => this.install(item),
      tryAgent,
      trial: this.trial,
      onPending: (pending) => reporter.setPending(pending),
    });
    return new Roll({
      place: identity,
      objects: store,
      // A state that is refused, or has failed, must not keep certificates from being renewed.
      sources: runnable ? [this.renewal(runnable, changes), changes] : [changes],
      flink: runnable && this.flinkOf(runnable),
      node: {
        name: identity.node,
        report: () => reporter.report(new Date()),
        wasHealthy: () => this.wasHealthy,
        askFlink: () => askOwnFlink(runnable, askFlink),
        obstacleToStart: ({ jobRoleArn }) => this.jobCredentials.failure(jobRoleArn),
        tell: (roll) => reporter.setRoll(roll, new Date()),
      },
    });
  }

  private flinkOf({ state, node }: Runnable): RolledFlink | undefined {
    const { gate, reporter } = this;
    const line = lineOfState(state);
    if (line === undefined) {
      gate.open();
      return undefined;
    }
    return {
      line,
      nodes: state.nodes.map(({ name }) => name),
      get isOpen() {
        return gate.isOpen;
      },
      get isHeld() {
        return gate.isHeld;
      },
      get wasStopped() {
        return gate.wasStopped;
      },
      hold: () => gate.hold(),
      letGo: () => gate.letGo(),
      open: () => gate.open(),
      stop: () => gate.stop(),
      plans: (lineThatRan) => plansInZooKeeper(state, node, lineThatRan),
      tell: (lineChange) => reporter.setLineChange(lineChange),
    };
  }

  private renewal({ state, node, certificates }: Runnable, changes: StateChanges): CertificateRenewal {
    return new CertificateRenewal({
      node: node.name,
      nodes: () => changes.stayingNodes(),
      validitySeconds: state.certificates.validitySeconds,
      maintenanceWindow: state.maintenanceWindow,
      certificates,
      onLooked: () => this.reporter.setCertificates(certificates.report()),
      onProblem: (problem) => this.reporter.setRenewalProblem(problem),
    });
  }

  /** Tells with which inputs the units are to be started. */
  private async prepare(runnable: Runnable): Promise<ReadonlyMap<string, string>> {
    const { state, node, certificates } = runnable;
    await this.jobCredentials.serveAgain(state.jobCredentials);
    for (const each of this.shipping) await each.serveAgain(state);
    await Promise.all([this.mountDataVolume(), this.installAll(state)]);
    await this.retry("laying out the node", async () => {
      await this.stopOutdated(runnable);
      await layOut(state, node);
    });
    await this.retry("getting certificates", () => certificates.ensure());
    this.reporter.setCertificates(certificates.report());
    // Also those that run with certificates that were of no use any more.
    const inputs = await this.retry("stopping what is outdated", () => this.stopOutdated(runnable));
    await this.retry("serving the credentials of jobs", () => this.jobCredentials.serve(state.jobCredentials));
    return inputs;
  }

  /** Stops the units that were started with other inputs than those that are there now, which it gives back. */
  private async stopOutdated({ state, node }: Runnable): Promise<ReadonlyMap<string, string>> {
    const inputs = inputsOfUnits(state, node, await certificateInputs());
    const outdated = await this.started.outdated(inputs, () => this.isChanged());
    await stopUnits(outdated);
    await this.started.forget(outdated);
    return inputs;
  }

  /** By the lock: whether what runs here may be of before a change. */
  private async isChanged(): Promise<boolean> {
    const { record } = await new RollLock(this.store, this.identity).read();
    const { owner = null, phase, change } = record ?? {};
    const isMine = owner === this.identity.node || (owner !== null && change?.line !== undefined);
    return isMine && (phase === "applying" || phase === "going-back");
  }

  private async recordRunning(stored: StoredState, known: boolean): Promise<void> {
    const running = known ? stored.reference : { ...stored.reference, since: new Date().toISOString() };
    if (!known) await this.states.recordApplied({ bytes: stored.bytes, reference: running });
    this.reporter.setRunning(running);
    log(`runs the desired state ${running.versionId} (SHA-256 ${running.sha256.slice(0, 12)}…)`);
  }

  private async mountDataVolume(): Promise<void> {
    const { cluster, node, dataVolumeId: volumeId } = this.identity;
    await this.retry("mounting the data volume", () => ensureDataVolume({ cluster, node, volumeId }), 5_000);
    log("the data volume is mounted");
  }

  private async installAll(state: DesiredState): Promise<void> {
    await Promise.all(
      state.software.map(async (item) => {
        const title = `${item.name} ${item.version}`;
        await this.retry(`fetching ${title}`, () => this.install(item));
        this.reporter.addSoftware(title);
      }),
    );
  }

  private install(item: SoftwareItem): Promise<void> {
    return installSoftware(this.store, this.identity.softwareBucket, item, softwareFolder(item));
  }

  private async retry<T>(what: string, act: () => Promise<T>, largestWaitMillis?: number): Promise<T> {
    const result = await untilItSucceeds(act, {
      ...(largestWaitMillis === undefined ? {} : { largestWaitMillis }),
      onFailure: (error, wait) => {
        this.reporter.setProblem(what, `${what}: ${describeError(error)}`);
        log(`${what} is tried again in ${wait.toFixed(1)} s`);
      },
    });
    this.reporter.solve(what);
    return result;
  }
}

/** Asks the JobManager of this node, if one runs here. */
function askOwnFlink<T>(runnable: Runnable | undefined, ask: (host: string, port: number) => Promise<T>): Promise<T> {
  const port = runnable?.state.units.find(({ health }) => health?.kind === "flink-jobmanager")?.health?.port;
  if (!runnable || port === undefined) return Promise.reject(new Error("no JobManager runs here"));
  return ask(runnable.node.host, port);
}
