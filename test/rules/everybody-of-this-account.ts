import { Block } from "../support/synthesized";
import { isForEverybody, RESOURCE_POLICIES, statementsOf } from "./policies";
import { Rule } from "./rule";

/** What a policy allows everybody, it allows everybody of this account: endpoints of a network above all. */
export const everybodyOfThisAccount: Rule = {
  name: "everybody-of-this-account",
  *problems(stack) {
    for (const { address, title, statement } of statementsOf(stack, RESOURCE_POLICIES)) {
      if (statement.Effect !== "Allow" || !isForEverybody(statement)) continue;
      const { StringEquals = {} } = (statement.Condition as Block | undefined) ?? {};
      if (!("aws:PrincipalAccount" in (StringEquals as Block))) yield [address, `is for every account (${title})`];
    }
    for (const [id, { policy }] of Object.entries(stack.resources("aws_vpc_endpoint"))) {
      // Said nowhere, an endpoint is for everybody.
      if (policy === undefined) yield [`aws_vpc_endpoint.${id}`, "is for every account (no policy)"];
    }
  },
};
