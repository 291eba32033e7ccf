import type { KeyAndCertificate } from "../../lab/authority";
import type { Machine } from "../../lab/machine";
import { waitFor } from "../../lab/wait-for";
import { ensureInfluxDb } from "../metrics/metrics-software";
import { newPassword } from "../others/passwords";
import { HttpsCall, callHttps, mustCallHttps } from "./https-call";
import { valuesOfInfluxDb } from "./influxdb-answer";
import { METRICS_DATABASE, METRICS_HOST, METRICS_PORTS, RETENTION_POLICY } from "./metrics-stacks";
import { LABELS, MetricsStore, RetentionRecord, StoredValue, ValueName } from "./metrics-store";
import { ProgramServer } from "./program-server";

const NAME = "influxdb";
const URL_OF_SERVER = `https://${METRICS_HOST}:${METRICS_PORTS.influxdb}`;
const WRITER = "flink";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What old values are called, and how many of them there are. */
const [OLD, OLD_VALUES] = ["old", 500];

/** Somebody else's InfluxDB 1.8, with a database, a retention policy and a user who may write there and do nothing else. */
export class InfluxDbServer {
  public readonly password = newPassword();
  private readonly administrator = { username: "administrator", password: newPassword() };
  private server?: ProgramServer;

  public constructor(
    private readonly machine: () => Machine,
    private readonly authority: KeyAndCertificate,
  ) {}

  /** As it is told by docs/metrics.md; does nothing where it is there already. */
  public async start(): Promise<void> {
    if (this.server) return;
    const configuration = ProgramServer.configuration(NAME);
    this.server = new ProgramServer({
      ...{ machine: this.machine(), authority: this.authority, name: NAME, program: await ensureInfluxDb() },
      argv: ["-config", `${configuration}/influxdb.conf`],
      answers: async () => (await this.call({ method: "GET", path: "/ping" })).status === 204,
    });
    await this.server.start({ "influxdb.conf": influxDbConfiguration(configuration, ProgramServer.data(NAME)) });
    const { username, password } = this.administrator;
    // Before there is a user, anybody may make the first one.
    await this.must(queryBody(`CREATE USER ${username} WITH PASSWORD '${password}' WITH ALL PRIVILEGES`), undefined);
    for (const statement of [
      `CREATE DATABASE ${METRICS_DATABASE} WITH DURATION 30d SHARD DURATION 1h NAME ${RETENTION_POLICY}`,
      `CREATE USER ${WRITER} WITH PASSWORD '${this.password}'`,
      `GRANT WRITE ON ${METRICS_DATABASE} TO ${WRITER}`,
    ]) {
      await this.ask(statement, "");
    }
  }

  public get unit(): ProgramServer {
    if (!this.server) throw new Error("InfluxDB is not started");
    return this.server;
  }

  /** As its administrator: all values of one field that a statement finds. */
  public async ask(statement: string, field: string): Promise<readonly StoredValue[]> {
    return valuesOfInfluxDb(await this.must(queryBody(statement), this.administrator), field);
  }

  /** Lines of its protocol, with times in seconds. */
  public async write(lines: readonly string[]): Promise<void> {
    const query = new URLSearchParams({ db: METRICS_DATABASE, rp: RETENTION_POLICY, precision: "s" });
    const call = { method: "POST", path: `/write?${query.toString()}`, body: lines.join("\n") } as const;
    await mustCallHttps(this.machine(), this.callOf({ ...call, login: this.administrator }));
  }

  private must(body: string, login: HttpsCall["login"]): Promise<string> {
    return mustCallHttps(this.machine(), this.callOf({ method: "POST", path: "/query", body, login }));
  }

  private call(call: Pick<HttpsCall, "method"> & { readonly path: string }) {
    return callHttps(this.machine(), this.callOf(call));
  }

  private callOf({ path, ...call }: Omit<HttpsCall, "url" | "authorities"> & { readonly path: string }): HttpsCall {
    return {
      ...call,
      url: `${URL_OF_SERVER}${path}`,
      authorities: `${ProgramServer.configuration(NAME)}/authority.pem`,
    };
  }
}

/** A database of it, written to by the API of version 1 or by that of version 2. */
export class InfluxDbStore implements MetricsStore {
  public readonly title: string;
  public readonly secret: Readonly<Record<string, string>>;
  public readonly wrongSecret: Readonly<Record<string, string>>;
  public readonly keepsWithAnotherLogin = true;
  public readonly showRetention?: () => Promise<RetentionRecord>;

  public constructor(
    public readonly kind: "influxdb" | "influxdb2",
    private readonly server: InfluxDbServer,
  ) {
    const isFirst = kind === "influxdb";
    this.title = isFirst ? "InfluxDB 1.8.10" : "InfluxDB 1.8.10 by the write API of version 2";
    const secretWith = (password: string): Readonly<Record<string, string>> =>
      isFirst ? { username: WRITER, password } : { token: `${WRITER}:${password}` };
    [this.secret, this.wrongSecret] = [secretWith(server.password), secretWith(newPassword())];
    if (isFirst) this.showRetention = () => this.shorten();
  }

  public get password(): string {
    return this.server.password;
  }

  public start(): Promise<void> {
    return this.server.start();
  }

  public stop(): Promise<void> {
    return this.server.unit.stop();
  }

  public resume(): Promise<void> {
    return this.server.unit.resume();
  }

  public showCertificate(whose: "a stranger's" | "its own"): Promise<void> {
    return this.server.unit.showCertificate(whose);
  }

  public read({ kind, name }: ValueName, since: number): Promise<readonly StoredValue[]> {
    const labels = LABELS.map((label) => `"${label}"`).join(", ");
    const from = `"${METRICS_DATABASE}"."${RETENTION_POLICY}"."${kind}"`;
    return this.server.ask(`SELECT "${name}" FROM ${from} WHERE time >= ${since}ms GROUP BY ${labels}`, name);
  }

  /** The shortest policy that InfluxDB takes is an hour: values of some hours ago are there until the policy becomes so short. */
  private async shorten(): Promise<RetentionRecord> {
    const since = Date.now() - 12 * HOUR;
    const old = { kind: OLD, name: "value" };
    const young = { kind: "flink_jobmanager", name: "numRegisteredTaskManagers" };
    const first = Math.floor((Date.now() - 6 * HOUR) / 1000);
    await this.server.write(Array.from({ length: OLD_VALUES }, (_, n) => `${OLD} value=${n} ${first + n}`));
    const oldBefore = (await this.read(old, since)).length;
    const youngBefore = await this.read(young, Date.now() - 5 * MINUTE);
    await this.server.ask(`ALTER RETENTION POLICY ${RETENTION_POLICY} ON ${METRICS_DATABASE} DURATION 1h`, "");
    await waitFor(async () => (await this.read(old, since)).length === 0, {
      ...{ timeout: 5 * MINUTE, interval: 1000, what: "the end of old values" },
    });
    const times = new Set((await this.read(young, youngBefore[0]?.at ?? Date.now())).map(({ at }) => at));
    return {
      what: "values of 6 hours ago, when their policy was shortened from 30 days to one hour",
      ...{ oldBefore, oldAfter: 0, youngKept: youngBefore.filter(({ at }) => times.has(at)).length },
    };
  }
}

function queryBody(statement: string): string {
  return new URLSearchParams({ q: statement, db: METRICS_DATABASE, epoch: "ms" }).toString();
}

/** It looks often for what is too old; everywhere else that is half an hour. */
export function influxDbConfiguration(configuration: string, data: string): string {
  return [
    "reporting-disabled = true",
    'bind-address = "127.0.0.1:8088"',
    "[meta]",
    `dir = "${data}/meta"`,
    "[data]",
    `dir = "${data}/data"`,
    `wal-dir = "${data}/wal"`,
    "query-log-enabled = false",
    "[retention]",
    'check-interval = "10s"',
    "[monitor]",
    "store-enabled = false",
    "[http]",
    `bind-address = ":${METRICS_PORTS.influxdb}"`,
    "auth-enabled = true",
    "log-enabled = false",
    "https-enabled = true",
    `https-certificate = "${configuration}/server.pem"`,
    `https-private-key = "${configuration}/server.key"`,
    "",
  ].join("\n");
}
