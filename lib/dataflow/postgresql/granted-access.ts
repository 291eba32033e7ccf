import { refuse } from "../../core/validation";
import { GrantRequest, PRIVILEGES } from "../provisioning/postgresql/database-request";

/** What a user that the deploy makes may do. */
export interface GrantedAccess {
  readonly username: string;
  readonly grants: readonly GrantRequest[];
}

/** What each use of a schema cannot do without. */
const NEEDED = {
  Read: { privilege: "SELECT", verb: "read", example: "read" },
  Write: { privilege: "INSERT", verb: "write", example: "upsert" },
} as const;

/** Refuses a use that no grant of the user gives: jobs would fail with "permission denied". */
export function requireGranted(kind: "Read" | "Write", schema: string, { username, grants }: GrantedAccess): void {
  const { privilege, verb, example } = NEEDED[kind];
  const ofSchema = grants.filter((grant) => grant.schema === schema);
  if (ofSchema.some(({ access }) => PRIVILEGES[access].includes(privilege))) return;
  const given = [...new Set(ofSchema.flatMap(({ access }) => PRIVILEGES[access]))].sort();
  refuse({
    property: `grants of user ${username}`,
    value: `${given.join(", ")} on ${schema}`,
    allowed: `such that jobs can ${verb} ${schema}, which takes ${privilege}`,
    remedy: `add for example PostgreSqlGrant.${example}("${schema}") to them, or use another user`,
  });
}
