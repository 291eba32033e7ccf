import { Block } from "../support/synthesized";
import { keyPolicies } from "./key-policies";
import { only, testRule } from "./test-rule";

const account = {
  Effect: "Allow",
  Principal: { AWS: "arn:${data.aws_partition.it.partition}:iam::${data.aws_caller_identity.it.account_id}:root" },
  Action: "kms:*",
};
const service = {
  Effect: "Allow",
  Principal: { Service: "logs.eu-west-1.amazonaws.com" },
  Action: "kms:Decrypt",
  Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": "arn" } },
};

function key(statements: Block[], more: Block = { enable_key_rotation: true }) {
  return only("aws_kms_key", { policy: JSON.stringify({ Statement: statements }), ...more });
}

testRule(keyPolicies, {
  compliant: {
    "a rotating key of the account": key([account]),
    "a key that a service uses on a condition": key([account, service]),
    "a key that a role of the program uses": key([
      account,
      { ...service, Principal: { AWS: "${aws_iam_role.it.arn}" } },
    ]),
    "a signing key, which cannot rotate": key([account], { key_usage: "SIGN_VERIFY" }),
  },
  nonCompliant: {
    "a key that does not rotate": key([account], {}),
    "a key without a policy": only("aws_kms_key", { enable_key_rotation: true }),
    "a key without an administrator": key([service]),
    "an administrator of a name": key([
      account,
      { ...account, Principal: { AWS: "arn:aws:iam::123456789012:role/admin" } },
    ]),
    "an administrator on a condition": key([{ ...account, Condition: { Bool: {} } }]),
    everybody: key([account, { Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt" }]),
    "another account": key([account, { ...service, Principal: { AWS: "arn:aws:iam::210987654321:root" } }]),
    "a service without a condition": key([account, { ...service, Condition: undefined }]),
  },
});
