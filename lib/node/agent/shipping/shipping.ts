import type { DesiredState, NodeSpec, ShippingSpec, UnitSpec } from "../../desired-state";
import { AuxiliaryUnits } from "../auxiliary-units";
import type { Keeping } from "../connections/connection-credentials";
import { describeError, log } from "../log";
import type { Reporter } from "../reporter";
import type { RoleCredentialsService } from "../role-credentials-service";

/** Each look runs a short program. */
const LOOK_MILLIS = 10_000;

/** What is asked of the machine. */
export interface MachineOfShipping {
  ensureMemory(): Promise<void>;
  removeMemory(): Promise<void>;
  units(names: readonly string[], beforeStart: (unit: string) => Promise<void>): Pick<AuxiliaryUnits, "look">;
}

/** What all machines do in the same way. */
export const UNITS_OF_SHIPPING: Pick<MachineOfShipping, "units"> = {
  units: (names, beforeStart) => new AuxiliaryUnits(names, beforeStart),
};

/** As whom it ships: kept until the signal; without a secret there is no login. */
export interface KeptLogin {
  keep(secretArn: string | undefined, signal: AbortSignal): Promise<Pick<Keeping, "ended">>;
}

/** Something that a node ships, as the agent deals with it. */
export type NodeShipping = Pick<ShippingOf<ShippingSpec>, "serveAgain" | "begin" | "look">;

/** What is shipped by whom, and until when. */
interface Begun<Spec extends ShippingSpec> {
  readonly spec: Spec;
  readonly names: readonly string[];
  readonly units: Pick<AuxiliaryUnits, "look">;
  readonly signal: AbortSignal;
}

/**
 * The agent's part in the shipping of something that the node tells of itself: it starts the shippers, gives them what they
 * need to call the destination, and tells in the report how they do. Whatever goes wrong there is in that report alone: no
 * node is ill for it.
 */
export abstract class ShippingOf<Spec extends ShippingSpec> {
  private begun?: Begun<Spec>;
  private isLoginKept = false;
  private isLooking = false;
  private lastLook = -Infinity;

  protected constructor(
    /** Such as `logs`. */
    private readonly what: string,
    private readonly credentials: Pick<RoleCredentialsService, "serve" | "serveAgain">,
    private readonly login: KeptLogin,
    private readonly problems: Pick<Reporter, "setProblem" | "solve">,
    private readonly memory: MachineOfShipping,
    protected readonly clock: () => number,
  ) {}

  /** Where an agent of this boot has served the shippers before, it goes on at once. Never fails. */
  public async serveAgain(state: Pick<DesiredState, "logs" | "metrics">): Promise<void> {
    const spec = this.specOf(state);
    if (spec) await this.credentials.serveAgain(spec.credentials);
  }

  /** From now on each look keeps it going. To be called when units that are outdated are stopped. Never fails. */
  public async begin(
    state: Pick<DesiredState, "logs" | "metrics" | "units">,
    node: Pick<NodeSpec, "units">,
    beforeStart: (unit: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const spec = this.specOf(state);
    if (!spec) {
      await this.memory.removeMemory().catch((error: unknown) => {
        log(`what shippers of ${this.what} had in memory cannot be removed: ${describeError(error)}`);
      });
      return;
    }
    const own = new Set(state.units.filter((unit) => this.isOwn(unit)).map(({ name }) => name));
    const names = node.units.filter((name) => own.has(name));
    this.begun = { spec, names, units: this.memory.units(names, beforeStart), signal };
  }

  /**
   * To be called often, and not to be waited for: a program may hang until it is ended. There is never a second look beside
   * one. Never fails.
   */
  public async look(): Promise<void> {
    const { begun } = this;
    if (!begun || begun.signal.aborted || this.isLooking) return;
    if (this.clock() - this.lastLook < LOOK_MILLIS) return;
    this.lastLook = this.clock();
    this.isLooking = true;
    // Without it they would start in vain.
    if (await this.part("what the shippers need in memory cannot be made", () => this.memory.ensureMemory())) {
      await this.part("the credentials of the shippers cannot be served", () => this.serve(begun));
      await this.part("the units of the shippers cannot be looked at", () => this.lookAtUnits(begun));
    }
    await this.lookAtOthers(begun.spec);
    this.isLooking = false;
  }

  /** Whether the shippers have what they need to be started; and time to stop those that need something new. */
  protected abstract mayStart(spec: Spec, units: readonly string[]): Promise<boolean>;

  protected abstract specOf(state: Pick<DesiredState, "logs" | "metrics">): Spec | undefined;

  protected abstract isOwn(unit: UnitSpec): boolean;

  /** What there is to look at beside units. */
  protected abstract lookAtOthers(spec: Spec): Promise<void>;

  /** One that fails keeps no other from being done. */
  protected async part(failure: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this.problems.solve(failure);
      return true;
    } catch (error) {
      this.problems.setProblem(failure, `${failure}: ${describeError(error)}`);
      return false;
    }
  }

  protected tell(topic: string, sentence: string | undefined): void {
    if (sentence === undefined) this.problems.solve(topic);
    else this.problems.setProblem(topic, sentence);
  }

  private async serve({ spec, signal }: Begun<Spec>): Promise<void> {
    await this.credentials.serve(spec.credentials);
    if (this.isLoginKept) return;
    this.isLoginKept = true;
    await this.login.keep(spec.secretArn, signal);
  }

  private async lookAtUnits({ spec, names, units }: Begun<Spec>): Promise<void> {
    if (!(await this.mayStart(spec, names))) return;
    for (const [unit, problem] of await units.look()) this.tell(unit, problem);
  }
}
