import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freePort } from "../../support/free-port";
import { createAuthority, Issuer } from "../../lab/authority";
import { newPassword } from "../others/passwords";
import { ensureInfluxDb } from "./metrics-software";
import { ServerProcess } from "./server-process";
import { until } from "./until";

const HOST = "localhost";

/** A point, by the names of its columns. */
export type Point = Readonly<Record<string, string | number | null>>;

/** Points of one combination of tags: milliseconds since 1970, and a value. */
export interface TaggedSeries {
  readonly tags: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [millis: number, value: number])[];
}

/** A real InfluxDB 1.8 on loopback that speaks TLS and knows its users; with a database of a retention policy. */
export class LoopbackInfluxDb {
  public static async start(): Promise<LoopbackInfluxDb> {
    const program = await ensureInfluxDb();
    const folder = mkdtempSync(join(tmpdir(), "influxdb-"));
    const authority = await createAuthority();
    const { key, certificate } = await new Issuer(authority).certificateFor(HOST);
    writeFileSync(join(folder, "server.pem"), certificate);
    writeFileSync(join(folder, "server.key"), key, { mode: 0o600 });
    const port = await freePort();
    writeFileSync(join(folder, "influxdb.conf"), configuration(folder, port, await freePort()));
    const server = new LoopbackInfluxDb(folder, port, authority.certificate, [program, "-config"]);
    await server.prepare();
    return server;
  }

  public readonly database = "flink metrics";
  public readonly retentionPolicy = "month";
  public readonly writer = { username: "writer", password: newPassword() };
  private readonly administrator = { username: "admin", password: newPassword() };
  private process: ServerProcess;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    public readonly certificateAuthorities: string,
    private readonly argv: readonly string[],
  ) {
    this.process = this.run();
  }

  public get url(): string {
    return `https://${HOST}:${this.port}`;
  }

  /** All points that a statement of InfluxQL finds. */
  public async ask(statement: string): Promise<readonly Point[]> {
    return (await this.seriesOf(statement)).flatMap(({ columns, values }) =>
      values.map((row) => Object.fromEntries(row.map((value, at) => [columns[at], value]))),
    );
  }

  /** Each series of an answer that has a time and one value; `NaN` where there is none. */
  public async askSeries(statement: string): Promise<readonly TaggedSeries[]> {
    return (await this.seriesOf(statement)).map(({ tags = {}, values }) => ({
      tags,
      points: values.map(([millis, value]): [number, number] => [Number(millis), Number(value ?? NaN)]),
    }));
  }

  /** Points of the line protocol, with times in milliseconds. */
  public async write(lines: readonly string[]): Promise<void> {
    const { username, password } = this.administrator;
    const query = { db: this.database, rp: this.retentionPolicy, precision: "ms", u: username, p: password };
    const answer = await this.post(`/write?${new URLSearchParams(query).toString()}`, lines.join("\n"));
    if (answer !== "") throw new Error(`InfluxDB: ${answer}`);
  }

  /** Away, with all that it holds. */
  public async leave(): Promise<void> {
    await this.process.stop();
  }

  public async comeBack(): Promise<void> {
    this.process = this.run();
    await this.untilItAnswers();
  }

  public async setPassword(password: string): Promise<void> {
    await this.ask(`SET PASSWORD FOR ${this.writer.username} = '${password}'`);
  }

  public async stop(): Promise<void> {
    await this.process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(): ServerProcess {
    return new ServerProcess([...this.argv, join(this.folder, "influxdb.conf")]);
  }

  private async prepare(): Promise<void> {
    await this.untilItAnswers();
    const { username, password } = this.writer;
    const make = `CREATE USER ${this.administrator.username} WITH PASSWORD '${this.administrator.password}' WITH ALL PRIVILEGES`;
    await this.post(`/query?${new URLSearchParams({ q: make }).toString()}`);
    for (const statement of [
      `CREATE DATABASE "${this.database}"`,
      `CREATE RETENTION POLICY "${this.retentionPolicy}" ON "${this.database}" DURATION 30d REPLICATION 1`,
      `CREATE USER ${username} WITH PASSWORD '${password}'`,
      `GRANT WRITE ON "${this.database}" TO ${username}`,
    ]) {
      await this.ask(statement);
    }
  }

  private async untilItAnswers(): Promise<void> {
    await until(async () => {
      this.process.requireRunning();
      return this.post("/ping").catch(() => undefined);
    }, "InfluxDB");
  }

  private async seriesOf(statement: string): Promise<readonly AnsweredSeries[]> {
    const { username, password } = this.administrator;
    const query = new URLSearchParams({ q: statement, db: this.database, epoch: "ms", u: username, p: password });
    const answer = await this.post(`/query?${query.toString()}`);
    const { results = [], error } = JSON.parse(answer) as InfluxAnswer;
    const problem = error ?? results.find((result) => result.error)?.error;
    if (problem !== undefined) throw new Error(`InfluxDB: ${problem}`);
    return results.flatMap(({ series = [] }) => series);
  }

  private post(path: string, body = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { host: HOST, port: this.port, path, method: "POST", ca: this.certificateAuthorities };
      https
        .request({ ...options, agent: false }, (answer) => void text(answer).then(resolve, reject))
        .on("error", reject)
        .end(body);
    });
  }
}

interface InfluxAnswer {
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly AnsweredSeries[] }[];
}

interface AnsweredSeries {
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (string | number | null)[][];
}

function configuration(folder: string, port: number, rpcPort: number): string {
  return [
    "reporting-disabled = true",
    `bind-address = "127.0.0.1:${rpcPort}"`,
    "[meta]",
    `dir = "${folder}/meta"`,
    "[data]",
    `dir = "${folder}/data"`,
    `wal-dir = "${folder}/wal"`,
    "query-log-enabled = false",
    "[monitor]",
    "store-enabled = false",
    "[http]",
    `bind-address = "127.0.0.1:${port}"`,
    "auth-enabled = true",
    "log-enabled = false",
    "https-enabled = true",
    `https-certificate = "${folder}/server.pem"`,
    `https-private-key = "${folder}/server.key"`,
  ].join("\n");
}
