import { DEFAULT_PATIENCE, Patience, withPatience } from "../function/patience";
import { ProvisioningProblem } from "../function/problem";
import { newReport, ProvisioningReport } from "../function/report";
import type { SecretStore } from "../function/secret-store";
import { Database, INVALID_PASSWORD, mayComeInLater } from "./database";
import type { DatabaseRequest } from "./database-request";
import { parseLogin } from "./login-secret-text";
import { providePrivileges } from "./privileges";
import { provideSchema } from "./schemas";
import { closeOthers, provideUser } from "./users";

/** Any number that nobody else takes: two deploys at once come one after the other. */
const LOCK = "4830912776";

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
    return await database.inTransaction(async () => {
      await database.ask("another deploy is at it and does not end", `SELECT pg_advisory_xact_lock(${LOCK})`);
      const report = newReport();
      for (const schema of request.schemas) await provideSchema(database, schema, report);
      const takesLogin = Database.takesLogin.bind(undefined, request);
      for (const user of request.users) await provideUser(database, user, { secrets, takesLogin }, report);
      await providePrivileges(database, request.databaseName, request.users, report);
      await closeOthers(
        database,
        request.users.map(({ name }) => name),
        report,
      );
      return report;
    });
  } finally {
    await database.close();
  }
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
  return code === "AccessDeniedException" || code === INVALID_PASSWORD || mayComeInLater(failure);
}
