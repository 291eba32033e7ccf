import { escapeIdentifier } from "pg";
import type { ReportLines } from "../function/report";
import type { Database } from "./database";
import { MARK } from "./users";

interface OtherUser {
  readonly name: string;
  readonly canLogIn: boolean;
}

/** Users that a deploy made and that are named no longer. */
export async function othersThan(database: Database, named: readonly string[]): Promise<OtherUser[]> {
  return database.ask<OtherUser>(
    "users cannot be listed",
    `SELECT rolname::text AS name, rolcanlogin AS "canLogIn" FROM pg_roles
     WHERE shobj_description(oid, 'pg_authid') = $1 AND rolname <> ALL ($2) ORDER BY rolname`,
    [MARK, named],
  );
}

/** They come in no more; what they made stays. */
export async function closeUsers(database: Database, users: readonly OtherUser[], report: ReportLines): Promise<void> {
  for (const { name } of users.filter(({ canLogIn }) => canLogIn)) {
    await database.ask(`the user ${name} cannot be closed`, `ALTER ROLE ${escapeIdentifier(name)} NOLOGIN`);
    report.closed.push(`user ${name}`);
  }
}

/** Of users that are closed: once that holds, as before they would come in again. */
export async function endSessions(database: Database, report: ReportLines): Promise<void> {
  const ended = await database.ask<{ readonly name: string }>(
    "sessions of users that were closed cannot be ended",
    `SELECT DISTINCT rolname::text AS name
     FROM (SELECT rolname, pg_terminate_backend(pid)
           FROM pg_stat_activity JOIN pg_roles r ON r.oid = usesysid
           WHERE NOT rolcanlogin AND shobj_description(r.oid, 'pg_authid') = $1 OFFSET 0) AS sessions
     ORDER BY 1`,
    [MARK],
  );
  report.closed.push(...ended.map(({ name }) => `sessions of ${name}`));
}
