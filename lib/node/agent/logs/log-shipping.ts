import * as fs from "fs/promises";
import type { DesiredState, LogsSpec, UnitSpec } from "../../desired-state";
import type { LogExporterStatus } from "../../logs/log-exporter-status";
import { LOG_COLLECTOR_UNIT, LOG_EXPORTER_UNIT } from "../../logs/log-units";
import { DATA } from "../../paths";
import type { RoleCredentialsService } from "../role-credentials-service";
import { MachineOfShipping, ShippingOf, UNITS_OF_SHIPPING } from "../shipping/shipping";
import { SilenceWatch } from "../shipping/silence-watch";
import { readExporterStatus } from "./exporter-status";
import type { LogLogin } from "./log-login";
import { ensureShippingMemory, removeShippingMemory, shippingOwners } from "./shipping-memory";
import type { ShippingReport } from "./shipping-report";

/** The exporter speaks every 30 seconds at least. */
const LONGEST_SILENCE_MILLIS = 90_000;
/** Less is what Flink's loggers need for their next lines. */
const LEAST_FREE_BYTES = 16 << 20;

/** What is asked of the machine. */
export interface ShippingMachine extends MachineOfShipping {
  exporterStatus(): Promise<LogExporterStatus | undefined>;
  /** On the data volume, for users without privileges. */
  freeBytes(): Promise<number>;
}

const MACHINE: ShippingMachine = {
  ...UNITS_OF_SHIPPING,
  ensureMemory: async () => ensureShippingMemory(await shippingOwners()),
  removeMemory: removeShippingMemory,
  exporterStatus: readExporterStatus,
  freeBytes: async () => {
    const { bavail, bsize } = await fs.statfs(DATA);
    return bavail * bsize;
  },
};

/** The agent's part in the shipping of logs. */
export class LogShipping extends ShippingOf<LogsSpec> {
  private readonly silence = new SilenceWatch(this.clock);

  public constructor(
    credentials: Pick<RoleCredentialsService, "serve" | "serveAgain">,
    login: Pick<LogLogin, "keep">,
    private readonly report: Pick<ShippingReport, "setProblem" | "solve" | "setCounts">,
    private readonly machine: ShippingMachine = MACHINE,
    clock: () => number = () => performance.now(),
  ) {
    super("logs", credentials, login, report, machine, clock);
  }

  protected specOf({ logs }: Pick<DesiredState, "logs">): LogsSpec | undefined {
    return logs;
  }

  protected isOwn({ name }: UnitSpec): boolean {
    return name === LOG_EXPORTER_UNIT || name === LOG_COLLECTOR_UNIT;
  }

  /** They wait for their login themselves. */
  protected mayStart(): Promise<boolean> {
    return Promise.resolve(true);
  }

  protected async lookAtOthers(): Promise<void> {
    await this.part("the status of the exporter cannot be read", () => this.readStatus());
    await this.part("the space on the data volume is not known", () => this.lookAtVolume());
  }

  private async readStatus(): Promise<void> {
    const status = await this.machine.exporterStatus();
    this.tell("exporter", status?.problem);
    const isSilent = this.silence.millis(status?.updatedAt) >= LONGEST_SILENCE_MILLIS;
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
}

function silence(status: LogExporterStatus | undefined): string {
  return status ? `the log exporter says nothing since ${status.updatedAt}` : "the log exporter says nothing";
}
