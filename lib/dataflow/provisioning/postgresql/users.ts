import { escapeIdentifier, escapeLiteral } from "pg";
import { ProvisioningProblem } from "../function/problem";
import type { ReportLines } from "../function/report";
import type { SecretStore } from "../function/secret-store";
import type { Database } from "./database";
import type { UserRequest } from "./database-request";
import { Login, newLogin, parseLogin } from "./login-secret-text";
import { scramVerifier } from "./scram-verifier";

/** The comment by which the deploy knows the users that it made: of others it changes nothing. */
export const MARK = "made by cdktf-flink, for jobs";

export interface UserServices {
  readonly secrets: SecretStore;
  /** Whether PostgreSQL takes the password. */
  readonly takesLogin: (login: Login) => Promise<boolean>;
}

interface Role {
  readonly canLogIn: boolean;
  readonly mark: string | null;
}

/**
 * Makes a user with a password that is in its secret and nowhere else. The secret comes first: if what follows is broken
 * off, the next run gives the user the password that the secret holds already.
 */
export async function provideUser(
  database: Database,
  { name, secretArn }: UserRequest,
  { secrets, takesLogin }: UserServices,
  report: ReportLines,
): Promise<void> {
  const role = await roleOf(database, name);
  if (role && role.mark !== MARK) {
    throw new ProvisioningProblem(
      `the user ${name} is there already, and was not made by a deploy: name another one, or drop it if nobody needs it`,
    );
  }
  const kept = await keptLogin(secrets, name, secretArn);
  const login = kept ?? newLogin(name);
  if (!kept) await secrets.write(secretArn, JSON.stringify(login));
  const user = escapeIdentifier(name);
  const password = `LOGIN PASSWORD ${escapeLiteral(scramVerifier(login.password))}`;
  if (!role) {
    await database.ask(`the user ${name} cannot be made`, `CREATE ROLE ${user} ${password}`);
    await database.ask(`the user ${name} cannot be marked`, `COMMENT ON ROLE ${user} IS ${escapeLiteral(MARK)}`);
    report.made.push(`user ${name}`);
  } else if (role.canLogIn && kept && (await takesLogin(kept))) {
    report.there.push(`user ${name}`);
  } else {
    await database.ask(`the user ${name} cannot be given its password`, `ALTER ROLE ${user} ${password}`);
    report.made.push(`password of ${name}`);
  }
}

/** Users that a deploy made and that are named no longer come in no more; what they made and may do stays. */
export async function closeOthers(database: Database, named: readonly string[], report: ReportLines): Promise<void> {
  const others = await database.ask<{ readonly name: string }>(
    "users cannot be listed",
    `SELECT rolname::text AS name FROM pg_roles
     WHERE shobj_description(oid, 'pg_authid') = $1 AND rolcanlogin AND rolname <> ALL ($2) ORDER BY rolname`,
    [MARK, named],
  );
  for (const { name } of others) {
    await database.ask(`the user ${name} cannot be closed`, `ALTER ROLE ${escapeIdentifier(name)} NOLOGIN`);
    report.closed.push(`user ${name}`);
  }
}

async function roleOf(database: Database, name: string): Promise<Role | undefined> {
  const [role] = await database.ask<Role>(
    "users cannot be listed",
    `SELECT rolcanlogin AS "canLogIn", shobj_description(oid, 'pg_authid') AS mark FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  return role;
}

async function keptLogin(secrets: SecretStore, name: string, secretArn: string): Promise<Login | undefined> {
  const text = await secrets.read(secretArn);
  if (text === undefined) return undefined;
  const login = parseLogin(secretArn, text);
  if (login.username === name) return login;
  throw new ProvisioningProblem(`the secret ${secretArn} is of another user than ${name}: set its username to ${name}`);
}
