import { Block } from "../support/synthesized";
import { each, listed, nested, referredId, Rule } from "./rule";

/** Never by its number: a program is for whatever account it is applied to. */
const OWN_ACCOUNT = /^arn:[^:]+:iam::\$\{data\.aws_caller_identity\.\w+\.account_id\}:root$/;

/**
 * Every key has a policy that keeps the account as its administrator, without which nobody could mend it, and lets in
 * nobody else but roles of the program and services on a condition; and it rotates, where keys can.
 */
export const keyPolicies: Rule = {
  name: "key-policies",
  *problems(stack) {
    for (const [address, block] of each(stack, "aws_kms_key")) {
      const isAsymmetric = ["SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"].includes(block.key_usage as string);
      if (!isAsymmetric && block.enable_key_rotation !== true) yield [address, "does not rotate"];
      const statements = nested((JSON.parse((block.policy as string | undefined) ?? "{}") as Block).Statement);
      if (!statements.some(isAccountAdministration)) yield [address, "does not keep the account as administrator"];
      for (const statement of statements) {
        if (statement.Effect === "Allow" && !isKnown(statement)) {
          yield [address, `lets others than this account in (statement ${statement.Sid})`];
        }
      }
    }
  },
};

function isAccountAdministration(statement: Block): boolean {
  const { Effect, Action, Condition } = statement;
  return Effect === "Allow" && listed(Action).includes("kms:*") && Condition === undefined && isAccount(statement);
}

function isKnown(statement: Block): boolean {
  if (isAccount(statement)) return true;
  const { Principal, Condition } = statement;
  const { AWS, Service, ...others } = (Principal ?? {}) as Block;
  if (Object.keys(others).length > 0 || (AWS === undefined) === (Service === undefined)) return false;
  return Service === undefined
    ? listed(AWS).every((principal) => referredId(principal, "aws_iam_role") !== undefined)
    : Condition !== undefined;
}

/** Whether a statement is for the account of the key, and so for whom its own policies say. */
function isAccount({ Principal }: Block): boolean {
  const principals = listed((Principal as Block | undefined)?.AWS);
  return principals.length === 1 && OWN_ACCOUNT.test(principals[0]);
}
