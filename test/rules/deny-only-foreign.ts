import { Block } from "../support/synthesized";
import { IDENTITY_POLICIES, RESOURCE_POLICIES, statementsOf } from "./policies";
import { Rule } from "./rule";

/**
 * Policies allow by role. They deny only what comes without TLS, and what comes from foreign accounts: every other
 * denial binds the account's administrators as well, and is found when something no longer works.
 */
export const denyOnlyForeign: Rule = {
  name: "deny-only-foreign",
  *problems(stack) {
    for (const { address, title, statement } of statementsOf(stack, [...IDENTITY_POLICIES, ...RESOURCE_POLICIES])) {
      if (statement.Effect !== "Deny" || isOfPlainHttp(statement) || isOfForeignAccounts(statement)) continue;
      yield [address, `denies more than plain HTTP and foreign accounts (${title})`];
    }
  },
};

function isOfPlainHttp({ Condition }: Block): boolean {
  return JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
}

/** Further conditions only narrow a denial. */
function isOfForeignAccounts({ Condition }: Block): boolean {
  return "aws:PrincipalAccount" in (((Condition as Block | undefined)?.StringNotEquals ?? {}) as Block);
}
