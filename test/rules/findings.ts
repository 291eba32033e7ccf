import { Synthesized } from "../support/synthesized";
import { bucketLifecycle } from "./bucket-lifecycle";
import { bucketOwnership } from "./bucket-ownership";
import { bucketPublicAccess } from "./bucket-public-access";
import { bucketTlsOnly } from "./bucket-tls-only";
import { bucketVersioning } from "./bucket-versioning";
import { customerManagedKeys } from "./customer-managed-keys";
import { denyOnlyForeign } from "./deny-only-foreign";
import { everybodyOfThisAccount } from "./everybody-of-this-account";
import { firewallDescriptions } from "./firewall-descriptions";
import { firewallPorts } from "./firewall-ports";
import { firewallRulesApart } from "./firewall-rules-apart";
import { iamLeastPrivilege } from "./iam-least-privilege";
import { iamOwnPolicies } from "./iam-own-policies";
import { instanceMetadata } from "./instance-metadata";
import { keyPolicies } from "./key-policies";
import { knownProvisioners } from "./known-provisioners";
import { logRetention } from "./log-retention";
import { noKeyPair } from "./no-key-pair";
import { noPublicAddresses } from "./no-public-addresses";
import { noSecrets } from "./no-secrets";
import { noWholeInternet } from "./no-whole-internet";
import { Rule } from "./rule";
import { vpcClosedAndWatched } from "./vpc-closed-and-watched";
import { readWaivers, Waivable, waives } from "./waivers";

/** Every rule of our own. */
export const RULES: readonly Rule[] = [
  bucketLifecycle,
  bucketOwnership,
  bucketPublicAccess,
  bucketTlsOnly,
  bucketVersioning,
  customerManagedKeys,
  denyOnlyForeign,
  everybodyOfThisAccount,
  firewallDescriptions,
  firewallPorts,
  firewallRulesApart,
  iamLeastPrivilege,
  iamOwnPolicies,
  instanceMetadata,
  keyPolicies,
  knownProvisioners,
  logRetention,
  noKeyPair,
  noPublicAddresses,
  noSecrets,
  noWholeInternet,
  vpcClosedAndWatched,
];

/** What a rule found, in a sentence. */
export interface Finding extends Waivable {
  readonly sentence: string;
}

/** All that the rules find, what is waived included. */
export function allFindings(synthesized: Synthesized, rules: readonly Rule[] = RULES): Finding[] {
  return rules.flatMap((rule) =>
    Array.from(rule.problems(synthesized), ([address, problem]) => ({
      rule: rule.name,
      address,
      sentence: `${rule.name}: ${address} ${problem}`,
    })),
  );
}

/** What the rules find wrong and docs/waivers.md does not waive, one sentence each. Of a stack of ours: nothing. */
export function findings(synthesized: Synthesized): string[] {
  const waivers = readWaivers();
  return allFindings(synthesized)
    .filter((finding) => !waivers.some((waiver) => waives(waiver, finding)))
    .map(({ sentence }) => sentence);
}
