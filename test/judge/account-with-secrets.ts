import { ACCOUNT, REGION, SynthesizedAccount } from "./synthesized-account";

/** ARN of a secret of the account. */
export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`;
}

/**
 * The account with secrets that others keep in it.
 *
 * @param account what is synthesized
 * @param names of the secrets
 * @param keyArn of a key of others under which they are, and which leaves to IAM who may use it; one of AWS by default
 */
export function withSecrets(
  account: SynthesizedAccount,
  names: readonly string[],
  keyArn?: string,
): SynthesizedAccount {
  const secrets = names.map((name) => ({
    arn: secretArn(name),
    name,
    ...(keyArn === undefined ? {} : { key: keyArn }),
  }));
  if (keyArn === undefined) return { ...account, secrets };
  const everything = { Effect: "Allow" as const, Action: "kms:*", Resource: "*" };
  const policy = { Statement: { ...everything, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } } };
  return { ...account, secrets, keys: [...account.keys, { arn: keyArn, aliases: [], policy }] };
}
