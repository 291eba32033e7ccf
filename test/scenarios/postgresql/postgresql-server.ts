import { chmodSync, cpSync, mkdirSync, writeFileSync } from "fs";
import * as path from "path";
import type { KeyAndCertificate } from "../../lab/authority";
import { Machine } from "../../lab/machine";
import { waitFor } from "../../lab/wait-for";
import type { MavenSoftware } from "../others/maven-software";
import { newPassword } from "../others/passwords";
import { releaseSoftware, unpackPart } from "../release-software";
import { PostgreSqlClient } from "./postgresql-client";
import { serverFolder } from "./postgresql-software";
import { POSTGRESQL_HOST, POSTGRESQL_PORT } from "./postgresql-stacks";

export interface PostgreSqlServerProps {
  readonly machine: Machine;
  /** The name by which clients know it, and its port; by default those of other servers of the tests. */
  readonly host?: string;
  readonly port?: number;
  /** For the name by which clients know it. */
  readonly certificate: KeyAndCertificate;
  /** PEM of what signed it. */
  readonly authority: string;
  readonly software: MavenSoftware;
  /** Flink line with whose Java its administrator calls. */
  readonly flinkVersion: string;
}

const HOME = "/opt/postgresql";
const SERVER = `${HOME}/server`;
const CONFIG = `${HOME}/config`;
const DATA = "/var/lib/postgresql";
const USER = "postgres";
const ADMINISTRATOR = "administrator";
const UNIT = "postgresql.service";
const PATIENCE = 120_000;

/** Name and password of a user. */
export interface PostgreSqlUserLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * Somebody else's PostgreSQL, which speaks TLS and nothing else, and asks everybody for a password. Its administrator is
 * taken in from its own machine alone.
 */
export class PostgreSqlServer {
  /** Lays it out on a machine that is on, starts it and waits until it answers. */
  public static async start(props: PostgreSqlServerProps): Promise<PostgreSqlServer> {
    const server = new PostgreSqlServer(props);
    await server.layOut();
    await props.machine.run(["systemctl", "enable", "--now", UNIT]);
    await server.waitUntilReady();
    return server;
  }

  private readonly password = newPassword();
  private readonly host: string;
  private readonly port: number;

  private constructor(private readonly props: PostgreSqlServerProps) {
    ({ host: this.host = POSTGRESQL_HOST, port: this.port = POSTGRESQL_PORT } = props);
  }

  /** Of its administrator, on its own machine. */
  public administrator(database: string): PostgreSqlClient {
    return this.client(database, ADMINISTRATOR, `${CONFIG}/services.conf`);
  }

  /** Of a user, on its own machine; what the server grants is all that there is between. */
  public async clientOf({ username, password }: PostgreSqlUserLogin, database: string): Promise<PostgreSqlClient> {
    const file = `${CONFIG}/${username}.conf`;
    this.write(`${username}.conf`, serviceOf({ username, password }));
    await this.props.machine.run(["chown", `${USER}:${USER}`, file]);
    return this.client(database, username, file);
  }

  private client(database: string, service: string, services: string): PostgreSqlClient {
    const address = `jdbc:postgresql://${this.host}:${this.port}/${database}`;
    return new PostgreSqlClient(
      {
        ...{ host: this.props.machine, java: `${HOME}/java/bin/java`, user: USER },
        classPath: [`${HOME}/program`, `${HOME}/lib/*`],
      },
      {
        url: `${address}?service=${service}&sslmode=verify-full&sslrootcert=${CONFIG}/authority.pem`,
        services,
      },
    );
  }

  /** Stops it: nobody listens on its port. */
  public async stop(): Promise<void> {
    await this.props.machine.run(["systemctl", "stop", UNIT], { timeout: PATIENCE });
  }

  /** Starts it again, and waits until it answers. */
  public async resume(): Promise<void> {
    await this.props.machine.run(["systemctl", "start", UNIT]);
    await this.waitUntilReady();
  }

  /** Starts it anew with a certificate that another authority signed; its administrator knows that one. */
  public async showCertificate({ certificate, key }: KeyAndCertificate, authority: string): Promise<void> {
    await this.stop();
    const files = { "server.pem": certificate, "server.key": key, "authority.pem": authority };
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    await this.props.machine.run(["chown", "-R", `${USER}:${USER}`, CONFIG]);
    await this.resume();
  }

  /** Lines of its log about what it refused. */
  public async refusals(): Promise<string[]> {
    const log = await this.props.machine.run(["journalctl", "--no-pager", "-o", "cat", "-u", UNIT]);
    return log.split("\n").filter((line) => /(?:ERROR|FATAL): {2}/.test(line));
  }

  private async layOut(): Promise<void> {
    const { machine, software, certificate, authority, flinkVersion } = this.props;
    const home = path.join(machine.root, HOME);
    await unpackPart(releaseSoftware(flinkVersion).java, path.join(home, "java"));
    cpSync(software.lib, path.join(home, "lib"), {
      recursive: true,
      filter: (file) => file !== serverFolder(software),
    });
    cpSync(serverFolder(software), path.join(machine.root, SERVER), { recursive: true, verbatimSymlinks: true });
    cpSync(software.program, path.join(home, "program"), { recursive: true });
    mkdirSync(path.join(machine.root, CONFIG));
    const files: Record<string, string> = {
      "server.pem": certificate.certificate,
      "server.key": certificate.key,
      "authority.pem": authority,
      "postgresql.conf": settings(this.port),
      "pg_hba.conf": WHO_COMES_IN,
      "services.conf": serviceOf({ username: ADMINISTRATOR, password: this.password }),
      password: this.password,
    };
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    writeFileSync(path.join(machine.root, "etc/systemd/system", UNIT), UNIT_FILE);
    await machine.run(["useradd", "--system", "--no-create-home", USER]);
    await machine.run(["install", "-d", "-o", USER, "-g", USER, "-m", "0700", DATA]);
    await machine.run(["chown", "-R", `${USER}:${USER}`, CONFIG]);
    await machine.run(
      [
        ...[`${SERVER}/bin/initdb`, `--pgdata=${DATA}`, "--encoding=UTF8", "--locale=C.UTF-8"],
        ...[`--username=${ADMINISTRATOR}`, `--pwfile=${CONFIG}/password`, "--auth=scram-sha-256"],
      ],
      { user: USER, timeout: PATIENCE },
    );
    await machine.run(["systemctl", "daemon-reload"]);
  }

  private write(name: string, content: string): void {
    const file = path.join(this.props.machine.root, CONFIG, name);
    writeFileSync(file, content);
    chmodSync(file, 0o600);
  }

  private async waitUntilReady(): Promise<void> {
    const { machine } = this.props;
    const answers = async () => {
      const [{ error }] = await this.administrator("postgres").tell("SELECT 1");
      return error === undefined;
    };
    try {
      await waitFor(answers, { timeout: PATIENCE, what: `PostgreSQL on ${machine.name}`, interval: 500 });
    } catch (error) {
      const { stdout } = await machine.exec(["journalctl", "--no-pager", "-n", "40", "-u", UNIT]);
      throw new Error(`${(error as Error).message}\n${stdout}`, { cause: error });
    }
  }
}

function serviceOf({ username, password }: PostgreSqlUserLogin): string {
  return `[${username}]\nuser=${username}\npassword=${password}\n`;
}

/** In its log no statement is told of: they hold passwords. */
const settings = (port: number) => `listen_addresses = '*'
port = ${port}
unix_socket_directories = ''
hba_file = '${CONFIG}/pg_hba.conf'
ssl = on
ssl_min_protocol_version = 'TLSv1.2'
ssl_cert_file = '${CONFIG}/server.pem'
ssl_key_file = '${CONFIG}/server.key'
password_encryption = scram-sha-256
log_min_error_statement = panic
log_line_prefix = '%u@%d '
shared_buffers = 64MB
`;

const WHO_COMES_IN = `hostssl all ${ADMINISTRATOR} samehost scram-sha-256
host    all ${ADMINISTRATOR} all      reject
hostssl all all            all      scram-sha-256
`;

const UNIT_FILE = `[Unit]
Description=PostgreSQL

[Service]
User=${USER}
ExecStart=${SERVER}/bin/postgres -D ${DATA} -c config_file=${CONFIG}/postgresql.conf
KillSignal=SIGINT

[Install]
WantedBy=multi-user.target
`;
