import { readFileSync } from "fs";
import type { Lab } from "../../lab/lab";
import type { PostgreSqlClient } from "../postgresql/postgresql-client";
import { PostgreSqlServer, PostgreSqlUserLogin } from "../postgresql/postgresql-server";
import { ensurePostgreSql } from "../postgresql/postgresql-software";
import { quoted } from "../postgresql/postgresql-client";
import type { ServicesOutput } from "./provisioning";
import { DATABASE, DATABASE_MACHINE } from "./provisioning-stacks";

const MINUTE = 60_000;

/**
 * A real PostgreSQL in the place of the one that Amazon RDS would have made: with its name, port and security group, and with an
 * administrator who is no superuser and has the password that AWS made.
 */
export class DatabaseOfOurs {
  public static async start(lab: Lab, output: ServicesOutput, flinkVersion: string): Promise<DatabaseOfOurs> {
    const { host, port, masterSecretArn } = output;
    const machine = lab.machine(DATABASE_MACHINE);
    await lab.waitFor(() => machine.cloudInitResult(), {
      ...{ timeout: 3 * MINUTE, what: `${machine.name} to be configured` },
    });
    const [software, certificate] = await Promise.all([ensurePostgreSql(), lab.certificateFor(host)]);
    const authority = readFileSync(lab.authorityFile, "utf8");
    const server = await PostgreSqlServer.start({
      ...{ machine, host, port, certificate, authority, software, flinkVersion },
    });
    const secret = await lab.aws().secretsManager.value(masterSecretArn);
    const owner = JSON.parse(secret!) as PostgreSqlUserLogin;
    // As Amazon RDS has it: who makes users, ends sessions and owns the database, and may nothing else beyond others.
    await server
      .administrator("postgres")
      .run(
        `CREATE ROLE ${owner.username} LOGIN CREATEROLE CREATEDB PASSWORD ${quoted(owner.password)}`,
        `GRANT pg_signal_backend TO ${owner.username}`,
        `CREATE DATABASE ${DATABASE} OWNER ${owner.username}`,
      );
    return new DatabaseOfOurs(server, owner);
  }

  private constructor(
    private readonly server: PostgreSqlServer,
    /** Who AWS says that its administrator is. */
    public readonly owner: PostgreSqlUserLogin,
  ) {}

  /** What one statement gives the superuser, who sees everything. */
  public look(statement: string): Promise<string> {
    return this.server.administrator(DATABASE).run(statement);
  }

  /** A client of a user in the database. */
  public clientOf(login: PostgreSqlUserLogin): Promise<PostgreSqlClient> {
    return this.server.clientOf(login, DATABASE);
  }
}
