import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { MetricsLogin } from "../../../lib/node/agent/metrics/metrics-login";
import { readTelegrafStatus, TelegrafStatus } from "../../../lib/node/agent/metrics/telegraf-status";
import { TroubleWatch } from "../../../lib/node/agent/metrics/telegraf-trouble";
import type { MetricsShippingInput } from "../../../lib/node/metrics/metrics-shipping";
import { metricsShippingLayout } from "../../../lib/node/metrics/metrics-shipping-layout";
import { telegrafMemory } from "../../../lib/node/metrics/telegraf-memory";
import { METRICS_CONF, METRICS_RUNTIME } from "../../../lib/node/paths";
import { PORTS } from "../../../lib/node/ports";
import { METRICS, METRICS_SECRET } from "../../node/support/metrics-shipping-input";
import { part } from "../../node/support/cluster-input";
import { FlinkExporter, jobManagerText, taskManagerText } from "./flink-exporter";
import { ensureTelegraf } from "./metrics-software";
import { ServerProcess } from "./server-process";

/** Seconds between looks: fewer than a node may have, as a test waits for them, and enough for a busy machine. */
export const INTERVAL_SECONDS = 4;
/** What on a node takes longer, for the same reason. */
const SOONER: readonly (readonly [string, string])[] = [
  ['flush_interval = "10s"', 'flush_interval = "1s"'],
  ['period = "5s"', 'period = "1s"'],
];
const LOOK_MILLIS = 100;

/** The Telegraf of a node, on loopback: as the node would run it, but for its folders and the ports of Flink. */
export class LoopbackTelegraf {
  public static async start(
    metrics: Partial<MetricsShippingInput> & Pick<MetricsShippingInput, "destination">,
    secret?: object,
  ): Promise<LoopbackTelegraf> {
    const program = await ensureTelegraf();
    const folder = mkdtempSync(join(tmpdir(), "telegraf-"));
    for (const name of ["etc", "run/login", "run/status"]) mkdirSync(join(folder, name), { recursive: true });
    const exporters = {
      jobManager: await FlinkExporter.start(jobManagerText),
      taskManager: await FlinkExporter.start((looks) => taskManagerText(100 * looks)),
    };
    const telegraf = new LoopbackTelegraf(folder, program, exporters);
    telegraf.layOut({ ...METRICS, intervalSeconds: INTERVAL_SECONDS, ...metrics });
    telegraf.writeAgentFile();
    if (secret) {
      telegraf.secret = secret;
      await telegraf.keepLogin();
    }
    telegraf.process = telegraf.run();
    return telegraf;
  }

  /** What Secrets Manager holds. */
  public secret: object = {};
  private process!: ServerProcess;
  private form: "basic" | "token" | "postgresql" = "basic";
  private goBytes = 0;
  private readonly end = new AbortController();
  private login?: Promise<void>;

  private constructor(
    private readonly folder: string,
    private readonly program: string,
    public readonly exporters: { readonly jobManager: FlinkExporter; readonly taskManager: FlinkExporter },
  ) {}

  public get log(): string {
    return this.process.log;
  }

  public get pid(): number {
    return this.process.pid;
  }

  /** What the agent would tell of it. */
  public async status(): Promise<TelegrafStatus | undefined> {
    return readTelegrafStatus(join(this.folder, "run/status/written.json"));
  }

  /** What the agent would tell as its last complaint. */
  public trouble(): string | undefined {
    return new TroubleWatch().among(this.log.split("\n"));
  }

  /** Whether the agent has laid down this one. */
  public async hasLogin({ password }: { readonly password: string }): Promise<boolean> {
    const file = await readFile(join(this.folder, "run/login/password"), "utf8");
    return file.replaceAll("\\", "") === password.replaceAll("\\", "");
  }

  /** As the agent does it when its login is another. */
  public async startAnew(): Promise<void> {
    await this.process.stop();
    this.process = this.run();
  }

  public requireRunning(): void {
    this.process.requireRunning();
  }

  public async stop(): Promise<void> {
    this.end.abort();
    await this.login;
    await this.process?.stop();
    for (const exporter of Object.values(this.exporters)) await exporter.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(): ServerProcess {
    return new ServerProcess([this.program, "--config", join(this.folder, "etc/telegraf.conf")], {
      ...{ GOMEMLIMIT: String(this.goBytes), GOMAXPROCS: "1", AWS_EC2_METADATA_DISABLED: "true" },
    });
  }

  private layOut(metrics: MetricsShippingInput): void {
    const layout = metricsShippingLayout("orders", metrics, part("telegraf", "tar.gz", "7"));
    this.form = layout.spec!.loginForm ?? "basic";
    this.goBytes = telegrafMemory(metrics.bufferedMetrics).goBytes;
    const node = { name: "orders-node-1", host: "node-1.orders.flink.internal" };
    for (const { path, content } of [...layout.files, ...layout.filesOf(node)]) {
      writeFileSync(join(this.folder, "etc", basename(path)), this.onLoopback(content));
    }
  }

  private onLoopback(text: string): string {
    return SOONER.reduce((sooner, [from, to]) => sooner.replace(from, to), text)
      .replaceAll(METRICS_CONF, join(this.folder, "etc"))
      .replaceAll(METRICS_RUNTIME, join(this.folder, "run"))
      .replace(`:${PORTS.jobManagerReporter.port}/`, `:${this.exporters.jobManager.port}/`)
      .replace(`:${PORTS.taskManagerReporter.port}/`, `:${this.exporters.taskManager.port}/`);
  }

  private writeAgentFile(): void {
    const lines = [
      ...["# TYPE cdktf_flink_node_healthy gauge", "cdktf_flink_node_healthy 1"],
      "# TYPE cdktf_flink_certificate_remaining_seconds gauge",
      'cdktf_flink_certificate_remaining_seconds{process="jobmanager"} 3600',
    ];
    writeFileSync(join(this.folder, "run/agent.prom"), `${lines.join("\n")}\n`);
  }

  /** By the agent's own hand. */
  private async keepLogin(): Promise<void> {
    const owner = { uid: process.getuid!(), gid: process.getgid!() };
    const secrets = { read: () => Promise.resolve(JSON.stringify(this.secret)) };
    const problems: string[] = [];
    const reporter = {
      setProblem: (_: string, sentence: string) => void problems.push(sentence),
      solve: () => undefined,
    };
    const times = { lookMillis: LOOK_MILLIS, firstRetryMillis: LOOK_MILLIS };
    const folder = join(this.folder, "run/login");
    const login = new MetricsLogin(secrets, reporter, () => Promise.resolve(owner), folder, times);
    login.useForm(this.form);
    const { ended } = await login.keep(METRICS_SECRET, this.end.signal);
    this.login = ended;
    while (!(await login.isThere())) {
      if (problems.length > 0) throw new Error(problems[0]);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
  }
}
