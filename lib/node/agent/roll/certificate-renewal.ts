import { createHash } from "crypto";
import { type MaintenanceWindowSpec, opensAt } from "../../maintenance-window";
import type { NodeReport } from "../../report";
import type { RolledChange } from "../../roll";
import type { Certificates, NewCertificates } from "../certificates/certificates";
import { describeError } from "../log";
import type { Afterwards, AtOnce, Change, ChangeSource } from "./change";

const KIND = "certificates";
/** Part of their life by which the certificates of two nodes may be apart and still are renewed in one round. */
const ROUND = 1 / 12;
/** However long they live: a node that waits for its round takes nothing else over. */
const LONGEST_ROUND_MILLIS = 600_000;

export interface CertificateRenewalProps {
  readonly node: string;
  /** All of the cluster, but for those that it shall have no more: they may be gone already. */
  readonly nodes: () => Promise<readonly string[]>;
  /** How long certificates are good. */
  readonly validitySeconds: number;
  /** When nodes may begin to renew theirs; absent: at any time. */
  readonly maintenanceWindow?: MaintenanceWindowSpec;
  readonly certificates: Pick<Certificates, "dueAt" | "endsAt" | "firstSerialNumber" | "issueAnew" | "lookAtNames">;
  /** When they are due may be another time now. */
  readonly onLooked: () => void;
  /** Why certificates that are due cannot be had, or nothing, for the report. */
  readonly onProblem: (problem: string | undefined) => void;
  readonly now?: () => Date;
}

/**
 * Certificates of this node that are due. They are wanted from when their successors are there, in memory: so nothing
 * waits for a node that cannot get any, and once it is its turn nothing can fail but its own disk.
 */
export class CertificateRenewal implements ChangeSource {
  public readonly kind = KIND;
  private successors?: NewCertificates;
  /** Why the successors could not be laid down, and when that is tried again. */
  private failure?: { readonly problem: string; readonly over: Date };

  public constructor(private readonly props: CertificateRenewalProps) {}

  public async wanted(): Promise<Change | undefined> {
    const { certificates, onProblem } = this.props;
    try {
      await certificates.lookAtNames();
    } catch {
      // Where the machine's own name has no address just now, its certificates are as they were.
    }
    const [due, end] = [certificates.dueAt(), certificates.endsAt()];
    if (due !== undefined) this.props.onLooked();
    const isDue = due !== undefined && due <= this.now();
    const failure = this.failure && this.failure.over > this.now() ? this.failure : undefined;
    if (!isDue || failure) {
      onProblem(failure?.problem);
      return undefined;
    }
    try {
      // A turn may be long in coming.
      if (!this.successors || this.successors.dueAt <= this.now()) this.successors = await certificates.issueAnew();
    } catch (error) {
      onProblem(describeError(error));
      return undefined;
    }
    onProblem(undefined);
    const about = aboutOf(this.props.node, await certificates.firstSerialNumber());
    const isOverdue = end !== undefined && end <= this.now();
    const latest = due && end && new Date((due.getTime() + end.getTime()) / 2);
    const nodes = await this.props.nodes();
    return new Renewal(this.props, about, { nodes, install: () => this.install(), isOverdue, latest });
  }

  public resume(about: RolledChange): Change {
    return new Renewal(this.props, about);
  }

  /** A node whose disk takes nothing wants nothing for a while: so it keeps no lock from the others. */
  private async install(): Promise<void> {
    try {
      await this.successors?.install();
    } catch (error) {
      const over = new Date(this.now().getTime() + roundMillis(this.props.validitySeconds));
      this.failure = { problem: describeError(error), over };
      throw error;
    }
  }

  private now(): Date {
    return this.props.now?.() ?? new Date();
  }
}

function roundMillis(validitySeconds: number): number {
  return Math.min(validitySeconds * 1000 * ROUND, LONGEST_ROUND_MILLIS);
}

/** What is known of a renewal that is wanted; of one that was begun before, nothing of it is needed. */
interface WantedRenewal {
  readonly nodes: readonly string[];
  readonly install: () => Promise<void>;
  readonly isOverdue: boolean;
  /** Half of the time that was left when they were due: that is kept for nodes that cannot take their turn. */
  readonly latest?: Date;
}

/**
 * To renew is to lay the new ones down: the agent that begins anew stops the units that were started with other
 * certificates than those on disk, and starts them. Either are good, so that there is no way back and no need of one.
 */
class Renewal implements Change {
  public readonly passesFailure = true;
  public readonly nodes: readonly string[];
  public readonly isOverdue: boolean;

  public constructor(
    private readonly props: CertificateRenewalProps,
    public readonly about: RolledChange,
    private readonly wanted?: WantedRenewal,
  ) {
    this.nodes = wanted?.nodes ?? [];
    this.isOverdue = wanted?.isOverdue ?? false;
  }

  /** A window that comes too late is not waited for. */
  public opensAt(now: Date): Date | undefined {
    const { maintenanceWindow } = this.props;
    const next = maintenanceWindow && opensAt(maintenanceWindow, now);
    const { latest } = this.wanted ?? {};
    return next && latest && next <= latest ? next : undefined;
  }

  /** A node whose certificates will be due in a moment goes in its order, and one that gets none is not waited for. */
  public isDoneBy({ certificates }: NodeReport): boolean {
    if (!certificates || certificates.renewalProblem !== undefined) return true;
    const { now = () => new Date(), validitySeconds } = this.props;
    return Date.parse(certificates.renewalDueAt) > now().getTime() + roundMillis(validitySeconds);
  }

  public prepare(): Promise<void> {
    return Promise.resolve();
  }

  public async isApplied(): Promise<boolean> {
    const { node, certificates } = this.props;
    return aboutOf(node, await certificates.firstSerialNumber()).sha256 !== this.about.sha256;
  }

  public async apply(): Promise<Afterwards> {
    await this.wanted?.install();
    return "start anew";
  }

  public async applyAtOnce(): Promise<AtOnce> {
    await this.wanted?.install();
    return "start anew";
  }
}

/** The same until the first of the node's certificates is another one, whoever asks and how often. */
function aboutOf(node: string, serialNumber: string | undefined): RolledChange {
  const what = `certificates of ${node} in place of ${serialNumber ?? "none"}`;
  return { kind: KIND, sha256: createHash("sha256").update(what).digest("hex"), reason: `new ${what}` };
}
