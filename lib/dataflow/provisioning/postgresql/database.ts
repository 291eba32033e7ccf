import { Client } from "pg";
import { NOT_REACHED, ProvisioningProblem } from "../function/problem";
import type { DatabaseRequest } from "./database-request";
import type { Login } from "./login-secret-text";

/** As often as it is tried, the function's own time is not over before it can say what was not reached. */
const CONNECT_MILLIS = 5_000;
/** What a job has locked for longer is not waited for. */
const LOCK_MILLIS = 60_000;
/** The function itself ends after five minutes. */
const STATEMENT_MILLIS = 240_000;
/** Longer than a secret is waited for within a transaction. Of a function that was ended, what it locked is free again then. */
const IDLE_MILLIS = 90_000;
/** Of PostgreSQL: wrong password, or no such user. */
export const INVALID_PASSWORD = "28P01";
/** Of PostgreSQL, once the password is right: no `CONNECT` on the database. */
const INSUFFICIENT_PRIVILEGE = "42501";
/** Of the network, and `pg`'s own word where it waited in vain. */
const UNREACHED = [
  ...["ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "ETIMEDOUT", "EAI_AGAIN"],
  "timeout expired",
];
/** Of PostgreSQL: `cannot_connect_now`, `admin_shutdown`. */
const STARTING = ["57P03", "57P01"];

/** A connection to a database as one of its users: TLS, with the server's certificate and name verified. */
export class Database {
  public static async connect(
    { host, port, databaseName, certificateAuthorities }: DatabaseRequest,
    { username, password }: Login,
  ): Promise<Database> {
    const client = new Client({
      ...{ host, port, database: databaseName, user: username, password },
      ssl: { ca: certificateAuthorities, minVersion: "TLSv1.2" },
      application_name: "cdktf-flink",
      connectionTimeoutMillis: CONNECT_MILLIS,
      lock_timeout: LOCK_MILLIS,
      statement_timeout: STATEMENT_MILLIS,
      idle_in_transaction_session_timeout: IDLE_MILLIS,
      // Nothing that somebody else made can come before what is meant.
      options: "-c search_path=pg_catalog",
    });
    // A connection that breaks fails what is asked next; without a listener it would end the process.
    client.on("error", () => undefined);
    try {
      await client.connect();
    } catch (failure) {
      const { code, message } = failure as NodeJS.ErrnoException;
      await client.end().catch(() => undefined);
      const place = `the database ${databaseName} at ${host}:${port}`;
      // Of a name with several addresses the message is empty.
      throw new ProvisioningProblem(
        `${username} does not come into ${place}: ${message || code}`,
        UNREACHED.includes(code ?? message) ? NOT_REACHED : code,
      );
    }
    return new Database(client);
  }

  /** Whether PostgreSQL takes the password of a user; what it may do then is another question. */
  public static async takesLogin(request: DatabaseRequest, login: Login): Promise<boolean> {
    try {
      const database = await Database.connect(request, login);
      await database.close();
      return true;
    } catch (failure) {
      const { code } = failure as ProvisioningProblem;
      if (code === INVALID_PASSWORD) return false;
      if (code === INSUFFICIENT_PRIVILEGE) return true;
      throw failure;
    }
  }

  private constructor(private readonly client: Client) {}

  /** Rows of one statement. `what` says in a message what was to be done: the statement itself may hold what verifies a password. */
  public async ask<T extends object>(what: string, statement: string, values: readonly unknown[] = []): Promise<T[]> {
    try {
      // The extended protocol takes one statement and no more, whatever the text holds.
      const query = { text: statement, values: [...values], queryMode: "extended" };
      return (await this.client.query<T>(query)).rows;
    } catch (failure) {
      const { code, message } = failure as NodeJS.ErrnoException;
      throw new ProvisioningProblem(`${what}: PostgreSQL says "${message}"`, code);
    }
  }

  /** All of it or nothing. Breaks off what was begun where it fails. */
  public async inTransaction<T>(act: () => Promise<T>): Promise<T> {
    await this.ask("a transaction cannot begin", "BEGIN");
    try {
      const result = await act();
      await this.ask("what was made cannot be kept", "COMMIT");
      return result;
    } catch (failure) {
      await this.client.query("ROLLBACK").catch(() => undefined);
      throw failure;
    }
  }

  /**
   * Two deploys at once come one after the other. Whoever comments on a database locks it against other comments, and nobody but
   * its owner is let do that: locks of PostgreSQL's for any purpose (`pg_advisory_lock`) everybody may take. The comment stays
   * what it is.
   */
  public async lockOtherDeploys(): Promise<void> {
    await this.ask(
      "another deploy is at it and does not end",
      `DO $$BEGIN
         EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(),
           (SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()));
       END$$`,
    );
  }

  public async close(): Promise<void> {
    await this.client.end();
  }
}

/** Whether a failure to come in may be over in a moment. */
export function mayComeInLater(failure: unknown): boolean {
  const { code = "" } = failure as Partial<ProvisioningProblem>;
  return code === NOT_REACHED || STARTING.includes(code);
}
