import { ApiCall } from "../fabric/api-call";
import { findKey } from "./kms-keys";
import { AccountPolicies } from "./policies";
import { Asked, asked, parametersOf, unknown } from "./question";

/** Actions of KMS that are about no key. */
const ABOUT_NO_KEY = /^(CreateKey|GenerateRandom|ListKeys|ListAliases|DescribeCustomKeyStores)$/;

/** Parameters that KMS has as condition keys of the same name. */
const CONDITION_KEYS = ["SigningAlgorithm", "MessageType", "EncryptionAlgorithm", "MacAlgorithm"];

interface Parameters {
  readonly KeyId?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** What a call of KMS needs leave for. */
export function kmsQuestions(call: ApiCall, policies: AccountPolicies): Asked {
  const parameters = parametersOf<Parameters>(call);
  if (!parameters || call.action === call.method) return unknown("the body of the call of KMS cannot be read");
  const action = `kms:${call.action}`;
  if (ABOUT_NO_KEY.test(call.action)) return asked({ action, resource: "*", context: {} });
  const { KeyId: named, EncryptionContext: encryption } = parameters;
  if (named === undefined) return unknown(`${action} names no key`);
  const key = findKey(policies, named);
  const accountArn = `arn:aws:kms:${policies.region}:${policies.accountId}:`;
  const resource = key?.arn ?? (named.startsWith("arn:") ? named : `${accountArn}key/${named}`);
  const context: Record<string, string | string[]> = {};
  for (const name of CONDITION_KEYS) {
    const value = parameters[name];
    if (typeof value === "string") context[`kms:${name}`] = value;
  }
  // KMS takes RAW where nothing is said.
  if (call.action === "Sign" || call.action === "Verify") context["kms:MessageType"] ??= "RAW";
  if (/(?:^|:)alias\//.test(named)) context["kms:RequestAlias"] = named.slice(named.indexOf("alias/"));
  if (key && key.aliases.length > 0) context["kms:ResourceAliases"] = [...key.aliases];
  for (const [name, value] of Object.entries(encryption ?? {})) context[`kms:EncryptionContext:${name}`] = value;
  if (encryption) context["kms:EncryptionContextKeys"] = Object.keys(encryption);
  return asked({ action, resource, guardedBy: { key: resource }, context });
}
