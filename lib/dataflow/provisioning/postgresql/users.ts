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

interface ProvidedUser {
  readonly login: Login;
  /** Whether its secret does not hold it yet. */
  readonly isNew: boolean;
}

/**
 * Makes a user with the password that its secret holds, or a new one, which is to be written there before all that was made is
 * kept: if that is broken off between the two, the next run gives the user what the secret holds already.
 */
export async function provideUser(
  database: Database,
  { name, secretArn }: UserRequest,
  { secrets, takesLogin }: UserServices,
  report: ReportLines,
): Promise<ProvidedUser> {
  const role = await roleOf(database, name);
  if (role && role.mark !== MARK) {
    throw new ProvisioningProblem(
      `the user ${name} is there already, and was not made by a deploy: name another one, or drop it if nobody needs it`,
    );
  }
  const kept = await keptLogin(secrets, name, secretArn);
  const login = kept ?? newLogin(name);
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
  return { login, isNew: !kept };
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
