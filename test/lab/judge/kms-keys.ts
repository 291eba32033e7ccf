import { AccountPolicies, KeyPolicies } from "./policies";

/** The key that is meant by an ARN, an id or an alias. */
export function findKey(policies: AccountPolicies, named: string): KeyPolicies | undefined {
  const alias = /(?:^|:)(alias\/.+)$/.exec(named)?.[1];
  return policies.keys.find(({ arn, aliases }) =>
    alias ? aliases.includes(alias) : arn === named || arn.endsWith(`:key/${named}`),
  );
}
