import { ApiCall } from "../fabric/api-call";
import { findKey } from "./kms-keys";
import { AccountPolicies, SecretPolicies } from "./policies";
import { Asked, asked, parametersOf, Question, unknown } from "./question";

/** Actions of Secrets Manager that are about no secret. */
const ABOUT_NO_SECRET = /^(ListSecrets|GetRandomPassword)$/;

/** Parameters that Secrets Manager has as condition keys of the same name. */
const CONDITION_KEYS = ["SecretId", "VersionId", "VersionStage"];

/**
 * Actions that are about one secret, with what Secrets Manager asks KMS for the caller (AWS Secrets Manager User Guide,
 * "Secret encryption and decryption").
 */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ["kms:Decrypt"],
  PutSecretValue: ["kms:GenerateDataKey", "kms:Decrypt"],
  ...{ DescribeSecret: [], ListSecretVersionIds: [], DeleteSecret: [] },
  ...{ GetResourcePolicy: [], PutResourcePolicy: [], DeleteResourcePolicy: [] },
};

/** The six characters that Secrets Manager adds to a name. */
const ENDING = /-[A-Za-z0-9]{6}$/;

interface Parameters {
  readonly SecretId?: string;
  readonly [name: string]: unknown;
}

/** What a call of Secrets Manager needs leave for, with what the service then asks KMS in the caller's name. */
export function secretsQuestions(call: ApiCall, policies: AccountPolicies): Asked {
  const parameters = parametersOf<Parameters>(call);
  if (!parameters || call.action === call.method)
    return unknown("the body of the call of Secrets Manager cannot be read");
  const action = `secretsmanager:${call.action}`;
  if (ABOUT_NO_SECRET.test(call.action)) return asked({ action, resource: "*", context: {} });
  const { SecretId: named } = parameters;
  const keyActions = KEY_ACTIONS[call.action];
  if (!keyActions) return unknown(`what ${action} needs is not known here`);
  if (named === undefined) return unknown(`${action} names no secret`);
  const secret = findSecret(policies, named);
  const arn = secret?.arn ?? (named.startsWith("arn:") ? named : `${accountArn(policies)}:secret:${named}`);
  const context: Record<string, string> = {};
  for (const name of CONDITION_KEYS) {
    const value = parameters[name];
    if (typeof value === "string") context[`secretsmanager:${name}`] = value;
  }
  return asked(
    { action, resource: arn, guardedBy: { secret: arn }, context },
    ...keyQuestions(keyActions, secret, policies),
  );
}

/** The key that the service has in every account is free to whom the secret is. */
function keyQuestions(
  actions: readonly string[],
  secret: SecretPolicies | undefined,
  policies: AccountPolicies,
): Question[] {
  if (secret?.key === undefined) return [];
  const key = findKey(policies, secret.key)?.arn ?? secret.key;
  return actions.map((action) => ({
    ...{ action, resource: key, guardedBy: { key }, viaService: true },
    context: {
      "kms:ViaService": `secretsmanager.${policies.region}.amazonaws.com`,
      "kms:EncryptionContext:SecretARN": secret.arn,
      // Which version is decrypted the service alone knows.
      "kms:EncryptionContextKeys": ["SecretARN", "SecretVersionId"],
    },
  }));
}

/** By its ARN, with or without the ending, or by its name. */
function findSecret({ secrets }: AccountPolicies, named: string): SecretPolicies | undefined {
  return (
    secrets.find(({ arn, name }) => arn === named || name === named) ??
    secrets.find(({ arn }) => arn.replace(ENDING, "") === named)
  );
}

function accountArn({ region, accountId }: AccountPolicies): string {
  return `arn:aws:secretsmanager:${region}:${accountId}`;
}
