import * as fs from "fs/promises";
import type { DesiredState, LogsSpec, NodeSpec } from "../../desired-state";
import type { LogExporterStatus } from "../../logs/log-exporter-status";
import { DATA } from "../../paths";
import { AuxiliaryUnits } from "../auxiliary-units";
import { describeError, log } from "../log";
import type { RoleCredentialsService } from "../role-credentials-service";
import { readExporterStatus } from "./exporter-status";
import type { LogLogin } from "./log-login";
import { ensureShippingMemory, removeShippingMemory, shippingOwners } from "./shipping-memory";
import type { ShippingReport } from "./shipping-report";

/** Each look runs a short program. */
const LOOK_MILLIS = 10_000;
/** The exporter speaks every 30 seconds at least. */
const LONGEST_SILENCE_MILLIS = 90_000;
/** Less is what Flink's loggers need for their next lines. */
const LEAST_FREE_BYTES = 16 << 20;

/** What is asked of the machine. */
export interface ShippingMachine {
  ensureMemory(): Promise<void>;
  removeMemory(): Promise<void>;
  exporterStatus(): Promise<LogExporterStatus | undefined>;
  /** On the data volume, for users without privileges. */
  freeBytes(): Promise<number>;
  units(names: readonly string[], beforeStart: (unit: string) => Promise<void>): Pick<AuxiliaryUnits, "look">;
}

const MACHINE: ShippingMachine = {
  ensureMemory: async () => ensureShippingMemory(await shippingOwners()),
  removeMemory: removeShippingMemory,
  exporterStatus: readExporterStatus,
  freeBytes: async () => {
    const { bavail, bsize } = await fs.statfs(DATA);
    return bavail * bsize;
  },
  units: (names, beforeStart) => new AuxiliaryUnits(names, beforeStart),
};

/** What is shipped by whom, and until when. */
interface Shipping {
  readonly spec: LogsSpec;
  readonly units: Pick<AuxiliaryUnits, "look">;
  readonly signal: AbortSignal;
}

/**
 * The agent's part in the shipping of logs: it starts the shippers, gives them what they need to call the destination, and
 * tells in the report how they do. Whatever goes wrong there is in that report alone: no node is ill for it.
 */
export class LogShipping {
  private shipping?: Shipping;
  private isLoginKept = false;
  private isLooking = false;
  private lastLook = -Infinity;
  /** When the exporter said something new last, by the clock here. */
  private heard?: { readonly updatedAt?: string; readonly at: number };

  public constructor(
    private readonly credentials: Pick<RoleCredentialsService, "serve" | "serveAgain">,
    private readonly login: Pick<LogLogin, "keep">,
    private readonly report: Pick<ShippingReport, "setProblem" | "solve" | "setCounts">,
    private readonly machine: ShippingMachine = MACHINE,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Where an agent of this boot has served the exporter before, it goes on at once. Never fails. */
  public async serveAgain(spec: LogsSpec | undefined): Promise<void> {
    if (spec) await this.credentials.serveAgain(spec.credentials);
  }

  /** From now on each look keeps it going. To be called when units that are outdated are stopped. Never fails. */
  public async begin(
    state: Pick<DesiredState, "logs" | "units">,
    node: Pick<NodeSpec, "units">,
    beforeStart: (unit: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!state.logs) {
      await this.machine.removeMemory().catch((error: unknown) => {
        log(`what shippers of logs had in memory cannot be removed: ${describeError(error)}`);
      });
      return;
    }
    const auxiliary = new Set(state.units.filter((unit) => unit.auxiliary).map(({ name }) => name));
    const names = node.units.filter((name) => auxiliary.has(name));
    this.shipping = { spec: state.logs, units: this.machine.units(names, beforeStart), signal };
  }

  /**
   * To be called often, and not to be waited for: a program may hang until it is ended. There is never a second look beside
   * one. Never fails.
   */
  public async look(): Promise<void> {
    const { shipping } = this;
    if (!shipping || shipping.signal.aborted || this.isLooking) return;
    if (this.clock() - this.lastLook < LOOK_MILLIS) return;
    this.lastLook = this.clock();
    this.isLooking = true;
    // Without it they would start in vain.
    if (await this.part("what the shippers need in memory cannot be made", () => this.machine.ensureMemory())) {
      await this.part("the credentials of the shippers cannot be served", () => this.serve(shipping));
      await this.part("the units of the shippers cannot be looked at", () => this.lookAtUnits(shipping));
    }
    await this.part("the status of the exporter cannot be read", () => this.readStatus());
    await this.part("the space on the data volume is not known", () => this.lookAtVolume());
    this.isLooking = false;
  }

  /** One that fails keeps no other from being done. */
  private async part(failure: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this.report.solve(failure);
      return true;
    } catch (error) {
      this.report.setProblem(failure, `${failure}: ${describeError(error)}`);
      return false;
    }
  }

  private async serve({ spec, signal }: Shipping): Promise<void> {
    await this.credentials.serve(spec.credentials);
    if (this.isLoginKept) return;
    this.isLoginKept = true;
    await this.login.keep(spec.secretArn, signal);
  }

  private async lookAtUnits({ units }: Shipping): Promise<void> {
    for (const [unit, problem] of await units.look()) this.tell(unit, problem);
  }

  private async readStatus(): Promise<void> {
    const status = await this.machine.exporterStatus();
    this.tell("exporter", status?.problem);
    if (!this.heard || this.heard.updatedAt !== status?.updatedAt) {
      this.heard = { updatedAt: status?.updatedAt, at: this.clock() };
    }
    const isSilent = this.clock() - this.heard.at >= LONGEST_SILENCE_MILLIS;
    this.tell("silence", isSilent ? silence(status) : undefined);
    if (!status) return;
    const { delivered, lost, rejected, lastDeliveredAt } = status;
    this.report.setCounts({
      ...{ delivered, lost, rejected },
      ...(lastDeliveredAt === undefined ? {} : { lastDeliveredAt }),
    });
  }

  private async lookAtVolume(): Promise<void> {
    const isFull = (await this.machine.freeBytes()) < LEAST_FREE_BYTES;
    this.tell(
      "space",
      isFull ? "the data volume is full: lines of Flink are lost until it has space again" : undefined,
    );
  }

  private tell(topic: string, sentence: string | undefined): void {
    if (sentence === undefined) this.report.solve(topic);
    else this.report.setProblem(topic, sentence);
  }
}

function silence(status: LogExporterStatus | undefined): string {
  return status ? `the log exporter says nothing since ${status.updatedAt}` : "the log exporter says nothing";
}
