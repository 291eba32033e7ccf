import { createPublicKey, KeyObject, X509Certificate } from "crypto";
import { execFileSync } from "child_process";
import * as fs from "fs";
import { networkInterfaces } from "os";
import * as path from "path";
import type { PrivateAuthorities } from "../../lib/core/private-ca/private-ca";
import { parseCertificates } from "../../lib/core/x509/pem";
import type { AuthorityKeys } from "../../lib/node/agent/certificates/authority-keys";
import { certificateInputs } from "../../lib/node/agent/certificates/certificate-inputs";
import { Certificates, CertificatesOptions } from "../../lib/node/agent/certificates/certificates";
import { ownAddress } from "../../lib/node/agent/certificates/own-address";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../lib/node/flink-services";
import {
  INTERNAL_TRUST_STORE,
  JOB_MANAGER_TLS,
  NODE_AUTHORITY,
  REST_TRUST_STORE,
  STORE_PASSWORD,
  TASK_MANAGER_TLS,
  TLS,
  ZOOKEEPER_TLS,
} from "../../lib/node/tls-paths";
import { ZOOKEEPER_UNIT } from "../../lib/node/zookeeper-service";
import { LocalKey, localKey } from "../support/local-authority";
import { temporaryFolder } from "./support/software";

jest.mock<typeof import("../support/few-key-pairs")>("../../lib/core/x509/key-pair", () =>
  jest.requireActual("../support/few-key-pairs"),
);

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

// Key pairs and Java, on a machine that may be busy.
jest.setTimeout(120_000);

const NODE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/node";
const CLIENT_KEY = "arn:aws:kms:eu-west-1:123456789012:key/client";
const OTHER_KEY = "arn:aws:kms:eu-west-1:123456789012:key/other";
/** Most tests do with one process: a key pair takes its time. */
const ONE_UNIT = [JOB_MANAGER_UNIT];
const ALL_UNITS = [ZOOKEEPER_UNIT, JOB_MANAGER_UNIT, TASK_MANAGER_UNIT];
const NAME_OF_ADDRESS = "ip-10-40-0-11.eu-west-1.compute.internal";
const KEYS = new Map([NODE_KEY, CLIENT_KEY, OTHER_KEY].map((arn) => [arn, localKey()]));

/** Plays KMS for a machine that may not sign for clients. */
class LocalKeys implements AuthorityKeys {
  public calls: string[] = [];
  public away = false;

  public publicKey(arn: string): Promise<KeyObject> {
    this.calls.push(`publicKey ${arn.split("/")[1]}`);
    return this.key(arn).then(({ publicKey }) => publicKey);
  }

  public async sign(arn: string, message: Uint8Array): Promise<Uint8Array> {
    this.calls.push(`sign ${arn.split("/")[1]}`);
    if (arn === CLIENT_KEY) throw new Error("AccessDeniedException");
    return (await this.key(arn)).sign(message);
  }

  private key(arn: string): Promise<LocalKey> {
    if (this.away) return Promise.reject(new Error("away"));
    return Promise.resolve(KEYS.get(arn)!);
  }
}

/** Nobody may ask it where the authorities are keys. */
const privateAuthorities: PrivateAuthorities = {
  chain: () => Promise.reject(new Error("there is no private authority")),
  order: () => Promise.reject(new Error("there is no private authority")),
  collect: () => Promise.reject(new Error("there is no private authority")),
};

const nodeWith = (units: readonly string[], host = "node-1.orders.flink.internal") => ({
  ...{ name: "orders-node-1", host, files: [], units },
});

describe("the certificates of a node", () => {
  let root: string;
  let keys: LocalKeys;
  let now: Date;

  beforeEach(() => {
    root = temporaryFolder();
    keys = new LocalKeys();
    now = new Date("2026-11-22T12:00:00Z");
    for (const { folder } of [ZOOKEEPER_TLS, JOB_MANAGER_TLS, TASK_MANAGER_TLS]) {
      fs.mkdirSync(path.join(root, folder), { recursive: true });
    }
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  function certificates(changes: Partial<CertificatesOptions> = {}): Certificates {
    return new Certificates({
      nodeAuthorityArn: NODE_KEY,
      clientAuthorityArn: CLIENT_KEY,
      validitySeconds: 600,
      cluster: "orders",
      node: nodeWith(ONE_UNIT),
      services: { keys, privateAuthorities },
      address: () => Promise.resolve({ address: "10.40.0.11", names: [NAME_OF_ADDRESS] }),
      ownerOf: () => Promise.resolve({ uid: process.getuid!(), gid: process.getgid!() }),
      now: () => now,
      root,
      ...changes,
    });
  }

  const inRoot = (file: string) => path.join(root, file);
  const leafOf = (file: string) => parseCertificates(fs.readFileSync(inRoot(file), "utf8"))[0];
  const serial = () => leafOf(JOB_MANAGER_TLS.pem).serialNumber;

  test("are born with a key each, and only what is to be signed leaves the node", async () => {
    expect(await certificates({ node: nodeWith(ALL_UNITS) }).ensure()).toEqual(ALL_UNITS);
    expect(keys.calls.sort()).toEqual([
      ...["publicKey client", "publicKey node"],
      ...["sign node", "sign node", "sign node", "sign node"],
    ]);
    const leaves = [ZOOKEEPER_TLS, JOB_MANAGER_TLS, TASK_MANAGER_TLS].map(({ pem }) => leafOf(pem));
    expect(leaves.map(({ subject }) => subject.replace(/\n/g, ", "))).toEqual(
      ["zookeeper", "jobmanager", "taskmanager"].map((process) => `O=orders, OU=${process}, CN=orders-node-1`),
    );
    expect(new Set(leaves.map(({ publicKey }) => publicKey.export({ type: "spki", format: "pem" }))).size).toBe(3);
    for (const leaf of leaves) {
      expect(leaf.verify(KEYS.get(NODE_KEY)!.publicKey)).toBe(true);
      expect(leaf.subjectAltName).toBe(
        `DNS:node-1.orders.flink.internal, DNS:${NAME_OF_ADDRESS}, IP Address:10.40.0.11`,
      );
    }
    for (const file of [ZOOKEEPER_TLS.pem, JOB_MANAGER_TLS.pem, JOB_MANAGER_TLS.keyStore]) {
      expect([file, (fs.statSync(inRoot(file)).mode & 0o777).toString(8)]).toEqual([file, "640"]);
    }
  });

  test("are left alone while they are good, and nobody is asked", async () => {
    await certificates().ensure();
    const before = serial();
    keys.away = true;
    keys.calls = [];
    expect(await certificates().ensure()).toEqual([]);
    expect(serial()).toBe(before);
    expect(keys.calls).toEqual([]);
  });

  test("are renewed on demand, each with a new key", async () => {
    const all = certificates();
    await all.ensure();
    const before = serial();
    now = new Date(now.getTime() + 300_000);
    const successors = await all.issueAnew();
    expect([serial(), await all.firstSerialNumber()]).toEqual([before, before]);
    await successors.install();
    expect(serial()).not.toBe(before);
    expect(await all.firstSerialNumber()).toBe(serial());
    expect(keys.calls.filter((call) => call === "publicKey node")).toHaveLength(1);
    const anew = certificates();
    expect(await anew.ensure()).toEqual([]);
    expect(anew.dueAt()).toEqual(successors.dueAt);
  });

  test("are another input of the units that show them, and of no others", async () => {
    const all = certificates({ node: nodeWith([JOB_MANAGER_UNIT, TASK_MANAGER_UNIT]) });
    await all.ensure();
    const before = await certificateInputs(root);
    expect(await certificateInputs(root)).toEqual(before);
    fs.rmSync(inRoot(JOB_MANAGER_TLS.pem));
    await all.ensure();
    const after = await certificateInputs(root);
    expect([...after].filter(([unit, hash]) => before.get(unit) !== hash)).toEqual([
      [JOB_MANAGER_UNIT, after.get(JOB_MANAGER_UNIT)],
    ]);
    await (await all.issueAnew()).install();
    const renewed = await certificateInputs(root);
    expect([...renewed].filter(([unit, hash]) => after.get(unit) !== hash).map(([unit]) => unit)).toEqual([
      JOB_MANAGER_UNIT,
      TASK_MANAGER_UNIT,
    ]);
  });

  test("that are not good yet are replaced: the clock was ahead when they were made", async () => {
    const right = now;
    now = new Date(right.getTime() + 86_400_000);
    await certificates().ensure();
    const ahead = serial();
    now = right;
    expect(await certificates().ensure()).toEqual(ONE_UNIT);
    expect(serial()).not.toBe(ahead);
    expect(Date.parse(leafOf(JOB_MANAGER_TLS.pem).validFrom)).toBeLessThanOrEqual(right.getTime());
  });

  test("are due and over at once when the clock turns out to have been ahead", async () => {
    const right = now;
    now = new Date(right.getTime() + 86_400_000);
    const all = certificates();
    await all.ensure();
    expect(all.endsAt()!.getTime()).toBeGreaterThan(now.getTime());
    now = right;
    expect([all.dueAt(), all.endsAt()]).toEqual([right, right]);
  });

  test("are due after two thirds of their life", async () => {
    const all = certificates();
    expect([all.dueAt(), all.endsAt()]).toEqual([undefined, undefined]);
    await all.ensure();
    expect(all.dueAt()).toEqual(new Date("2026-11-22T12:06:40Z"));
    expect(all.endsAt()).toEqual(new Date("2026-11-22T12:10:00Z"));
  });

  test("are due, and left alone until then, where the resolver has another name for their address", async () => {
    let names: string[] | undefined = [NAME_OF_ADDRESS];
    const all = certificates({ address: () => Promise.resolve({ address: "10.40.0.11", names }) });
    await all.ensure();
    const regular = all.dueAt();
    for (const harmless of [undefined, [], [NAME_OF_ADDRESS]]) {
      names = harmless;
      now = new Date(now.getTime() + 300_000);
      await all.lookAtNames();
      expect(all.dueAt()).toEqual(regular);
    }
    names = ["ip-11.internal"];
    await all.lookAtNames();
    expect(all.dueAt()).toEqual(regular);
    now = new Date(now.getTime() + 300_000);
    await all.lookAtNames();
    expect(all.dueAt()).toEqual(now);
    await (await all.issueAnew()).install();
    expect(await all.ensure()).toEqual([]);
    expect(all.dueAt()!.getTime()).toBeGreaterThan(now.getTime());
  });

  test.each<[string, Partial<CertificatesOptions>]>([
    ["another host", { node: nodeWith(ONE_UNIT, "other.internal") }],
    ["another address", { address: () => Promise.resolve({ address: "10.40.0.12", names: [] }) }],
    ["another authority", { nodeAuthorityArn: OTHER_KEY }],
    ["a later time than they are good for", { now: () => new Date("2026-11-22T12:10:00Z") }],
  ])("are issued anew for %s", async (_, change) => {
    await certificates().ensure();
    expect(await certificates(change).ensure()).toEqual(ONE_UNIT);
    expect(await certificates(change).ensure()).toEqual([]);
  });

  test("one that is not whole is made anew, and no other", async () => {
    const { pem, keyStore } = JOB_MANAGER_TLS;
    const node = nodeWith([JOB_MANAGER_UNIT, TASK_MANAGER_UNIT]);
    await certificates({ node }).ensure();
    const faults: Record<string, () => void> = {
      "the key pair is gone": () => fs.rmSync(inRoot(pem)),
      "the key pair is cut": () => fs.truncateSync(inRoot(pem), 200),
      "the key store is gone": () => fs.rmSync(inRoot(keyStore)),
      "the key store is cut": () => fs.truncateSync(inRoot(keyStore), 1000),
      "the key store is empty": () => fs.truncateSync(inRoot(keyStore), 0),
      "the key store is another one's": () => fs.copyFileSync(inRoot(TASK_MANAGER_TLS.keyStore), inRoot(keyStore)),
    };
    for (const [fault, spoil] of Object.entries(faults)) {
      spoil();
      expect([fault, await certificates({ node }).ensure()]).toEqual([fault, [JOB_MANAGER_UNIT]]);
    }
    expect(await certificates({ node }).ensure()).toEqual([]);
  });

  test("are three where ZooKeeper runs and two where it does not", async () => {
    expect(await certificates({ node: nodeWith(ALL_UNITS.slice(1)) }).ensure()).toEqual(ALL_UNITS.slice(1));
    expect(fs.existsSync(inRoot(ZOOKEEPER_TLS.pem))).toBe(false);
  });

  test("wait for who signs, and leave nothing half done", async () => {
    keys.away = true;
    await expect(certificates().ensure()).rejects.toThrow("away");
    keys.away = false;
    expect(await certificates().ensure()).toEqual(ONE_UNIT);
  });

  test("a signature that the authority's key does not verify is refused", async () => {
    const sign = () => Promise.resolve(Buffer.alloc(384));
    const publicKey = (arn: string) => Promise.resolve(KEYS.get(arn)!.publicKey);
    await expect(
      certificates({ services: { keys: { sign, publicKey }, privateAuthorities } }).ensure(),
    ).rejects.toThrow("does not verify");
    expect(fs.existsSync(inRoot(NODE_AUTHORITY))).toBe(false);
  });

  test("are told of in the report, with the authority's certificate and no key", async () => {
    const all = certificates();
    await all.ensure();
    const report = all.report();
    expect(new X509Certificate(report.nodeAuthority).verify(createPublicKey(KEYS.get(NODE_KEY)!.privateKey))).toBe(
      true,
    );
    expect(report.renewalDueAt).toBe("2026-11-22T12:06:40.000Z");
    expect(report.issued).toEqual([
      {
        process: "jobmanager",
        subject: "O=orders, OU=jobmanager, CN=orders-node-1",
        serialNumber: serial(),
        notBefore: "2026-11-22T11:55:00.000Z",
        notAfter: "2026-11-22T12:10:00.000Z",
      },
    ]);
    expect(JSON.stringify(report)).not.toContain("PRIVATE");
  });

  test("two nodes have the same authority, byte for byte", async () => {
    const all = [certificates(), certificates()];
    await all[0].ensure();
    fs.rmSync(inRoot(TLS), { recursive: true });
    for (const { folder } of [ZOOKEEPER_TLS, JOB_MANAGER_TLS, TASK_MANAGER_TLS]) {
      fs.mkdirSync(inRoot(folder), { recursive: true });
    }
    await all[1].ensure();
    expect(all[1].report().nodeAuthority).toBe(all[0].report().nodeAuthority);
  });

  test("Java finds one key in the key store, one authority for the inside and both for the REST API", async () => {
    await certificates().ensure();
    const list = (file: string) =>
      execFileSync("keytool", ["-list", "-v", "-keystore", inRoot(file), "-storepass", STORE_PASSWORD], {
        encoding: "utf8",
        stdio: "pipe",
        env: { ...process.env, LC_ALL: "C" },
      }).match(/^Owner: .*$/gm);
    const [node, client] = ["node", "client"].map((kind) => `Owner: CN=Flink ${kind} authority, O=orders`);
    expect(list(INTERNAL_TRUST_STORE)).toEqual([node]);
    expect(list(REST_TRUST_STORE)!.sort()).toEqual([client, node].sort());
    expect(list(JOB_MANAGER_TLS.keyStore)).toEqual(["Owner: CN=orders-node-1, OU=jobmanager, O=orders", node]);
  });
});

describe("the address of a node", () => {
  const interfaces = (address: string) => () =>
    ({ ens5: [{ address, family: "IPv4", internal: false }] }) as unknown as ReturnType<typeof networkInterfaces>;

  test("is what its name stands for", async () => {
    const names = () => Promise.resolve(["IP-127-0-0-1.Internal.", "no name"]);
    expect(await ownAddress("127.0.0.1", interfaces("127.0.0.1"), names)).toEqual({
      address: "127.0.0.1",
      names: ["ip-127-0-0-1.internal"],
    });
  });

  test.each(["ENOTFOUND", "ENODATA", "EREFUSED"])("has no name where the resolver answers %s", async (code) => {
    const none = () => Promise.reject(Object.assign(new Error(code), { code }));
    expect((await ownAddress("127.0.0.1", interfaces("127.0.0.1"), none)).names).toEqual([]);
  });

  test("has a name that nobody knows where the resolver does not answer: that is no reason not to start", async () => {
    const away = () => Promise.reject(Object.assign(new Error("queryPtr ETIMEOUT"), { code: "ETIMEOUT" }));
    expect(await ownAddress("127.0.0.1", interfaces("127.0.0.1"), away)).toEqual({
      address: "127.0.0.1",
      names: undefined,
    });
  });

  test("is refused where it is somebody else's", async () => {
    await expect(ownAddress("127.0.0.1", interfaces("10.40.0.12"))).rejects.toThrow(
      "127.0.0.1 stands for 127.0.0.1, which is no address of this machine",
    );
  });
});
