import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { Allowance } from "../core/terraform/policy";
import { isTextToken, isToken } from "../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf } from "../core/validation";
import { requirePartitionOfRegion } from "../encryption/arn-partition";
import { requireKeyArn, requireKeyRegion } from "../encryption/key-checks";
import { ScopeRequirement } from "./scope";
import { KEY_ARN_FOR_TERRAFORM, withoutWildcards } from "./terraform-value";

/** A secret of AWS Secrets Manager, and the key of the user's own that encrypts it, if there is one. */
export interface SecretReference {
  readonly secretArn: string;
  readonly encryptionKeyArn?: string;
}

const OPTIONS: OptionNames<SecretReference> = { secretArn: true, encryptionKeyArn: true };
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$/;
/** Services begin the names of theirs so, such as `rds!db-…`: no user can make one. */
const KEPT_BY_SERVICE = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[a-z-]+!/;
const NAME = /^(?:arn:[a-z0-9:-]+:secret:)?([A-Za-z0-9/_+=.@-]{1,512})$/;
/** As people name secrets, and no program makes a token: words in a folder. */
const NAMED_BY_FOLDER = /^[a-z][a-z_-]{0,40}(?:\/[a-z][a-z_-]{0,40}){1,5}$/i;
/** In place of a text. */
const NOT_SHOWN = { toString: () => "a text that is not shown, as it may be the secret itself" };
/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
const SECRET_ARN_FOR_TERRAFORM =
  "^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$";

/** Refuses what is no such secret; `factory` was given it, and `example` is a name of one. */
export function requireSecret(factory: string, secret: SecretReference, example: string): void {
  requireOptionsOf(`the argument of ${factory}`, secret, OPTIONS, '{ secretArn: "arn:…" }');
  requireSecretArn(`secretArn of ${factory}`, secret.secretArn, example);
  if (secret.encryptionKeyArn !== undefined) requireKeyArn(`encryptionKeyArn of ${factory}`, secret.encryptionKeyArn);
}

/** Refuses a secret of another region than the one that the program says; nothing where it says none. */
export function requireRegionOfSecret(
  { secretArn, encryptionKeyArn }: SecretReference,
  region: string | undefined,
): void {
  if (encryptionKeyArn !== undefined) requireKeyRegion("encryptionKeyArn", encryptionKeyArn, region);
  if (region === undefined || isToken(secretArn) || secretArn.split(":")[3] === region) return;
  refuse({
    property: "secretArn",
    value: secretArn,
    allowed: `a secret of ${region}, the region of this stack's AWS provider, because nodes reach no other`,
    remedy: `name a secret of ${region}, which may be the replica there`,
  });
}

/** What Terraform must find true of values that it alone knows; `path` is the construct that was given them. */
export function requirementsOfSecret(
  path: string,
  { secretArn, encryptionKeyArn }: SecretReference,
): readonly ScopeRequirement[] {
  return withoutWildcards(path, [
    { value: secretArn, pattern: SECRET_ARN_FOR_TERRAFORM, what: "the full ARN of a secret" },
    { value: encryptionKeyArn, pattern: KEY_ARN_FOR_TERRAFORM, what: "the ARN of a KMS key" },
  ]);
}

/** What the jobs' role needs to read it; `kind` tells the statements of reading from those of writing. */
export function allowancesOfSecret(
  scope: Construct,
  kind: "Read" | "Write",
  { secretArn, encryptionKeyArn }: SecretReference,
): Allowance[] {
  const { region, dnsSuffix } = AwsAccount.of(scope);
  const credential = {
    sid: `${kind}Credential`,
    actions: ["secretsmanager:GetSecretValue"],
    resources: [secretArn],
  };
  if (encryptionKeyArn === undefined) return [credential];
  const conditions = {
    StringEquals: {
      "kms:ViaService": [`secretsmanager.${region}.${dnsSuffix}`],
      "kms:EncryptionContext:SecretARN": [secretArn],
    },
  };
  return [credential, { sid: `${kind}Key`, actions: ["kms:Decrypt"], resources: [encryptionKeyArn], conditions }];
}

/** A part of the ARN would match no secret, or more than one. */
function requireSecretArn(property: string, arn: unknown, example: string): void {
  if (isTextToken(arn)) return;
  const given = typeof arn === "string" ? arn : "";
  if (!SECRET_ARN.test(given)) {
    refuse({
      property,
      value: typeof arn !== "string" || isNameOrArn(arn) ? arn : NOT_SHOWN,
      allowed: KEPT_BY_SERVICE.test(given)
        ? "a secret of a user for jobs, and this one an AWS service keeps for who administers a system"
        : `the full ARN of a secret, such as arn:aws:secretsmanager:eu-west-1:123456789012:secret:${example}-AbCdEf`,
      remedy: KEPT_BY_SERVICE.test(given)
        ? "make a user for jobs, and keep its name and password as a secret of your own"
        : `take it from aws secretsmanager describe-secret --secret-id ${nameIn(given)} --query ARN --output text`,
    });
  }
  requirePartitionOfRegion(property, given);
}

/** What can be shown: anything else may be the password or the token itself, given where its secret is to be named. */
function isNameOrArn(given: string): boolean {
  return NAMED_BY_FOLDER.test(given) || given.startsWith("arn:") || given.trim() === "";
}

/** The name of the secret in what was given in place of its ARN. */
function nameIn(given: string): string {
  return (isNameOrArn(given) && NAME.exec(given)?.[1]) || "<name>";
}
