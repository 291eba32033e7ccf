import { createPrivateKey, generateKeyPairSync, KeyObject, X509Certificate } from "crypto";
import * as fs from "fs";
import * as path from "path";
import { parseCertificates } from "../../lib/core/x509/pem";
import { kafkaKeyStore } from "../../lib/node/agent/connections/kafka-certificate";
import type { ConnectionCredentialSpec } from "../../lib/node/desired-state";
import { createAuthority, KeyAndCertificate } from "../lab/authority";
import {
  certificateSecret,
  ClientCertificateOptions,
  signClientCertificate,
} from "../scenarios/kafka/client-authority";
import { KeptCredentials, loginSecret, secretArn } from "./support/kept-credentials";

/** Purposes of a certificate (RFC 5280, section 4.2.1.12). */
const [OF_SERVERS, ANY_PURPOSE] = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];
const DAY = 24 * 3600_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY);
const lasting = (from: string, to: string) => ({ notBefore: new Date(from), notAfter: new Date(to) });

let authority: KeyAndCertificate;
let own: KeyAndCertificate;
/** Signed by an authority below that of `own`. */
let chained: KeyAndCertificate;
let middle: KeyAndCertificate;
beforeAll(async () => {
  authority = await createAuthority();
  own = await sign();
  const longerThanItsOwn = { notAfter: inDays(60), isAuthority: true, purposes: [] };
  middle = await signClientCertificate(authority, "Clients of orders", longerThanItsOwn);
  chained = await signClientCertificate(middle, "orders-reader");
});

const sign = (options: ClientCertificateOptions = {}): Promise<KeyAndCertificate> =>
  signClientCertificate(authority, "orders-reader", options);

/** Kafka's own pattern of a block (org.apache.kafka.common.security.ssl.DefaultSslEngineFactory). */
function asKafkaReads(pem: string, name: "CERTIFICATE" | "PRIVATE KEY"): Buffer[] {
  const words = name.replace(" ", "\\s+");
  const mark = (edge: string) => `-+${edge}\\s*.*${words}[^-]*-+\\s+`;
  const block = new RegExp(
    `${mark("BEGIN")}(?:\\s*[^\\r\\n]*:[^\\r\\n]*[\\r\\n]+)*([a-zA-Z0-9/+=\\s]*)${mark("END")}`,
    "g",
  );
  return [...`${pem}\n`.matchAll(block)].map(([, body]) => Buffer.from(body, "base64"));
}

const sentenceOf = (secret: string): string => {
  try {
    kafkaKeyStore(secret);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

/** In other forms, of the same key. */
const keyAs = (key: KeyObject, type: "pkcs1" | "sec1" | "pkcs8"): string =>
  key.export({ type, format: "pem" } as { type: "pkcs8"; format: "pem" }) as string;

describe("the key store of a secret for Kafka", () => {
  test("is the key and the certificates, which Kafka's clients find in it", () => {
    const { pem, goodUntil } = kafkaKeyStore(
      certificateSecret({ ...chained, certificate: chained.certificate + "\n" + middle.certificate }),
    );
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const [key] = asKafkaReads(pem, "PRIVATE KEY");
    const [leaf, issuer] = asKafkaReads(pem, "CERTIFICATE").map((der) => new X509Certificate(der));
    expect(leaf.checkPrivateKey(createPrivateKey({ key, format: "der", type: "pkcs8" }))).toBe(true);
    expect([leaf.subject, issuer.subject]).toEqual(["CN=orders-reader", "CN=Clients of orders"]);
    expect(goodUntil).toEqual(new Date(new X509Certificate(chained.certificate).validTo));
  });

  test("is of the keys that authorities sign, in whatever form they are stored", async () => {
    const kinds = [
      ["rsa", generateKeyPairSync("rsa", { modulusLength: 2048 }), "pkcs1"],
      ["P-384", generateKeyPairSync("ec", { namedCurve: "P-384" }), "sec1"],
      ["P-521", generateKeyPairSync("ec", { namedCurve: "P-521" }), "sec1"],
    ] as const;
    for (const [, keys, form] of kinds) {
      const { certificate, key } = await sign({ keys });
      const stores = [key, keyAs(keys.privateKey, form), `Bag Attributes\n    friendlyName: x\n${key}`].map(
        (privateKey) => kafkaKeyStore(JSON.stringify({ certificate, privateKey })).pem,
      );
      expect(new Set(stores).size).toBe(1);
      expect(asKafkaReads(stores[0], "PRIVATE KEY")).toHaveLength(1);
    }
  });

  test.each<[string, (text: string) => string]>([
    ["line ends of Windows", (text) => text.replace(/\n/g, "\r\n")],
    ["blanks for line ends", (text) => text.replace(/\n/g, " ")],
    ["no line ends at all", (text) => text.replace(/\n/g, "")],
    ["words before it", (text) => `subject=CN = orders-reader\n\n${text}`],
  ])("is the same of texts with %s", (_, changed) => {
    const secret = JSON.stringify({ certificate: changed(own.certificate), privateKey: changed(own.key) });
    expect(kafkaKeyStore(secret)).toEqual(kafkaKeyStore(certificateSecret(own)));
  });

  test("is of a certificate that names no purpose, or any", async () => {
    for (const purposes of [[], [ANY_PURPOSE]]) {
      expect(sentenceOf(certificateSecret(await sign({ purposes })))).toBe("");
    }
  });

  test("is of a certificate that says nothing of what its key may do, or signatures among others", async () => {
    expect(sentenceOf(certificateSecret(await sign({ usages: [] })))).toBe("");
    const rsa = { keys: generateKeyPairSync("rsa", { modulusLength: 2048 }) };
    const usages = ["keyEncipherment", "digitalSignature"] as const;
    expect(sentenceOf(certificateSecret(await sign({ ...rsa, usages })))).toBe("");
  });

  test("is good as long as all of its certificates are", async () => {
    const days = { notBefore: inDays(-2), notAfter: inDays(3) };
    const short = await signClientCertificate(authority, "Clients", { ...days, isAuthority: true, purposes: [] });
    const { key, certificate } = await signClientCertificate(short, "orders-reader");
    const { goodUntil } = kafkaKeyStore(
      certificateSecret({ key, certificate: `${certificate}\n${short.certificate}` }),
    );
    expect(goodUntil).toEqual(new Date(new X509Certificate(short.certificate).validTo));
  });

  const changed = (change: Partial<Record<"certificate" | "privateKey", unknown>>) => () =>
    JSON.stringify({ certificate: own.certificate, privateKey: own.key, ...change });
  const encrypted = () => {
    const key = createPrivateKey(own.key);
    const lock = { cipher: "aes-256-cbc", passphrase: "s3cret" };
    return [
      key.export({ type: "pkcs8", format: "pem", ...lock }) as string,
      key.export({ type: "sec1", format: "pem", ...lock }) as string,
    ];
  };
  const keysOf = (kind: "ed25519" | "secp256k1") =>
    kind === "ed25519" ? generateKeyPairSync(kind) : generateKeyPairSync("ec", { namedCurve: kind });

  test.each<[string, () => string | Promise<string>, RegExp]>([
    ["nothing", () => "", /^its secret is no JSON object: store it as \{"certificate": "…", "privateKey": "…"\}$/],
    ["a user", () => loginSecret("orders-reader", "s3cret"), /^its secret has no text named certificate: store it as/],
    ["no key", changed({ privateKey: undefined }), /^its secret has no text named privateKey/],
    ["a list of certificates", () => changed({ certificate: [own.certificate] })(), /has no text named certificate/],
    ["no certificate", changed({ certificate: "s3cret" }), /^the certificate in its secret is no PEM/],
    ["a cut certificate", () => changed({ certificate: own.certificate.slice(0, 300) })(), /is no PEM/],
    [
      "a spoilt one",
      () => changed({ certificate: own.certificate.replace("MII", "AAA") })(),
      /^number 1 of the certificates in its secret cannot be read/,
    ],
    [
      "a key among the certificates",
      () => changed({ certificate: `${own.certificate}\n${own.key}` })(),
      /is no PEM, or something else as well/,
    ],
    ["no PEM for a key", changed({ privateKey: "s3cret" }), /^the privateKey in its secret is no private key in PEM/],
    ["a certificate for a key", () => changed({ privateKey: own.certificate })(), /is no private key in PEM/],
    ["a spoilt key", () => changed({ privateKey: own.key.replace("MI", "AA") })(), /is no private key in PEM/],
    ["an encrypted key", () => changed({ privateKey: encrypted()[0] })(), /^the privateKey in its secret is encrypted/],
    ["one of OpenSSL's older form", () => changed({ privateKey: encrypted()[1] })(), /is encrypted: store it as/],
    ["the key of another", async () => changed({ privateKey: (await sign()).key })(), /is not that of its privateKey/],
    [
      "a curve of others",
      async () => certificateSecret(await sign({ keys: keysOf("secp256k1") })),
      /of a kind that Kafka's clients do not read/,
    ],
    [
      "a key of others",
      async () => certificateSecret(await sign({ keys: keysOf("ed25519") })),
      /of a kind that Kafka's clients do not read/,
    ],
    [
      "the authority first",
      () => certificateSecret({ ...chained, certificate: `${middle.certificate}\n${chained.certificate}` }),
      /^the first certificate in its secret is not that of its privateKey/,
    ],
    [
      "another authority",
      async () => {
        const other = await createAuthority();
        return changed({ certificate: `${own.certificate}\n${other.certificate}` })();
      },
      /^number 2 of the certificates in its secret did not sign the one before/,
    ],
    [
      "an authority that is missing between two",
      () => certificateSecret({ ...chained, certificate: `${chained.certificate}\n${authority.certificate}` }),
      /^number 2 of the certificates in its secret did not sign/,
    ],
    [
      "a root that is there twice",
      () => changed({ certificate: [own, authority, authority].map(({ certificate }) => certificate).join("\n") })(),
      /^number 3 of the certificates in its secret did not sign/,
    ],
    [
      "a certificate of servers",
      async () => certificateSecret(await sign({ purposes: [OF_SERVERS] })),
      /^the certificate in its secret is not for clients/,
    ],
    [
      "a key that may do anything but sign",
      async () => certificateSecret(await sign({ usages: ["keyEncipherment", "keyAgreement", "nonRepudiation"] })),
      /^the certificate in its secret is not for signatures, by which clients prove themselves/,
    ],
    [
      "an authority with its key",
      () => certificateSecret(authority),
      /^the first certificate in its secret is that of an authority, whose key signs others/,
    ],
    [
      "an authority that may be a client too",
      async () => certificateSecret(await sign({ isAuthority: true, usages: ["digitalSignature", "keyCertSign"] })),
      /^the first certificate in its secret is that of an authority/,
    ],
    [
      "one that is over",
      async () => certificateSecret(await sign(lasting("2020-01-01T00:00:00Z", "2020-02-01T10:00:00Z"))),
      /^a certificate in its secret was good until 2020-02-01T10:00:00Z: issue another$/,
    ],
    [
      "one that is to come",
      async () => certificateSecret(await sign(lasting("2099-01-01T00:00:00Z", "2100-01-01T00:00:00Z"))),
      /^a certificate in its secret is good from 2099-01-01T00:00:00Z on: wait for it$/,
    ],
  ])("is not made of %s, and what it holds is not told", async (_, secret, sentence) => {
    const said = sentenceOf(await secret());
    expect(said).toMatch(sentence);
    expect(said).not.toMatch(/s3cret|orders-reader|MII|MIG|\n|\.$/);
  });
});

describe("what the agent keeps of certificates", () => {
  const ORDERS: ConnectionCredentialSpec = {
    name: "orders",
    kind: "kafka-certificate",
    secretArn: secretArn("orders-reader"),
  };
  let kept: KeptCredentials;
  beforeEach(() => {
    kept = new KeptCredentials();
    kept.secrets.set(ORDERS.secretArn, certificateSecret(own));
  });
  afterEach(() => kept.remove());

  const file = (): string => path.join(kept.folder, "orders.keystore.pem");
  const text = (): string => fs.readFileSync(file(), "utf8");

  test("is a file that names its secret, and holds what Kafka's clients read", async () => {
    await kept.keep([ORDERS]);
    expect(fs.readdirSync(kept.folder)).toEqual(["orders.keystore.pem"]);
    expect(text()).toBe(`#${ORDERS.secretArn}\n${kafkaKeyStore(certificateSecret(own)).pem}`);
    expect(asKafkaReads(text(), "PRIVATE KEY")).toHaveLength(1);
    expect(asKafkaReads(text(), "CERTIFICATE")).toEqual([new X509Certificate(own.certificate).raw]);
    expect((fs.statSync(file()).mode & 0o777).toString(8)).toBe("640");
    expect(kept.problems.size).toBe(0);
    expect(kept.logged).not.toContain(own.certificate.slice(40, 80));
  });

  test("is the new one after a rotation", async () => {
    await kept.keep([ORDERS]);
    const next = await sign();
    kept.secrets.set(ORDERS.secretArn, certificateSecret(next));
    const serialNumber = new X509Certificate(next.certificate).serialNumber;
    await kept.until(() => parseCertificates(text())[0].serialNumber === serialNumber);
    expect(kept.everTold).toEqual([]);
  });

  test("is there although it ends within 7 days, which the report tells until another is stored", async () => {
    kept.secrets.set(ORDERS.secretArn, certificateSecret(await sign({ notAfter: inDays(6.9) })));
    await kept.keep([ORDERS]);
    const validTo = new Date(parseCertificates(text())[0].validTo).toISOString().replace(".000", "");
    expect(kept.problems.get("orders")).toBe(
      `the credential of the connection orders is good until ${validTo} only: store another in its secret`,
    );
    kept.secrets.set(ORDERS.secretArn, certificateSecret(await sign({ notAfter: inDays(7.1) })));
    await kept.until(() => kept.problems.size === 0);
  });

  test("stays as it was while the secret holds one that is over, or something else", async () => {
    await kept.keep([ORDERS]);
    const before = text();
    kept.secrets.set(ORDERS.secretArn, certificateSecret(await sign({ notBefore: inDays(-9), notAfter: inDays(-1) })));
    await kept.until(() => kept.problems.has("orders"));
    expect(kept.problems.get("orders")).toMatch(
      /^no new credential of the connection orders, and jobs have the one that was read before: a certificate in its secret was good until \S+Z: issue another$/,
    );
    kept.secrets.set(ORDERS.secretArn, loginSecret("orders-reader", "s3cret"));
    await kept.until(() => kept.problems.get("orders")!.includes("has no text named certificate"));
    expect(text()).toBe(before);
  });

  test("goes where the connection is no more", async () => {
    await kept.keep([ORDERS]);
    await kept.end();
    await kept.keep([]);
    expect(fs.readdirSync(kept.folder)).toEqual([]);
  });
});
