import { ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { MARK } from "../../../../lib/dataflow/provisioning/postgresql/users";
import { createAuthority, Issuer } from "../../../lab/authority";
import { newPassword } from "../../../scenarios/others/passwords";
import { ensurePostgreSql, serverFolder } from "../../../scenarios/postgresql/postgresql-software";
import { freePort } from "../../../support/free-port";

/** Name and password of somebody. */
export interface LoopbackLogin {
  readonly username: string;
  readonly password: string;
}

const HOST = "localhost";
const DATABASE = "company";
/** Whom PostgreSQL does not run as, and as whom it then does. */
const [ROOT, NOBODY] = [0, 65_534];
const SUPERUSER = "rdsadmin";

/**
 * A real PostgreSQL on loopback that speaks TLS and nothing else. Its administrator is one as Amazon RDS has it: no superuser,
 * but one who may make users and end sessions, and the owner of the database.
 */
export class LoopbackPostgreSql {
  public static async start(): Promise<LoopbackPostgreSql> {
    const software = await ensurePostgreSql();
    const folder = mkdtempSync(join(tmpdir(), "postgresql-"));
    const authority = await createAuthority();
    const server = new LoopbackPostgreSql(folder, await freePort(), authority.certificate);
    const { key, certificate } = await new Issuer(authority).certificateFor(HOST);
    // Where this runs as root, PostgreSQL runs as somebody who may not look into its cache.
    cpSync(serverFolder(software), join(folder, "server"), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(folder, "password"), server.superuser.password);
    writeFileSync(join(folder, "server.pem"), certificate);
    writeFileSync(join(folder, "server.key"), key, { mode: 0o600 });
    chmodSync(folder, 0o755);
    for (const name of ["", "password", "server.pem", "server.key"]) server.giveAway(join(folder, name));
    await server.initialize();
    await server.run();
    return server;
  }

  public readonly host = HOST;
  public readonly databaseName = DATABASE;
  public readonly administrator: LoopbackLogin = { username: "dbowner", password: newPassword() };
  private readonly superuser: LoopbackLogin = { username: SUPERUSER, password: newPassword() };
  private process?: ChildProcess;
  private readonly lines: string[] = [];

  private constructor(
    private readonly folder: string,
    public readonly port: number,
    /** PEM of what signed the server's certificate. */
    public readonly certificateAuthorities: string,
  ) {}

  /** Its log, with every statement as it came. */
  public get log(): string {
    return this.lines.join("");
  }

  /** A database with nothing in it, and no user but the administrator. */
  public async reset(): Promise<void> {
    const client = await this.connect(this.superuser, "postgres");
    const { username, password } = this.administrator;
    try {
      await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      const { rows } = await client.query<{ name: string }>(
        "SELECT rolname AS name FROM pg_roles WHERE rolname <> $1 AND rolname !~ '^pg_'",
        [SUPERUSER],
      );
      for (const { name } of rows) await client.query(`DROP ROLE ${client.escapeIdentifier(name)}`);
      await client.query(`CREATE ROLE ${username} LOGIN CREATEROLE CREATEDB PASSWORD '${password}'`);
      await client.query(`GRANT pg_signal_backend TO ${username}`);
      await client.query(`CREATE DATABASE ${DATABASE} OWNER ${username}`);
    } finally {
      await client.end();
    }
    this.lines.splice(0);
  }

  /** What a statement gives to somebody; by default to the administrator. */
  public async ask<T extends object>(statement: string, login: LoopbackLogin = this.administrator): Promise<T[]> {
    const client = await this.connect(login, DATABASE);
    try {
      return (await client.query<T>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** A session that stays open until the test closes it. */
  public async session(login: LoopbackLogin): Promise<Client> {
    return this.connect(login, DATABASE);
  }

  /** Does something that its administrator may not, such as an extension does it. */
  public async asSuperuser(statement: string): Promise<void> {
    await this.ask(statement, this.superuser);
  }

  /** Users that a deploy made and that may log in. */
  public async openUsers(): Promise<string[]> {
    const rows = await this.ask<{ name: string }>(
      `SELECT rolname AS name FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = '${MARK}' AND rolcanlogin ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }

  /** Away, with all that it holds. */
  public async leave(): Promise<void> {
    const { process } = this;
    if (process?.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGINT");
    await ended;
  }

  public async comeBack(): Promise<void> {
    this.lines.splice(0);
    await this.run();
  }

  public async stop(): Promise<void> {
    await this.leave();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async connect({ username, password }: LoopbackLogin, database: string): Promise<Client> {
    const client = new Client({
      ...{ host: HOST, port: this.port, database, user: username, password },
      ssl: { ca: this.certificateAuthorities },
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  private async initialize(): Promise<void> {
    const data = join(this.folder, "data");
    const argv = [`--pgdata=${data}`, "--encoding=UTF8", "--locale=C", `--username=${SUPERUSER}`];
    const secret = [`--pwfile=${join(this.folder, "password")}`, "--auth=scram-sha-256"];
    await promisify(execFile)(this.program("initdb"), [...argv, ...secret, "--no-sync"], this.asSomebody());
    writeFileSync(join(data, "pg_hba.conf"), "hostssl all all all scram-sha-256\n");
    writeFileSync(
      join(data, "postgresql.conf"),
      [
        ...[`listen_addresses = '${HOST}'`, `port = ${this.port}`, "unix_socket_directories = ''", "ssl = on"],
        ...[`ssl_cert_file = '${this.folder}/server.pem'`, `ssl_key_file = '${this.folder}/server.key'`],
        ...["password_encryption = scram-sha-256", "log_statement = all", "shared_buffers = 16MB", "fsync = off"],
      ].join("\n"),
    );
  }

  private async run(): Promise<void> {
    const options = { ...this.asSomebody(), stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"] };
    const server = spawn(this.program("postgres"), ["-D", join(this.folder, "data")], options);
    this.process = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.once("exit", () => reject(new Error(`PostgreSQL ended:\n${this.log}`)));
      server.stderr.on("data", (text: Buffer) => {
        this.lines.push(text.toString());
        if (this.log.includes("database system is ready to accept connections")) resolve();
      });
    });
  }

  private program(name: string): string {
    return join(this.folder, "server", "bin", name);
  }

  private asSomebody(): { readonly uid?: number; readonly gid?: number; readonly cwd: string } {
    const somebody = process.getuid!() === ROOT ? { uid: NOBODY, gid: NOBODY } : {};
    return { ...somebody, cwd: this.folder };
  }

  private giveAway(path: string): void {
    if (process.getuid!() === ROOT) chownSync(path, NOBODY, NOBODY);
  }
}
