import { randomBytes } from "crypto";
import type { KeyAndCertificate } from "../../lab/authority";
import type { Machine } from "../../lab/machine";
import type { AnsweredSeries, Question } from "../../support/pictures/grafana-questions";
import { ensurePrometheus } from "../metrics/metrics-software";
import { newPassword } from "../others/passwords";
import { callHttps, HttpsCall, mustCallHttps } from "./https-call";
import { METRICS_HOST, METRICS_PORTS } from "./metrics-stacks";
import { MetricsStore, StoredValue, ValueName } from "./metrics-store";
import { ProgramServer } from "./program-server";
import { AlertLabels, firingAlertsOf, seriesOfPrometheus, valuesOfPrometheus } from "./prometheus-answer";

const NAME = "prometheus";
const URL_OF_SERVER = `https://${METRICS_HOST}:${METRICS_PORTS.prometheus}`;
const RULES = "rules.yml";
const WRITER = "flink";
const READER = "grafana";
/** Salt of bcrypt: its version, how dear it is, and 22 of its own characters. */
const SALT_BEGIN = "$2b$10$";
/** Perl is on every machine of Debian, and reads the password from standard input. */
const HASH = "chomp(my $word = <STDIN>); print crypt($word, $ARGV[0])";

/** Somebody else's Prometheus, which takes remote write, and speaks TLS and asks for passwords itself. */
export class PrometheusStore implements MetricsStore {
  public readonly kind = "prometheus";
  public readonly title = "Prometheus 2.42";
  public readonly password = newPassword();
  public readonly secret = { username: WRITER, password: this.password };
  public readonly wrongSecret = { username: WRITER, password: newPassword() };
  public readonly keepsWithAnotherLogin = true;
  private readonly reader = { username: READER, password: newPassword() };
  private server?: ProgramServer;

  public constructor(
    private readonly machine: () => Machine,
    private readonly authority: KeyAndCertificate,
    /** A file of rules, which it looks at. */
    private readonly rules?: string,
  ) {}

  public async start(): Promise<void> {
    const configuration = ProgramServer.configuration(NAME);
    const server = new ProgramServer({
      ...{ machine: this.machine(), authority: this.authority, name: NAME, program: await ensurePrometheus() },
      argv: prometheusArguments(configuration, ProgramServer.data(NAME)),
      answers: async () => (await callHttps(this.machine(), this.callOf("/-/ready"))).status === 200,
    });
    this.server = server;
    const hashes: [string, string][] = [];
    for (const { username, password } of [this.secret, this.reader]) {
      hashes.push([username, await this.hashOf(password)]);
    }
    await server.start({
      ...(this.rules === undefined
        ? { "prometheus.yml": "{}\n" }
        : { "prometheus.yml": `rule_files: [${RULES}]\n`, [RULES]: this.rules }),
      "web.yml": prometheusWebConfiguration(configuration, hashes),
    });
  }

  public stop(): Promise<void> {
    return this.started().stop();
  }

  public resume(): Promise<void> {
    return this.started().resume();
  }

  public showCertificate(whose: "a stranger's" | "its own"): Promise<void> {
    return this.started().showCertificate(whose);
  }

  public async read({ kind, name }: ValueName, since: number): Promise<readonly StoredValue[]> {
    const seconds = Math.ceil((Date.now() - since) / 1000) + 1;
    const values = await this.ask(`{__name__="${kind}_${name}"}[${seconds}s]`);
    return values.filter(({ at }) => at >= since);
  }

  /** How many series of a selector have a value now. */
  public async countSeries(selector: string): Promise<number> {
    const [count] = await this.ask(`count(${selector})`);
    return count?.value ?? 0;
  }

  /** What an expression is at moments from one to another. */
  public async askOver({ expression, from, to, step }: Question): Promise<readonly AnsweredSeries[]> {
    const range = { query: expression, start: String(from), end: String(to), step: String(step) };
    const path = `/api/v1/query_range?${new URLSearchParams(range).toString()}`;
    return seriesOfPrometheus(await mustCallHttps(this.machine(), this.callOf(path)));
  }

  /** Labels of all alerts of its rules that are told of now. */
  public async firingAlerts(): Promise<readonly AlertLabels[]> {
    return firingAlertsOf(await mustCallHttps(this.machine(), this.callOf("/api/v1/alerts")));
  }

  private async ask(query: string): Promise<readonly StoredValue[]> {
    const path = `/api/v1/query?${new URLSearchParams({ query }).toString()}`;
    return valuesOfPrometheus(await mustCallHttps(this.machine(), this.callOf(path)));
  }

  private callOf(path: string): HttpsCall {
    const authorities = `${ProgramServer.configuration(NAME)}/authority.pem`;
    return { method: "GET", url: `${URL_OF_SERVER}${path}`, authorities, login: this.reader };
  }

  private async hashOf(password: string): Promise<string> {
    const salt = `${SALT_BEGIN}${randomBytes(11).toString("hex")}`;
    const hash = await this.machine().run(["perl", "-e", HASH, salt], { input: `${password}\n` });
    if (hash.startsWith(SALT_BEGIN)) return hash.trim();
    throw new Error(`perl made no hash of bcrypt: ${hash}`);
  }

  private started(): ProgramServer {
    if (!this.server) throw new Error("Prometheus is not started");
    return this.server;
  }
}

export function prometheusArguments(configuration: string, data: string): readonly string[] {
  return [
    ...[`--config.file=${configuration}/prometheus.yml`, `--web.config.file=${configuration}/web.yml`],
    ...[`--storage.tsdb.path=${data}`, "--log.level=warn", "--web.enable-remote-write-receiver"],
    `--web.listen-address=:${METRICS_PORTS.prometheus}`,
  ];
}

/** @param hashes of bcrypt, by names of users */
export function prometheusWebConfiguration(
  configuration: string,
  hashes: readonly (readonly [string, string])[],
): string {
  return [
    "tls_server_config:",
    `  cert_file: ${configuration}/server.pem`,
    `  key_file: ${configuration}/server.key`,
    "basic_auth_users:",
    ...hashes.map(([user, hash]) => `  ${user}: "${hash}"`),
    "",
  ].join("\n");
}
