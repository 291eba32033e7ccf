import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createSecureContext } from "node:tls";
import { authorityCertificate, authorityName, trustAnchor } from "../../../lib/core/x509/authority";
import { authorityAlias } from "../../../lib/core/x509/authority-names";
import { keyStoreHolds, renderKeyStore } from "../../../lib/core/x509/key-store";
import { issue, type KeyAndCertificate } from "../../../lib/core/x509/leaf";
import { certificatesPem, keyPem, parseCertificates } from "../../../lib/core/x509/pem";
import { localAuthority, localKey } from "../../support/local-authority";

// Java and key pairs, on a machine that may be busy.
jest.setTimeout(120_000);

const HOST = "node-1.orders.flink.internal";
const ADDRESS = "10.40.0.11";
const NOW = new Date("2026-11-22T12:00:00Z");
const VALIDITY = 90 * 86_400;
const PASSWORD = "changeit";

const keys = { node: localKey(), client: localKey() };
const node = localAuthority("node", "orders", keys.node);
const client = localAuthority("client", "orders", keys.client);

let folder: string;
let nodeCertificate: X509Certificate;
let clientAnchor: X509Certificate;
let ofNode: KeyAndCertificate;
let ofClient: KeyAndCertificate;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "x509-"));
  nodeCertificate = await authorityCertificate(node.name, node.key, node.sign);
  clientAnchor = trustAnchor(client.name, client.key);
  const subject = { organization: "orders", unit: "jobmanager", commonName: "orders-node-1" };
  const request = { subject, hosts: [HOST], addresses: [ADDRESS], serverAuth: true, validitySeconds: VALIDITY };
  ofNode = await issue(request, node, NOW);
  ofClient = await issue(
    { ...request, subject: { ...subject, commonName: "operator" }, hosts: [], addresses: [], serverAuth: false },
    client,
    NOW,
  );
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const target = path.join(folder, name);
  fs.writeFileSync(target, content);
  return target;
}

/** What OpenSSL says of a certificate, as strict as it can be; "OK" or the reason why not. */
function verify(certificate: X509Certificate, trusted: readonly X509Certificate[], ...more: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    "openssl",
    [
      ...["verify", "-x509_strict", "-attime", String(NOW.getTime() / 1000), ...more],
      ...["-CAfile", file("trusted.pem", certificatesPem(...trusted)), file("one.pem", certificate.toString())],
    ],
    { encoding: "utf8" },
  );
  return status === 0 ? "OK" : `${stdout}${stderr}`;
}

describe("the node authority", () => {
  test("has the same certificate wherever it is made, and has signed it itself", async () => {
    const again = await authorityCertificate(node.name, node.key, node.sign);
    expect(again.raw.equals(nodeCertificate.raw)).toBe(true);
    expect(nodeCertificate.verify(node.key)).toBe(true);
    expect(nodeCertificate.ca).toBe(true);
    expect(nodeCertificate.subject).toBe("O=orders\nCN=Flink node authority");
    expect(nodeCertificate.validTo).toBe("Dec 31 23:59:59 9999 GMT");
    expect(nodeCertificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test("is another one for another key, cluster and kind", async () => {
    const other = await authorityCertificate(authorityName("node", "bills"), node.key, node.sign);
    expect(other.subject).not.toBe(nodeCertificate.subject);
    expect(clientAnchor.subject).not.toBe(nodeCertificate.subject);
    expect(clientAnchor.serialNumber).not.toBe(nodeCertificate.serialNumber);
    expect(authorityAlias("node", "orders")).not.toBe(authorityAlias("client", "orders"));
  });

  test.each([
    ["a line break", "a\nb"],
    ["too long a text", "x".repeat(65)],
    ["nothing", ""],
  ])("cannot have %s in its name", (_, organization) => {
    expect(() => trustAnchor({ organization, commonName: "x" }, node.key)).toThrow("organizationName");
  });
});

describe("a certificate of a node", () => {
  test("says whose it is, what for and how long", () => {
    const { certificate, key } = ofNode;
    expect(certificate.subject).toBe("O=orders\nOU=jobmanager\nCN=orders-node-1");
    expect(certificate.subjectAltName).toBe(`DNS:${HOST}, IP Address:${ADDRESS}`);
    expect(certificate.checkHost(HOST)).toBe(HOST);
    expect(certificate.checkIP(ADDRESS)).toBe(ADDRESS);
    expect(certificate.ca).toBe(false);
    // Server and client.
    expect([...certificate.keyUsage].sort()).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(new Date(certificate.validFrom)).toEqual(new Date(NOW.getTime() - 300_000));
    expect(new Date(certificate.validTo)).toEqual(new Date(NOW.getTime() + VALIDITY * 1000));
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(certificate.verify(node.key)).toBe(true);
  });

  test("is one that OpenSSL takes from a server and from a client, in its strictest way", () => {
    expect(verify(ofNode.certificate, [nodeCertificate], "-purpose", "sslserver")).toBe("OK");
    expect(verify(ofNode.certificate, [nodeCertificate], "-purpose", "sslclient")).toBe("OK");
    expect(verify(ofNode.certificate, [clientAnchor])).not.toBe("OK");
  });

  test("has another serial number each time", async () => {
    const subject = { organization: "orders", commonName: "x" };
    const request = { subject, hosts: [], addresses: [], serverAuth: true, validitySeconds: 600 };
    const serials = (await Promise.all([issue(request, node, NOW), issue(request, node, NOW)])).map(
      ({ certificate }) => certificate.serialNumber,
    );
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(serials[0]).not.toBe(serials[1]);
  });

  test("fits into one call of KMS with the longest names", async () => {
    const sizes: number[] = [];
    const measuring = { ...node, sign: (message: Uint8Array) => (sizes.push(message.length), node.sign(message)) };
    const subject = { organization: "o".repeat(32), unit: "taskmanager", commonName: "n".repeat(64) };
    const host = `${"a.".repeat(120)}internal`;
    await issue({ subject, hosts: [host], addresses: [ADDRESS], serverAuth: true, validitySeconds: 1 }, measuring, NOW);
    expect(sizes[0]).toBeLessThan(4096);
  });
});

describe("the client authority, which nodes trust and cannot ask", () => {
  test("is an anchor by name and key: what it signed is taken, although nobody signed the anchor", () => {
    expect(clientAnchor.verify(client.key)).toBe(false);
    expect(clientAnchor.verify(node.key)).toBe(false);
    expect(verify(ofClient.certificate, [nodeCertificate, clientAnchor], "-purpose", "sslclient")).toBe("OK");
  });

  test("is no intermediate authority below the node authority", () => {
    const untrusted = file("anchor.pem", clientAnchor.toString());
    expect(verify(ofClient.certificate, [nodeCertificate], "-untrusted", untrusted)).not.toBe("OK");
  });

  test("gives a client nothing to play a server with", () => {
    expect(verify(ofClient.certificate, [clientAnchor], "-purpose", "sslserver")).not.toBe("OK");
  });
});

describe("files", () => {
  test("PEM: the key in PKCS #8, certificates in their order", () => {
    expect(keyPem(ofNode.key)).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const pem = keyPem(ofNode.key) + certificatesPem(ofNode.certificate, nodeCertificate);
    expect(parseCertificates(pem).map(({ fingerprint256 }) => fingerprint256)).toEqual(
      [ofNode.certificate, nodeCertificate].map(({ fingerprint256 }) => fingerprint256),
    );
    createSecureContext({ key: pem, cert: pem });
  });

  test("a key store is read by OpenSSL, and by Java with its whole chain", () => {
    const store = renderKeyStore(ofNode, [nodeCertificate], PASSWORD, "flink");
    createSecureContext({ pfx: store, passphrase: PASSWORD });
    const text = execFileSync(
      "keytool",
      ["-list", "-v", "-keystore", file("store.p12", store), "-storepass", PASSWORD, "-J-Duser.language=en"],
      { encoding: "utf8", stdio: "pipe" },
    );
    expect(text).toContain("Keystore type: PKCS12");
    expect(text).toContain("Alias name: flink");
    expect(text).toContain("Entry type: PrivateKeyEntry");
    expect(text).toContain("Certificate chain length: 2");
    expect(text).toContain("Owner: CN=orders-node-1, OU=jobmanager, O=orders");
  });

  test("a key store tells whether it is whole and whose key it holds", () => {
    const store = renderKeyStore(ofNode, [nodeCertificate], PASSWORD, "flink");
    expect(keyStoreHolds(store, ofNode.key, PASSWORD)).toBe(true);
    expect(keyStoreHolds(store, ofClient.key, PASSWORD)).toBe(false);
    expect(keyStoreHolds(store, ofNode.key, "other")).toBe(false);
    expect(keyStoreHolds(store.subarray(0, store.length - 1), ofNode.key, PASSWORD)).toBe(false);
    expect(keyStoreHolds(Buffer.alloc(0), ofNode.key, PASSWORD)).toBe(false);
  });
});
