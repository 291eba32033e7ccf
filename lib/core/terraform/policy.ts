/** One statement of a policy document, in the words of IAM. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly AWS?: string | readonly string[]; readonly Service?: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

/**
 * A policy document as text. Tokens in it stay tokens, so that what is synthesized can still be read and tested
 * as JSON.
 */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** What a role is allowed, with all of it in lists, as constructs hand it to each other. */
export interface Allowance {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: string[] } };
}

/** The same in the words of IAM. */
export function allow({ sid, actions, resources, conditions }: Allowance): PolicyStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(conditions && { Condition: conditions }),
  };
}

/**
 * The statement that every key policy begins with: the account's own policies say who may use and manage the
 * key. Without it nobody could, not even to mend the policy.
 */
export function accountAdministration(rootArn: string): PolicyStatement {
  return {
    Sid: "AccountAdministration",
    Effect: "Allow",
    Principal: { AWS: rootArn },
    Action: "kms:*",
    Resource: "*",
  };
}
