import { X509Certificate } from "crypto";
import * as fs from "fs";
import * as path from "path";
import { parseCertificates } from "../../lib/core/x509/pem";
import { BilledAuthorities } from "../../lib/node/agent/certificates/billed-authorities";
import type { PrivateAuthorities } from "../../lib/core/private-ca/private-ca";
import { certificateInputs } from "../../lib/node/agent/certificates/certificate-inputs";
import { Certificates } from "../../lib/node/agent/certificates/certificates";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../lib/node/flink-services";
import { ZOOKEEPER_UNIT } from "../../lib/node/zookeeper-service";
import {
  CLIENT_AUTHORITY,
  JOB_MANAGER_TLS,
  NODE_AUTHORITY,
  TASK_MANAGER_TLS,
  ZOOKEEPER_TLS,
} from "../../lib/node/tls-paths";
import { LocalPrivateCa } from "../support/local-private-ca";
import { temporaryFolder } from "./support/software";

jest.mock<typeof import("../support/few-key-pairs")>("../../lib/core/x509/key-pair", () =>
  jest.requireActual("../support/few-key-pairs"),
);

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

// Key pairs, on a machine that may be busy.
jest.setTimeout(120_000);

const HOST = "node-1.orders.flink.internal";
const noKeys = {
  publicKey: () => Promise.reject(new Error("there is no key")),
  sign: () => Promise.reject(new Error("there is no key")),
};

describe("certificates of a private authority", () => {
  let ca: LocalPrivateCa;
  let nodeArn: string;
  let clientArn: string;
  let belowNodes: string;
  let farBelowNodes: string;
  const now = new Date("2026-11-22T12:00:00Z");
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder();
    for (const { folder: each } of [ZOOKEEPER_TLS, JOB_MANAGER_TLS, TASK_MANAGER_TLS]) {
      fs.mkdirSync(path.join(folder, each), { recursive: true });
    }
    ca = new LocalPrivateCa();
    const root = ca.create("Root");
    [nodeArn, clientArn] = [ca.create("Nodes", root), ca.create("Clients", root)];
    belowNodes = ca.create("Clients below nodes", nodeArn);
    farBelowNodes = ca.create("Clients of a team", belowNodes);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  interface Changes {
    readonly clientAuthorityArn?: string;
    readonly privateAuthorities?: PrivateAuthorities;
    readonly units?: readonly string[];
  }

  function certificates(changes: Changes = {}): Certificates {
    const { clientAuthorityArn = clientArn, privateAuthorities = ca, units = [JOB_MANAGER_UNIT] } = changes;
    return new Certificates({
      ...{ nodeAuthorityArn: nodeArn, clientAuthorityArn, validitySeconds: 3600, cluster: "orders" },
      node: { name: "orders-node-1", host: HOST, files: [], units },
      services: { keys: noKeys, privateAuthorities },
      address: () => Promise.resolve({ address: "10.40.0.11", names: [] }),
      ownerOf: () => Promise.resolve({ uid: process.getuid!(), gid: process.getgid!() }),
      now: () => now,
      root: folder,
    });
  }

  const read = (file: string): X509Certificate[] => parseCertificates(fs.readFileSync(path.join(folder, file), "utf8"));

  test("are made of a signing request, with what the node is called by, and once", async () => {
    expect(await certificates().ensure()).toEqual([JOB_MANAGER_UNIT]);
    const [leaf, issuer] = read(JOB_MANAGER_TLS.pem);
    expect(leaf.subject.replace(/\n/g, ", ")).toBe("O=orders, OU=jobmanager, CN=orders-node-1");
    expect(leaf.subjectAltName).toBe(`DNS:${HOST}, IP Address:10.40.0.11`);
    expect([leaf.validFrom, leaf.validTo]).toEqual(["Nov 22 11:55:00 2026 GMT", "Nov 22 13:00:00 2026 GMT"]);
    expect(leaf.verify(issuer.publicKey)).toBe(true);
    expect(ca.issued).toEqual(["EndEntityCertificate"]);
    expect(await certificates().ensure()).toEqual([]);
    expect(ca.issued).toHaveLength(1);
  });

  test("are trusted by the authority itself, not by what is above it: others below that would pass for nodes", async () => {
    await certificates().ensure();
    expect(read(NODE_AUTHORITY).map(({ subject }) => subject)).toEqual(["CN=Nodes"]);
    expect(read(CLIENT_AUTHORITY).map(({ subject }) => subject)).toEqual(["CN=Clients"]);
  });

  test.each([
    ["is the node authority itself", () => nodeArn],
    ["is below the node authority", () => belowNodes],
    ["is further below the node authority", () => farBelowNodes],
  ])("are not asked for where the client authority %s", async (_, arnOf) => {
    const arn = arnOf();
    await expect(certificates({ clientAuthorityArn: arn }).ensure()).rejects.toThrow("operators would pass for nodes");
    expect([ca.issued, fs.existsSync(path.join(folder, NODE_AUTHORITY))]).toEqual([[], false]);
  });

  test("that lack a name are refused", async () => {
    ca.forgetsNames = true;
    await expect(certificates().ensure()).rejects.toThrow(`the node authority left ${HOST}, 10.40.0.11 out`);
    expect(fs.existsSync(path.join(folder, JOB_MANAGER_TLS.pem))).toBe(false);
  });

  test("are not asked for without end", async () => {
    let time = 0;
    const billed = new BilledAuthorities(ca, () => time);
    for (let count = 0; count < 12; count++) {
      fs.rmSync(path.join(folder, JOB_MANAGER_TLS.pem), { force: true });
      expect(await certificates({ privateAuthorities: billed }).ensure()).toHaveLength(1);
    }
    const again = () => certificates({ privateAuthorities: billed }).issueAnew();
    await expect(again()).rejects.toThrow("12 certificates were made in a short time, and each is billed");
    expect(ca.issued).toHaveLength(12);
    time = 300_000;
    await again();
    expect(ca.issued).toHaveLength(13);
  });

  test("that were made and not given out are counted, as they are billed", async () => {
    const all = certificates({ privateAuthorities: new BilledAuthorities(ca, () => 0) });
    ca.keeps = true;
    for (let count = 0; count < 12; count++) await expect(all.ensure()).rejects.toThrow("kept");
    await expect(all.ensure()).rejects.toThrow("12 certificates were made in a short time");
    expect(ca.issued).toHaveLength(12);
  });

  test("that were refused are not counted: nothing is billed", async () => {
    const all = certificates({ privateAuthorities: new BilledAuthorities(ca) });
    ca.refuses = true;
    for (let count = 0; count < 30; count++) await expect(all.ensure()).rejects.toThrow("refused");
    ca.refuses = false;
    expect(await all.ensure()).toEqual([JOB_MANAGER_UNIT]);
  });

  test("of a renewal that broke off are not asked for again", async () => {
    const units = [ZOOKEEPER_UNIT, JOB_MANAGER_UNIT, TASK_MANAGER_UNIT];
    const all = certificates({ units });
    await all.ensure();
    ca.issued.length = 0;
    ca.refusesAfter = 2;
    await expect(all.issueAnew()).rejects.toThrow("refused");
    ca.refusesAfter = Infinity;
    const renewed = await all.issueAnew();
    expect(ca.issued).toHaveLength(3);
    await renewed.install();
    const serials = [ZOOKEEPER_TLS, JOB_MANAGER_TLS, TASK_MANAGER_TLS].map(({ pem }) => read(pem)[0].serialNumber);
    expect(new Set(serials).size).toBe(3);
    await all.issueAnew();
    expect(ca.issued).toHaveLength(6);
  });

  test("that are renewed come with the authority as its owner has renewed it, once they are laid down", async () => {
    const all = certificates();
    await all.ensure();
    const [before] = read(NODE_AUTHORITY);
    ca.renew(nodeArn);
    const renewed = await all.issueAnew();
    expect(read(NODE_AUTHORITY)[0].validTo).toBe(before.validTo);
    await renewed.install();
    const [after] = read(NODE_AUTHORITY);
    expect(Date.parse(after.validTo)).toBeGreaterThan(Date.parse(before.validTo));
    expect(after.publicKey.equals(before.publicKey)).toBe(true);
    expect(read(JOB_MANAGER_TLS.pem)[1].validTo).toBe(after.validTo);
  });

  test("are issued at a boot by the authority as its owner has renewed it meanwhile, and nobody restarts for it", async () => {
    await certificates({ units: [JOB_MANAGER_UNIT, ZOOKEEPER_UNIT] }).ensure();
    const before = await certificateInputs(folder);
    ca.renew(nodeArn);
    fs.rmSync(path.join(folder, ZOOKEEPER_TLS.pem));
    expect(await certificates({ units: [JOB_MANAGER_UNIT, ZOOKEEPER_UNIT] }).ensure()).toEqual([ZOOKEEPER_UNIT]);
    expect(read(NODE_AUTHORITY)[0].validTo).toBe("Jan  1 00:00:00 2046 GMT");
    const after = await certificateInputs(folder);
    expect(after.get(JOB_MANAGER_UNIT)).toBe(before.get(JOB_MANAGER_UNIT));
    expect(after.get(ZOOKEEPER_UNIT)).not.toBe(before.get(ZOOKEEPER_UNIT));
  });

  test("are renewed although the client authority is gone", async () => {
    const all = certificates();
    await all.ensure();
    ca.forget(clientArn);
    await (await all.issueAnew()).install();
    expect(read(CLIENT_AUTHORITY).map(({ subject }) => subject)).toEqual(["CN=Clients"]);
    expect(ca.issued).toHaveLength(2);
  });

  test("are not renewed by an authority that has another key", async () => {
    const all = certificates();
    await all.ensure();
    ca.replace(nodeArn, ca.create("Nodes anew"));
    await expect(all.issueAnew()).rejects.toThrow("has another key than it had");
  });
});
