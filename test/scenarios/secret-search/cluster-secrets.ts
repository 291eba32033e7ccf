import { createPrivateKey } from "crypto";
import { readFileSync } from "fs";
import * as path from "path";
import { CERTIFICATE_HOLDERS } from "../../../lib/node/certificate-holders";
import { METADATA_ADDRESSES } from "../../../lib/node/host-firewall";
import { jobCredentialsEnvironment } from "../../../lib/node/job-credentials";
import { JOB_CREDENTIALS_TOKEN_FILE } from "../../../lib/node/paths";
import { PORTS } from "../../../lib/node/ports";
import { FLINK_GROUP, USERS } from "../../../lib/node/users";
import { clientFiles } from "../../../lib/software/client-files";
import { CLIENT_CERTIFICATE_FOLDER } from "../credentials";
import { Collected, CollectTask, RoleCredentials } from "./on-machine/task";
import { Secret } from "./secret";

/** Bytes that a number of a private key is cut to: enough to be found in any layout. */
const PART_BYTES = 48;
/** From the end of a key store of ours: within the encrypted key, behind the certificates and before the MAC. */
const KEY_STORE_PARTS = [600, 400];

const KEY_FILES = CERTIFICATE_HOLDERS.flatMap(({ process, user, files: { pem, keyStore } }) => [
  { name: `private key of ${process}`, user, file: pem, parts: privateKeyParts },
  ...(keyStore === undefined ? [] : [{ name: `key store of ${process}`, user, file: keyStore, parts: keyStoreParts }]),
]);

/** As the group lets them: who may read the token may have the credentials. */
const FLINK_USERS = USERS.filter(({ groups }) => groups.includes(FLINK_GROUP)).map(({ name }) => name);

/** What a machine is asked for. */
export const COLLECT: CollectTask = {
  task: "collect",
  files: KEY_FILES.map(({ file }) => file),
  metadata: `http://${METADATA_ADDRESSES.ipv4}`,
  jobCredentialsUrl: jobCredentialsEnvironment({ roleArn: "", port: PORTS.jobCredentials.port })
    .AWS_CONTAINER_CREDENTIALS_FULL_URI,
  jobCredentialsTokenFile: JOB_CREDENTIALS_TOKEN_FILE,
};

/** The secrets of one node: the key of each process is its user's, the jobs' role is Flink's, the machine's is root's. */
export function secretsOfNode(machine: string, collected: Collected): Secret[] {
  const by = (users: readonly string[]) => users.map((user) => ({ machine, user }));
  const keys = KEY_FILES.filter(({ file }) => collected.files[file] !== undefined).map(
    ({ name, user, file, parts }) => ({
      name: `${machine}: ${name}`,
      parts: parts(Buffer.from(collected.files[file], "base64")),
      holders: by([user]),
      home: { machine, file },
    }),
  );
  if (keys.length === 0) throw new Error(`${machine} has no private key: nothing would be looked for`);
  return [
    ...keys,
    {
      name: `${machine}: token of the jobs' credentials`,
      parts: [Buffer.from(collected.jobCredentialsToken)],
      holders: by(FLINK_USERS),
      home: { machine, file: JOB_CREDENTIALS_TOKEN_FILE },
    },
    ...roleSecrets(`${machine}: machines' role`, collected.machineCredentials).map((one) => ({ ...one, holders: [] })),
    ...roleSecrets(`${machine}: jobs' role`, collected.jobCredentials).map((one) => ({
      ...one,
      holders: by(FLINK_USERS),
    })),
  ];
}

/** The operator's key: no user of a node may have it. */
export function secretsOfOperator(clientRoot: string): Secret[] {
  const { key, keyStore } = clientFiles(path.join(clientRoot, CLIENT_CERTIFICATE_FOLDER));
  return [
    { name: "operator: private key", parts: privateKeyParts(readFileSync(key)), holders: [] },
    { name: "operator: key store", parts: keyStoreParts(readFileSync(keyStore)), holders: [] },
  ];
}

function roleSecrets(role: string, { SecretAccessKey, Token }: RoleCredentials): Omit<Secret, "holders">[] {
  return [
    { name: `${role}, secret access key`, parts: [Buffer.from(SecretAccessKey)] },
    // They all begin alike.
    { name: `${role}, session token`, parts: [Buffer.from(Token.slice(-2 * PART_BYTES))] },
  ];
}

/** The private numbers: they stand in every form of the key, with or without PEM, PKCS #1 or #8. */
export function privateKeyParts(pem: Buffer): Buffer[] {
  const { d, p } = createPrivateKey(pem).export({ format: "jwk" });
  return [d, p]
    .filter((number) => number !== undefined)
    .map((number) => Buffer.from(number, "base64url").subarray(0, PART_BYTES));
}

/** Its password is known to all: who has the file has the key. */
export function keyStoreParts(store: Buffer): Buffer[] {
  return KEY_STORE_PARTS.map((fromEnd) => {
    if (store.length < fromEnd) throw new Error(`a key store of ${store.length} bytes holds no key of RSA`);
    return store.subarray(store.length - fromEnd, store.length - fromEnd + PART_BYTES);
  });
}
