import { Block } from "../support/synthesized";
import { isForEverybody, RESOURCE_POLICIES, statementsOf } from "./policies";
import { Rule } from "./rule";

const OF_OTHERS = /^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]+$/;

/** What a policy allows everybody, it allows everybody of this account: endpoints of a network above all. */
export const everybodyOfThisAccount: Rule = {
  name: "everybody-of-this-account",
  *problems(stack) {
    for (const { address, title, statement } of statementsOf(stack, RESOURCE_POLICIES)) {
      if (statement.Effect !== "Allow" || !isForEverybody(statement)) continue;
      const { StringEquals = {} } = (statement.Condition as Block | undefined) ?? {};
      if (!("aws:PrincipalAccount" in (StringEquals as Block))) yield [address, `is for every account (${title})`];
    }
    for (const [id, { policy, service_name }] of Object.entries(stack.resources("aws_vpc_endpoint"))) {
      // Said nowhere, an endpoint is for everybody; one of a service that is none of AWS's takes no policy.
      if (policy === undefined && !OF_OTHERS.test(service_name as string))
        yield [`aws_vpc_endpoint.${id}`, "is for every account (no policy)"];
    }
  },
};
