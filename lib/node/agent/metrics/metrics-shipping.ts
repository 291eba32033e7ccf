import type { DesiredState, MetricsSpec, NodeSpec, UnitSpec } from "../../desired-state";
import { METRICS_UNIT } from "../../metrics/metrics-unit";
import type { NodeReport } from "../../report";
import type { RoleCredentialsService } from "../role-credentials-service";
import { MachineOfShipping, ShippingOf, UNITS_OF_SHIPPING } from "../shipping/shipping";
import { SilenceWatch } from "../shipping/silence-watch";
import { stopUnits } from "../systemd";
import type { MetricsLogin } from "./metrics-login";
import { ensureMetricsMemory, metricsOwners, removeMetricsMemory } from "./metrics-memory";
import { writeMetricsOfNode } from "./metrics-of-node";
import type { MetricsShippingReport } from "./metrics-report";
import { readTelegrafStatus, TelegrafStatus } from "./telegraf-status";
import { recentTelegrafLines, TroubleWatch } from "./telegraf-trouble";

/** Looks that Telegraf may miss before it counts as silent, and what it needs beside them. */
const MISSED_LOOKS = 3;
const SLACK_SECONDS = 60;
/** Telegraf tries to send every 10 seconds, and complains each time that it fails. */
const TROUBLE_SECONDS = 25;

/** What is asked of the machine. */
export interface MetricsMachine extends MachineOfShipping {
  telegrafStatus(): Promise<TelegrafStatus | undefined>;
  telegrafLines(seconds: number): Promise<readonly string[]>;
  writeMetrics(node: Node): Promise<void>;
  stop(units: readonly string[]): Promise<void>;
}

type Node = Pick<NodeSpec, "host" | "units" | "zooKeeperId">;

/** The machine itself, whose agent reports so. */
export function metricsMachine(report: () => NodeReport): MetricsMachine {
  return {
    ...UNITS_OF_SHIPPING,
    ensureMemory: async () => ensureMetricsMemory(await metricsOwners()),
    removeMemory: removeMetricsMemory,
    telegrafStatus: readTelegrafStatus,
    telegrafLines: recentTelegrafLines,
    writeMetrics: async (node) => writeMetricsOfNode(node, report(), (await metricsOwners()).readable),
    stop: stopUnits,
  };
}

/** The agent's part in the shipping of metrics. */
export class MetricsShipping extends ShippingOf<MetricsSpec> {
  private readonly silence = new SilenceWatch(this.clock);
  private readonly trouble = new TroubleWatch();
  private node?: Node;
  /** With which login the units run. */
  private loginInUse = 0;

  public constructor(
    credentials: Pick<RoleCredentialsService, "serve" | "serveAgain">,
    private readonly metricsLogin: Pick<MetricsLogin, "keep" | "useForm" | "isThere" | "changes">,
    private readonly report: Pick<MetricsShippingReport, "setProblem" | "solve" | "setCounts">,
    private readonly machine: MetricsMachine,
    clock: () => number = () => performance.now(),
  ) {
    super("metrics", credentials, metricsLogin, report, machine, clock);
  }

  public override async begin(
    state: Pick<DesiredState, "metrics" | "units">,
    node: Node,
    beforeStart: (unit: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    this.node = node;
    const form = state.metrics?.loginForm;
    if (form !== undefined) this.metricsLogin.useForm(form);
    return super.begin(state, node, beforeStart, signal);
  }

  protected specOf({ metrics }: Pick<DesiredState, "metrics">): MetricsSpec | undefined {
    return metrics;
  }

  protected isOwn({ name }: UnitSpec): boolean {
    return name === METRICS_UNIT;
  }

  /** Without its login Telegraf ends at once; and it reads that of PostgreSQL when it starts, and never again. */
  protected async mayStart({ secretArn, loginForm }: MetricsSpec, units: readonly string[]): Promise<boolean> {
    if (secretArn !== undefined && !(await this.metricsLogin.isThere())) return false;
    const changes = this.metricsLogin.changes();
    if (loginForm === "postgresql" && changes !== this.loginInUse) await this.machine.stop(units);
    this.loginInUse = changes;
    return true;
  }

  protected async lookAtOthers({ intervalSeconds }: MetricsSpec): Promise<void> {
    await this.part("what the agent knows cannot be given to Telegraf", () => this.machine.writeMetrics(this.node!));
    await this.part("the status of Telegraf cannot be read", () => this.readStatus(intervalSeconds));
    await this.part("what Telegraf complains of cannot be read", async () =>
      this.tell("telegraf", this.trouble.among(await this.machine.telegrafLines(TROUBLE_SECONDS))),
    );
  }

  private async readStatus(intervalSeconds: number): Promise<void> {
    const status = await this.machine.telegrafStatus();
    const longest = (MISSED_LOOKS * intervalSeconds + SLACK_SECONDS) * 1000;
    const isSilent = this.silence.millis(status?.at) >= longest;
    this.tell("silence", isSilent ? "Telegraf says nothing of itself any more" : undefined);
    if (!status) return;
    const { written, lost, waiting } = status;
    this.report.setCounts({ written, lost, waiting });
  }
}
