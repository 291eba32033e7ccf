import type { DesiredState, NodeSpec } from "../desired-state";
import type { NodeIdentity } from "../identity";
import { softwareFolder } from "../paths";
import type { StateReference } from "../report";
import { findProblem } from "../state-problems";
import { Accounts } from "./accounts";
import { layOut } from "./apply";
import type { AuthorityKeys } from "./certificates/authority-keys";
import { Certificates } from "./certificates/certificates";
import { ownAddress } from "./certificates/own-address";
import { ensureDataVolume } from "./data-volume";
import type { JobCredentialsService } from "./job-credentials-service";
import { describeError, log } from "./log";
import { NewerStateWatch } from "./newer-state";
import type { ObjectStore } from "./object-store";
import type { Reporter } from "./reporter";
import { untilItSucceeds } from "./retry";
import { installSoftware } from "./software";
import { StateStore, StoredState } from "./state-store";
import { Supervisor } from "./supervisor";
import { stopUnits } from "./systemd";

/**
 * The program of a node: makes the machine as the desired state says, starts Flink, watches, and reports.
 *
 * - A state once applied is what the node starts with from then on, also without the bucket. A newer one is
 *   reported as pending and left alone, unless the applied one was never healthy here: then nothing is lost
 *   by trying the newer.
 * - Flink's units are started by the agent after every boot, not by systemd: only the agent knows that the
 *   data volume is this node's and that what they read is in place.
 * - Every step may be cut and done again. The units do not end with the agent.
 */
export class Agent {
  public constructor(
    private readonly identity: NodeIdentity,
    private readonly store: ObjectStore,
    private readonly reporter: Reporter,
    private readonly authorityKeys: AuthorityKeys,
    private readonly jobCredentials: JobCredentialsService,
    private readonly states: StateStore = new StateStore(),
  ) {}

  /** Runs until the signal, or until the machine shall start anew with a newer state. */
  public async run(signal: AbortSignal): Promise<void> {
    const applied = await this.states.applied();
    const stored = applied ?? (await this.states.fetched());
    if (!stored) throw new Error("the bootstrap left no desired state");

    const problem = findProblem(parse(stored), this.identity.cluster, this.identity.node);
    if (problem !== undefined) {
      this.reporter.setProblem("desired state", problem);
      await this.waitForAnother(stored.reference, signal);
      if (!signal.aborted) await this.states.forgetApplied();
      return;
    }
    const state = parse(stored) as DesiredState;
    const node = state.nodes.find(({ name }) => name === this.identity.node)!;

    const newer = new AbortController();
    const end = AbortSignal.any([signal, newer.signal]);
    let wasHealthy = applied !== undefined && (await this.states.wasHealthy());
    const watchBucket = new NewerStateWatch(this.identity, this.store, stored.reference).run((pending) => {
      this.reporter.setPending(pending);
      if (pending && !wasHealthy) newer.abort();
    }, end);
    const work = async () => {
      await this.prepare(state, node);
      await this.recordRunning(stored, applied !== undefined);
      const supervisor = new Supervisor(state.units, node, this.reporter);
      await this.retry("starting the units", () => supervisor.start(end));
      await supervisor.watch(async () => {
        if (wasHealthy || !this.reporter.isHealthy()) return;
        await this.states.recordHealthy(new Date());
        wasHealthy = true;
        log("healthy for the first time");
      }, end);
    };
    // Every step may be cut: one that waits for the world does not hold up the end.
    await Promise.race([work(), watchBucket]);

    if (newer.signal.aborted && !signal.aborted) {
      log("what was to run here was never healthy: trying the newer desired state");
      await stopUnits([...node.units].reverse());
      await this.states.forgetApplied();
    }
  }

  private async prepare(state: DesiredState, node: NodeSpec): Promise<void> {
    await Promise.all([this.mountDataVolume(), this.installAll(state)]);
    await this.retry("laying out the node", () => layOut(state, node));
    const certificates = new Certificates({
      ...state.certificates,
      cluster: state.cluster,
      node,
      keys: this.authorityKeys,
      address: () => ownAddress(node.host),
      ownerOf: async (group) => (await Accounts.read()).owner("root", group),
    });
    await this.retry("getting certificates", () => certificates.ensure());
    this.reporter.setCertificates(certificates.report());
    await this.retry("serving the credentials of jobs", () => this.jobCredentials.serve(state.jobCredentials));
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
        await this.retry(`fetching ${title}`, () =>
          installSoftware(this.store, this.identity.softwareBucket, item, softwareFolder(item)),
        );
        this.reporter.addSoftware(title);
      }),
    );
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

  private async waitForAnother(known: StateReference, signal: AbortSignal): Promise<void> {
    const found = new AbortController();
    const watch = new NewerStateWatch(this.identity, this.store, known);
    await watch.run((pending) => pending && found.abort(), AbortSignal.any([signal, found.signal]));
  }
}

function parse(stored: StoredState): unknown {
  try {
    return JSON.parse(stored.bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
