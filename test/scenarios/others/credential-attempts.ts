import { connectionFile } from "../../../lib/node/paths";
import { ZOOKEEPER_USER } from "../../../lib/node/users";
import { ACCESS_DENIED, callsOf } from "../attempts-at-aws";
import type { Attempt, PermittedAct } from "../job-is-not-machine";

/** In no group of Flink's. */
const STRANGER = "daemon";
/** Of a call that writes, by which Secrets Manager knows it again. */
const TOKEN = "00000000-0000-4000-8000-000000000000";

/** What attempts at the credential of a connection are about. */
export interface CredentialTargets {
  readonly region: string;
  /** Name of the connection. */
  readonly connection: string;
  /** File on the nodes that holds its credential, and what a reader finds there. */
  readonly credentialsFile: string;
  readonly holds: RegExp;
  readonly secretArn: string;
  /** Name of a secret of the same system with which jobs have nothing to do. */
  readonly otherSecret: string;
  readonly keyAlias: string;
}

/** What the credential is worth to others, tried on a node. */
export function attemptsAtTheCredential(targets: CredentialTargets): Attempt[] {
  const { connection, credentialsFile, secretArn, otherSecret, keyAlias } = targets;
  const [job, machine] = [callsOf("job", targets), callsOf("machine", targets)];
  const iam = { layer: "IAM", refusedBy: ACCESS_DENIED } as const;
  const modes = { layer: "file modes", refusedBy: /Permission denied/ } as const;
  return [
    {
      ...{ name: "write the secret", ...iam },
      ...job.secretsManager("PutSecretValue", { SecretId: secretArn, SecretString: "{}", ClientRequestToken: TOKEN }),
    },
    { name: "describe the secret", ...iam, ...job.secretsManager("DescribeSecret", { SecretId: secretArn }) },
    {
      name: "read another user's secret",
      ...iam,
      ...job.secretsManager("GetSecretValue", { SecretId: otherSecret }),
    },
    { name: "list secrets", ...iam, ...job.secretsManager("ListSecrets", {}) },
    {
      ...{ name: "use the secret's key without Secrets Manager", ...iam },
      ...job.kms("Decrypt", {
        KeyId: keyAlias,
        CiphertextBlob: "eA==",
        EncryptionContext: { SecretARN: secretArn },
      }),
    },
    {
      ...{ name: "as the machine: read the secret", ...iam },
      ...machine.secretsManager("GetSecretValue", { SecretId: secretArn }),
    },
    { name: "the credential, as ZooKeeper", ...modes, user: ZOOKEEPER_USER, argv: ["cat", credentialsFile] },
    { name: "the credential, as another user", ...modes, user: STRANGER, argv: ["cat", credentialsFile] },
    { name: "another credential", ...modes, argv: ["sh", "-c", `echo x > ${credentialsFile}`] },
    { name: "the connection, as another user", ...modes, user: STRANGER, argv: ["cat", connectionFile(connection)] },
    { name: "another connection", ...modes, argv: ["sh", "-c", `echo x > ${connectionFile(connection)}`] },
  ];
}

/** What must work, by the same programs and to the same places. */
export function permittedAtTheCredential(targets: CredentialTargets): PermittedAct[] {
  const { region, credentialsFile, holds, secretArn } = targets;
  return [
    {
      ...{ name: "read the secret, as a job", layer: "IAM", refusedBy: /$^/, doneBy: /^200 / },
      ...callsOf("job", { region }).secretsManager("GetSecretValue", { SecretId: secretArn }),
    },
    {
      ...{ name: "read the credential, as a job", layer: "file modes", refusedBy: /$^/, doneBy: holds },
      argv: ["cat", credentialsFile],
    },
  ];
}
