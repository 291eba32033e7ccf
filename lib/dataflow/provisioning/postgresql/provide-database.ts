import { DEFAULT_PATIENCE, Patience, withPatience } from "../function/patience";
import { ProvisioningProblem } from "../function/problem";
import { newReport, ProvisioningReport, ReportLines } from "../function/report";
import type { SecretStore } from "../function/secret-store";
import { closeUsers, endSessions, othersThan } from "./closed-users";
import { Database, INVALID_PASSWORD, mayComeInLater } from "./database";
import type { DatabaseRequest } from "./database-request";
import { Login, parseLogin } from "./login-secret-text";
import { isNotAllowedYet, PatientSecrets } from "./patient-secrets";
import { providePrivileges } from "./privileges";
import { provideSchema } from "./schemas";
import { provideUser } from "./users";

/**
 * Brings a database to what is asked for, as its administrator: all of it or, where something fails, nothing. Again, it
 * finds everything there. It drops nothing.
 */
export async function provideDatabase(
  request: DatabaseRequest,
  secrets: SecretStore,
  patience: Patience = DEFAULT_PATIENCE,
): Promise<ProvisioningReport> {
  const database = await withPatience(patience, isPassing, () => connectAsAdministrator(request, secrets));
  try {
    const ofUsers = new PatientSecrets(secrets, patience);
    // What the role may not read yet is waited for before anything is locked.
    for (const { secretArn } of request.users) await ofUsers.read(secretArn);
    const report = newReport();
    await database.inTransaction(() => provide(database, request, ofUsers, report));
    await endSessions(database, report);
    return report;
  } finally {
    await database.close();
  }
}

async function provide(
  database: Database,
  request: DatabaseRequest,
  secrets: SecretStore,
  report: ReportLines,
): Promise<void> {
  const { databaseName, users } = request;
  await database.lockOtherDeploys();
  for (const schema of request.schemas) await provideSchema(database, schema, report);
  const takesLogin = Database.takesLogin.bind(undefined, request);
  const newLogins = new Map<string, Login>();
  for (const user of users) {
    const { login, isNew } = await provideUser(database, user, { secrets, takesLogin }, report);
    if (isNew) newLogins.set(user.secretArn, login);
  }
  const names = users.map(({ name }) => name);
  const others = await othersThan(database, names);
  await providePrivileges(
    database,
    databaseName,
    users,
    others.map(({ name }) => name),
    report,
  );
  await closeUsers(database, others, report);
  // The last that can fail: what a secret holds, running jobs log in by.
  for (const [secretArn, login] of newLogins) await secrets.write(secretArn, JSON.stringify(login));
}

async function connectAsAdministrator(request: DatabaseRequest, secrets: SecretStore): Promise<Database> {
  const text = await secrets.read(request.administratorSecretArn);
  if (text === undefined) {
    throw new ProvisioningProblem(`the secret ${request.administratorSecretArn} of the administrator has no value`);
  }
  return Database.connect(request, parseLogin(request.administratorSecretArn, text));
}

/** The role's policy may not hold yet, and the administrator's password may have changed since it was read. */
function isPassing(failure: unknown): boolean {
  const { code } = failure as Partial<ProvisioningProblem>;
  return isNotAllowedYet(failure) || code === INVALID_PASSWORD || mayComeInLater(failure);
}
