import { ProvisioningProblem } from "../function/problem";
import type { Database } from "./database";

interface SchemaDoors {
  readonly owner: string;
  readonly isOwn: boolean;
  /** Who may make things in it beside its owner. */
  readonly makers: readonly string[];
  /** Functions in it of neither the administrator nor a superuser, to whom those of extensions belong. */
  readonly functions: readonly string[];
}

/**
 * Refuses a schema in which somebody else may put things: the administrator's statements run in it, and would take
 * somebody's function for one of PostgreSQL's. In one that has a maker none run, and that one alone may.
 */
export async function requireClosedSchema(database: Database, name: string, maker?: string): Promise<void> {
  const [{ owner, isOwn, makers, functions }] = await database.ask<SchemaDoors>(
    `who may make things in the schema ${name} cannot be listed`,
    `SELECT nspowner::regrole::text AS owner,
       nspowner = current_user::regrole
         OR (nspowner::regrole::text = 'pg_database_owner' AND pg_has_role(nspowner, 'USAGE')) AS "isOwn",
       ARRAY(SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
             FROM aclexplode(nspacl)
             WHERE privilege_type = 'CREATE' AND grantee <> nspowner AND grantee <> current_user::regrole
               AND pg_get_userbyid(grantee) IS DISTINCT FROM $2
             ORDER BY 1) AS makers,
       ARRAY(SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_roles r ON r.oid = proowner
             WHERE pronamespace = n.oid AND NOT rolsuper AND NOT pg_has_role(proowner, 'USAGE')
               AND rolname IS DISTINCT FROM $2 ORDER BY 1) AS functions
     FROM pg_namespace n WHERE nspname = $1`,
    [name, maker ?? null],
  );
  const problem = !isOwn
    ? `belongs to ${owner}: give it to the administrator by ALTER SCHEMA … OWNER TO`
    : makers.length > 0
      ? `is open to ${makers.join(", ")}: take CREATE on it from them`
      : functions.length > 0
        ? `holds ${functions.join(", ")} of somebody else: take them out of it`
        : undefined;
  if (problem === undefined) return;
  throw new ProvisioningProblem(
    `the schema ${name}, in which the administrator's statements would run, ${problem}, or name another schema`,
  );
}
