import { readFileSync } from "fs";
import type { Deployment } from "../deployment";
import { HOSTILE, newPassword } from "../others/passwords";
import { COPY, DATABASES, ENRICHED, EVENTS, GRANTS, TABLES } from "./database-layout";
import { quoted } from "./postgresql-client";
import { PostgreSqlServer } from "./postgresql-server";
import { ensurePostgreSql } from "./postgresql-software";
import { DATABASE, DATABASE_MACHINE, POSTGRESQL_HOST, SECRETS } from "./postgresql-stacks";
import type { NumberedRow } from "./rows";

type JobsUser = "reader" | "writer";

const MINUTE = 60_000;
const JOBS_USERS: readonly JobsUser[] = ["reader", "writer"];

/** PostgreSQL as somebody else keeps it, with users whose passwords are in AWS Secrets Manager. */
export class OthersPostgreSql {
  /** The part of each password of jobs' users that is like no other text, the newest last. */
  public readonly passwords: Record<JobsUser, string[]> = { reader: [], writer: [] };
  private server?: PostgreSqlServer;

  public constructor(
    private readonly deployment: Deployment,
    private readonly flinkVersion: string,
  ) {}

  /** Gives every user a password, before there is a server to know it. */
  public async storePasswords(): Promise<void> {
    this.makePasswords();
    await this.storeUsers();
    await this.store("other", newPassword());
  }

  /** Starts the server, with its tables, and with users who may each do what jobs need and nothing else. */
  public async start(): Promise<void> {
    const { lab } = this.deployment;
    const machine = lab.machine(DATABASE_MACHINE);
    await lab.waitFor(() => machine.cloudInitResult(), {
      ...{ timeout: 3 * MINUTE, what: `${machine.name} to be configured` },
    });
    const [software, certificate] = await Promise.all([ensurePostgreSql(), lab.certificateFor(POSTGRESQL_HOST)]);
    const authority = readFileSync(lab.authorityFile, "utf8");
    const { flinkVersion } = this;
    this.server = await PostgreSqlServer.start({ machine, certificate, authority, software, flinkVersion });
    const users = JOBS_USERS.map((user) => `CREATE ROLE ${user} LOGIN PASSWORD ${quoted(this.current(user))}`);
    await this.server.administrator("postgres").run(...users, ...DATABASES);
    await this.run(...TABLES, ...GRANTS);
  }

  /** How many rows were written by their key. */
  public async count(): Promise<number> {
    return Number(await this.run(`SELECT count(*) FROM ${ENRICHED}`));
  }

  /** Every row that was written by its key. */
  public enriched(): Promise<NumberedRow[]> {
    return this.rows(ENRICHED);
  }

  /** Every row that was written without one. */
  public events(): Promise<NumberedRow[]> {
    return this.rows(EVENTS);
  }

  /** Every row that a job copied, by its id. */
  public async copies(): Promise<NumberedRow[]> {
    return (await this.rows(COPY, "id")).sort(([one], [other]) => one - other);
  }

  /** How often a row that was there was written again by its key. */
  public async writtenAgain(): Promise<number> {
    const [schema, name] = ENRICHED.split(".").map(quoted);
    return Number(
      await this.run(`SELECT n_tup_upd FROM pg_stat_user_tables WHERE schemaname = ${schema} AND relname = ${name}`),
    );
  }

  /** Gives jobs' users other passwords, and cuts their connections: who was in has to come in anew. */
  public async rotatePasswords(): Promise<void> {
    this.makePasswords();
    await this.run(
      ...JOBS_USERS.map((user) => `ALTER ROLE ${user} PASSWORD ${quoted(this.current(user))}`),
      `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename IN (${JOBS_USERS.map(quoted).join()})`,
    );
    await this.storeUsers();
  }

  /** Puts something into the reader's secret that is no user. */
  public breakSecret(): Promise<void> {
    return this.deployment.lab.aws().secretsManager.putValue(SECRETS.reader, "{}");
  }

  /** Puts the users back. */
  public async storeUsers(): Promise<void> {
    for (const user of JOBS_USERS) await this.store(user, this.current(user));
  }

  /** Lines of the server's log about what it refused. */
  public refusals(): Promise<string[]> {
    return this.started().refusals();
  }

  /** As its administrator; gives what the last statement was answered. */
  private run(...statements: readonly string[]): Promise<string> {
    return this.started()
      .administrator(DATABASE)
      .run(...statements);
  }

  private async rows(table: string, key = "n"): Promise<NumberedRow[]> {
    const list = `coalesce(jsonb_agg(jsonb_build_array(${key}, item)), '[]')`;
    return JSON.parse(await this.run(`SELECT ${list} FROM ${table}`)) as NumberedRow[];
  }

  private makePasswords(): void {
    JOBS_USERS.forEach((user) => this.passwords[user].push(newPassword()));
  }

  private current(user: JobsUser): string {
    return `${HOSTILE}${this.passwords[user].at(-1)!}`;
  }

  /** As an operator with the account's own keys. */
  private store(username: keyof typeof SECRETS, password: string): Promise<void> {
    const { secretsManager } = this.deployment.lab.aws();
    return secretsManager.putValue(SECRETS[username], JSON.stringify({ username, password }));
  }

  private started(): PostgreSqlServer {
    if (!this.server) throw new Error("PostgreSQL is not started");
    return this.server;
  }
}
