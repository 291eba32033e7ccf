import { createPrivateKey } from "crypto";
import { certificatesPem, keyPem } from "../../../lib/core/x509/pem";
import { renderKeyStore } from "../../../lib/core/x509/key-store";
import { authorityCertificate, authorityName } from "../../../lib/core/x509/authority";
import { issue, KeyAndCertificate } from "../../../lib/core/x509/leaf";
import { JOB_CREDENTIALS_TOKEN_FILE } from "../../../lib/node/paths";
import { JOB_MANAGER_TLS, STORE_PASSWORD, TASK_MANAGER_TLS } from "../../../lib/node/tls-paths";
import { JOB_MANAGER_USER, TASK_MANAGER_USER, ZOOKEEPER_USER } from "../../../lib/node/users";
import { localAuthority, localKey } from "../../support/local-authority";
import { COLLECT, keyStoreParts, privateKeyParts, secretsOfNode } from "./cluster-secrets";
import { Matcher } from "./matcher";
import { needlesOf } from "./needles";
import { Collected } from "./on-machine/task";
import { mayHave, Secret } from "./secret";

// Key pairs, on a machine that may be busy.
jest.setTimeout(120_000);

const HOST = "node-1.lab.flink.internal";
const REQUEST = {
  subject: { organization: "lab", unit: "jobmanager", commonName: "node-1" },
  ...{ hosts: [HOST], addresses: ["10.0.0.1"], serverAuth: true, validitySeconds: 3600 },
};

let pair: KeyAndCertificate;
let pem: string;
let store: Buffer;
let publicPart: Buffer[];

beforeAll(async () => {
  const key = localKey();
  const authority = localAuthority("node", "lab", key);
  pair = await issue(REQUEST, authority, new Date());
  const issuer = await authorityCertificate(authorityName("node", "lab"), key.publicKey, key.sign);
  pem = keyPem(pair.key) + certificatesPem(pair.certificate, issuer);
  store = renderKeyStore(pair, [issuer], STORE_PASSWORD, "flink");
  publicPart = [
    ...[pair.certificate, issuer].flatMap(({ raw }) => [raw, Buffer.from(raw.toString("base64"))]),
    Buffer.from(certificatesPem(pair.certificate, issuer)),
  ];
});

function isIn(secret: Secret, bytes: Buffer | string): boolean {
  return new Matcher(needlesOf([secret])).search(Buffer.from(bytes as string)).length > 0;
}

test("a private key is found in whatever form it stands, and never by its certificate", () => {
  const secret = { name: "key", parts: privateKeyParts(Buffer.from(pem)), holders: [] };
  const key = createPrivateKey(pem);
  for (const type of ["pkcs1", "pkcs8"] as const) {
    const [text, der] = [key.export({ type, format: "pem" }) as string, key.export({ type, format: "der" })];
    for (const form of [text, text.replace(/\n/g, ""), JSON.stringify({ text }), encodeURIComponent(text)]) {
      expect(isIn(secret, form)).toBe(true);
    }
    for (const form of [der, der.toString("hex"), der.toString("base64")]) expect(isIn(secret, form)).toBe(true);
  }
  expect(isIn(secret, JSON.stringify(key.export({ format: "jwk" })))).toBe(true);
  for (const bytes of publicPart) expect(isIn(secret, bytes)).toBe(false);
});

test("a key store is found by the encrypted key in it, and never by its certificates", () => {
  const secret = { name: "store", parts: keyStoreParts(store), holders: [] };
  for (const form of [store, store.toString("base64"), store.toString("hex")]) expect(isIn(secret, form)).toBe(true);
  for (const bytes of publicPart) expect(isIn(secret, bytes)).toBe(false);
  expect(() => keyStoreParts(Buffer.alloc(100))).toThrow("holds no key of RSA");
  // The other store of the same key and certificates: only what is encrypted differs.
  expect(isIn(secret, renderKeyStore(pair, [], STORE_PASSWORD, "flink"))).toBe(false);
});

describe("the secrets of a node", () => {
  const collected = (): Collected => ({
    files: Object.fromEntries(
      [JOB_MANAGER_TLS, TASK_MANAGER_TLS].flatMap(({ pem: file, keyStore }) => [
        [file, Buffer.from(pem).toString("base64")],
        [keyStore, store.toString("base64")],
      ]),
    ),
    jobCredentialsToken: "t".repeat(43),
    machineCredentials: { SecretAccessKey: "m".repeat(40), Token: "n".repeat(300) },
    jobCredentials: { SecretAccessKey: "j".repeat(40), Token: "k".repeat(300) },
  });

  test("are its keys and key stores, its token, and what the two roles have", () => {
    const secrets = secretsOfNode("node-1", collected());
    expect(secrets).toHaveLength(4 + 1 + 4);
    expect(new Set(secrets.map(({ name }) => name)).size).toBe(secrets.length);
    // ZooKeeper runs on three nodes of more: where it does not, it has no key.
    expect(COLLECT.files).toHaveLength(5);
  });

  test("may be had by the process's own user, by Flink's two, or by root alone", () => {
    const secrets = secretsOfNode("node-1", collected());
    const users = [JOB_MANAGER_USER, TASK_MANAGER_USER, ZOOKEEPER_USER, "nobody"];
    const holders = (part: string) => {
      const secret = secrets.find(({ name }) => name.includes(part))!;
      expect(users.some((user) => mayHave(secret, "node-2", user))).toBe(false);
      return users.filter((user) => mayHave(secret, "node-1", user));
    };
    expect(holders("key of jobmanager")).toEqual([JOB_MANAGER_USER]);
    expect(holders("key store of taskmanager")).toEqual([TASK_MANAGER_USER]);
    expect(holders("token of the jobs'")).toEqual([JOB_MANAGER_USER, TASK_MANAGER_USER]);
    expect(holders("jobs' role, secret access key")).toEqual([JOB_MANAGER_USER, TASK_MANAGER_USER]);
    expect(holders("machines' role")).toEqual([]);
    const homes = secrets.flatMap(({ home }) => home?.file ?? []);
    expect(homes).toEqual([...COLLECT.files.slice(1), JOB_CREDENTIALS_TOKEN_FILE]);
  });

  test("are none where a node has no key", () => {
    expect(() => secretsOfNode("node-1", { ...collected(), files: {} })).toThrow("node-1 has no private key");
  });
});
