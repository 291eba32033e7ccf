import type { DesiredState, NodeSpec, SoftwareItem } from "../../desired-state";
import type { NodeIdentity } from "../../identity";
import type { NodeReport, StateReference } from "../../report";
import type { LineChange, RolledChange } from "../../roll";
import { flinkVersionOf, lineOf } from "../../flink-line";
import { opensAt } from "../../maintenance-window";
import { findProblem } from "../../state-problems";
import type { NewerStateWatch } from "../newer-state";
import type { StateStore, StoredState } from "../state-store";
import type { Trial } from "../trial/trial";
import type { Afterwards, AtOnce, Change, ChangeSource } from "./change";
import { whyNotToLine } from "./line-refusal";
import { slotsOfEach } from "./task-slots";

export const DESIRED_STATE = "desired-state";

export interface StateChangesProps {
  readonly identity: NodeIdentity;
  readonly states: Pick<StateStore, "applied" | "previous" | "recordApplied" | "goBack">;
  readonly watch: NewerStateWatch;
  /** What the agent began with, applied before or about to be: a new machine has nothing that was applied. */
  readonly begunWith: StateReference;
  /** The same; absent where it is none that can be read. */
  readonly running?: DesiredState;
  /** Removes all parts but these: the root volume holds a few releases only. */
  readonly removeAllBut: (items: readonly SoftwareItem[]) => Promise<void>;
  /** Lays a part out. */
  readonly install: (item: SoftwareItem) => Promise<void>;
  /** Fails if this agent does not start with this Node.js on this machine. */
  readonly tryAgent: (state: DesiredState) => Promise<void>;
  /** Watches over what was taken over, which the agent that it names may not. */
  readonly trial: Pick<Trial, "begin" | "isOf" | "makeRoom" | "end" | "fellBackFrom" | "forgetFallBack">;
  /** For the report. */
  readonly onPending: (pending: StateReference | undefined) => void;
}

/** Desired states that the bucket holds and this node does not run. */
export class StateChanges implements ChangeSource {
  public readonly kind = DESIRED_STATE;

  public constructor(private readonly props: StateChangesProps) {}

  public async wanted(): Promise<Change | undefined> {
    const newest = await this.props.watch.pending();
    this.props.onPending(newest?.reference);
    return newest && new StateChange(this.props, newest);
  }

  public resume(about: RolledChange): Change {
    return new AppliedStateChange(this.props, about);
  }

  /** Nodes of what runs here that the newest desired state has too: the others may be gone, and nobody waits for them. */
  public async stayingNodes(): Promise<readonly string[]> {
    const newest = await this.props.watch.pending();
    const { cluster, node } = this.props.identity;
    const names = namesOf(this.props.running);
    const wanted = newest && parseState(newest);
    if (!newest || findProblem(wanted, cluster, node) !== undefined) return names;
    const staying = namesOf(wanted as DesiredState);
    return names.filter((name) => staying.includes(name));
  }

  public settle(): Promise<void> {
    return this.props.trial.end();
  }
}

/** As far as it is needed without its bytes: after it was applied. */
class AppliedStateChange implements Change {
  /** Another line of Flink is taken over by nodes that are all well. */
  public readonly mayMend: boolean;
  public readonly nodes: readonly string[] = [];

  public constructor(
    protected readonly props: StateChangesProps,
    public readonly about: RolledChange,
  ) {
    this.mayMend = about.line === undefined;
  }

  public isDoneBy(report: NodeReport): boolean {
    return report.running?.sha256 === this.about.sha256;
  }

  public async isApplied(): Promise<boolean> {
    const { reference } = (await this.props.states.applied()) ?? { reference: this.props.begunWith };
    return reference.sha256 === this.about.sha256;
  }

  public fellBack(): Promise<string | undefined> {
    return this.props.trial.fellBackFrom(this.about.sha256);
  }

  public prepare(): Promise<void> {
    return Promise.reject(new Error("it is not what the bucket holds"));
  }

  public apply(): Promise<Afterwards> {
    return Promise.reject(new Error("it is not what the bucket holds"));
  }

  /** The bootstrap fetches it: also an agent that cannot read it is mended so. */
  public applyAtOnce(): Promise<AtOnce> {
    return Promise.resolve("try at once");
  }

  public async undo(sha256: string): Promise<Afterwards> {
    // The lock is anybody's of the cluster to write; what is on trial here only this machine says.
    if (!(await this.props.trial.isOf(this.about.sha256, sha256))) {
      throw new Error("this machine has not taken it over in place of what the lock names");
    }
    await this.props.trial.makeRoom();
    if (!(await this.props.states.goBack(sha256, new Date()))) {
      throw new Error("what ran before is not on this machine any more");
    }
    return "start anew";
  }
}

/**
 * Another desired state. To apply it is to remember it: the agent that it names, which may be another one, begins with
 * what is remembered, stops the units whose inputs differ, and starts them anew. So a change that was cut goes on by
 * the same way by which it went on anyway.
 */
class StateChange extends AppliedStateChange {
  public override readonly nodes: readonly string[];
  public readonly refusal?: string;
  public readonly jobRoleArn?: string;
  public readonly flinkLine?: string;
  public readonly slotsOfEach?: number;
  private readonly state?: DesiredState;

  public constructor(
    props: StateChangesProps,
    private readonly stored: StoredState,
  ) {
    const { sha256, versionId } = stored.reference;
    const { cluster, node } = props.identity;
    const found = parseState(stored);
    const problem = findProblem(found, cluster, node);
    const state = problem === undefined ? (found as DesiredState) : undefined;
    const line = changeOfLine(props.running, state);
    const reason = line ? `Flink ${line.to} in place of ${line.from}` : "a new desired state";
    super(props, { kind: DESIRED_STATE, sha256, versionId, reason, ...(line ? { line } : {}) });
    this.state = state;
    this.flinkLine = lineOfState(state);
    this.slotsOfEach = state && slotsOfEach(state);
    this.refusal = problem ?? (line && whyNotToLine(props.running!, state!));
    this.nodes = namesOf(this.state);
    this.jobRoleArn = this.state?.jobCredentials.roleArn;
  }

  /** By its own window and not by that of what runs: so an urgent change comes without one. */
  public opensAt(now: Date): Date | undefined {
    // Whoever has stopped all jobs for it waits beside it.
    if (this.about.line) return undefined;
    const window = this.state?.maintenanceWindow;
    if (!window || changesWindowAlone(this.props.running, this.state)) return undefined;
    return opensAt(window, now);
  }

  public override async prepare(): Promise<void> {
    const { state } = this;
    if (this.refusal !== undefined || !state) throw new Error(this.refusal);
    const { running, removeAllBut, install, tryAgent, trial } = this.props;
    await trial.forgetFallBack();
    await removeAllBut([state, running, await this.previous()].flatMap((each) => (each ? partsOf(each) : [])));
    for (const item of partsOf(state)) await install(item);
    const isSame = running?.agent.sha256 === state.agent.sha256 && running.nodeJs.sha256 === state.nodeJs.sha256;
    if (!isSame) await tryAgent(state);
  }

  /** What ran before what runs; nothing where it is none that can be read. */
  private async previous(): Promise<DesiredState | undefined> {
    const stored = await this.props.states.previous();
    const state = stored && parseState(stored);
    const { cluster, node } = this.props.identity;
    return findProblem(state, cluster, node) === undefined ? (state as DesiredState) : undefined;
  }

  public override async apply(): Promise<Afterwards> {
    const { bytes, reference } = this.stored;
    const before = await this.props.states.applied();
    if (before) await this.props.trial.begin(reference.sha256, before.reference.sha256);
    const since = new Date().toISOString();
    await this.props.states.recordApplied({ bytes, reference: { ...reference, since } });
    return "start anew";
  }
}

/** What a stored state says; nothing that can be used where it is no JSON. */
export function parseState(stored: StoredState): unknown {
  try {
    return JSON.parse(stored.bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function namesOf(state: DesiredState | undefined): readonly string[] {
  return state?.nodes.map(({ name }: NodeSpec) => name) ?? [];
}

/** Also the two that the bootstrap would fetch: when it is asked to, nothing shall be missing any more. */
function partsOf({ nodeJs, agent, software }: DesiredState): readonly SoftwareItem[] {
  return [nodeJs, agent, ...software];
}

/** Nothing is stopped for it. */
function changesWindowAlone(running: DesiredState | undefined, wanted: DesiredState | undefined): boolean {
  const [from, to] = [running, wanted].map((state) => JSON.stringify({ ...state, maintenanceWindow: undefined }));
  return from === to;
}

/** Nothing where the line stays. */
function changeOfLine(running: DesiredState | undefined, wanted: DesiredState | undefined): LineChange | undefined {
  const [from, to] = [running, wanted].map(lineOfState);
  return from === undefined || to === undefined || from === to ? undefined : { from, to };
}

/** Nothing where it names no Flink. */
export function lineOfState(state: DesiredState | undefined): string | undefined {
  const version = flinkVersionOf(state);
  return version === undefined ? undefined : lineOf(version);
}
