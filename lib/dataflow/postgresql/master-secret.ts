import { IConstruct } from "constructs";
import { withReferences } from "../../core/terraform/text";
import { refuse } from "../../core/validation";
import type { LoginSecret } from "../login-secret";

/** How Terraform refers to the secret that Amazon RDS makes for who administers a database. */
const MASTER_SECRET = /\bmaster_user_secret\b/;

/** Refuses the administrator's secret of a database of the program. That of others is known by its name. */
export function requireNoMasterSecret(scope: IConstruct, { secretArn }: LoginSecret): void {
  if (!MASTER_SECRET.test(withReferences(scope, secretArn))) return;
  refuse({
    property: "secretArn of PostgreSqlAuthentication.password",
    value: secretArn,
    allowed: "a secret of a user for jobs, and this one is of who administers the database",
    remedy: "make a user there, and keep its name and password as a secret of your own (docs/postgresql.md)",
  });
}
