import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { createServer, Server } from "node:http";
import { AddressInfo } from "node:net";
import { execFileSync } from "node:child_process";
import { sign, X509Certificate } from "node:crypto";
import { createServer as createTlsServer, get } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { parse } from "yaml";
import { authorityCertificate, trustAnchor } from "../../lib/core/x509/authority";
import { authorityAlias } from "../../lib/core/x509/authority-names";
import { PrivateCaError } from "../../lib/core/private-ca/private-ca";
import { issue } from "../../lib/core/x509/leaf";
import { certificatesPem, keyPem } from "../../lib/core/x509/pem";
import { clientCertificate } from "../../lib/software/client-certificate";
import { clientFiles, writeClientFiles } from "../../lib/software/client-files";
import { privateCaEndpoint } from "../../lib/software/private-ca-endpoint";
import { Problem } from "../../lib/software/problem";
import { LocalKey, localAuthority, localKey } from "../support/local-authority";
import { LocalPrivateCa } from "../support/local-private-ca";

jest.mock<typeof import("../support/few-key-pairs")>("../../lib/core/x509/key-pair", () =>
  jest.requireActual("../support/few-key-pairs"),
);

const keys = { node: localKey(), client: localKey() };
const node = localAuthority("node", "orders", keys.node);
const client = localAuthority("client", "orders", keys.client);
const BY_ALIAS: Record<string, LocalKey> = {
  [authorityAlias("node", "orders")]: keys.node,
  [authorityAlias("client", "orders")]: keys.client,
};

/** Plays KMS and S3: one answers JSON by the target in a header, the other objects by their paths. */
class Services {
  public readonly reports = new Map<string, object>();
  /** Action that is not allowed. */
  public denied = "";
  private readonly server: Server;

  public constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
        const answer = target
          ? this.kms(target, JSON.parse(Buffer.concat(chunks).toString()) as KmsCall)
          : this.s3(request.url!);
        response.writeHead(answer.status, {
          "content-type": target ? "application/x-amz-json-1.1" : "application/xml",
        });
        response.end(answer.body);
      });
    });
    // A call of keytool may stop this process, and with it both ends, for longer than the usual five seconds: the server
    // would then end the connection at the very moment at which the client uses it again.
    this.server.keepAliveTimeout = 0;
  }

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  private kms(action: string, { KeyId, Message }: KmsCall): { status: number; body: string } {
    const error = (type: string) => ({ status: 400, body: JSON.stringify({ __type: type, message: type }) });
    const key = BY_ALIAS[KeyId];
    if (!key) return error("NotFoundException");
    if (action === this.denied) return error("AccessDeniedException");
    const result =
      action === "GetPublicKey"
        ? { PublicKey: key.publicKey.export({ type: "spki", format: "der" }).toString("base64") }
        : { Signature: sign("sha256", Buffer.from(Message!, "base64"), key.privateKey).toString("base64") };
    return { status: 200, body: JSON.stringify(result) };
  }

  private s3(url: string): { status: number; body: string } {
    const { pathname, searchParams } = new URL(url, "http://x");
    if (searchParams.get("list-type") === "2") {
      const contents = [...this.reports.keys()].map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
      return { status: 200, body: `<ListBucketResult>${contents}</ListBucketResult>` };
    }
    const report = this.reports.get(pathname.replace("/bucket/", ""));
    return report
      ? { status: 200, body: JSON.stringify(report) }
      : { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" };
  }
}

interface KmsCall {
  readonly KeyId: string;
  readonly Message?: string;
}

describe("a certificate for an operator", () => {
  const environment = process.env;
  const services = new Services();
  let folder: string;
  let options: Omit<Parameters<typeof clientCertificate>[0], "validitySeconds">;
  let nodeAuthority: X509Certificate;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "client-certificate-"));
    nodeAuthority = await authorityCertificate(node.name, node.key, node.sign);
    const endpoint = await services.start();
    const shared = {
      endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      maxAttempts: 1,
    };
    options = {
      from: { client: new S3Client({ ...shared, forcePathStyle: true }), bucket: "bucket", cluster: "orders" },
      kms: new KMSClient(shared),
    };
  });

  afterAll(async () => {
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    process.env = environment;
    services.denied = "";
    services.reports.clear();
    report("orders-node-2", nodeAuthority);
  });

  function report(name: string, certificate: X509Certificate): void {
    const certificates = { nodeAuthority: certificate.toString(), issued: [], renewalDueAt: "2026-11-22T12:00:00Z" };
    services.reports.set(`reports/orders/${name}.json`, { schemaVersion: 1, status: "healthy", certificates });
  }

  const make = (changes: Partial<Parameters<typeof clientCertificate>[0]> = {}) =>
    clientCertificate({ ...options, validitySeconds: 43_200, ...changes });

  test("is signed by the client authority, for a client and nothing else, and ends soon", async () => {
    const now = new Date("2026-11-22T12:00:00Z");
    const { certificate, key } = await make({ now });
    expect(certificate.verify(client.key)).toBe(true);
    expect(certificate.issuer).toBe("O=orders\nCN=Flink client authority");
    expect(certificate.subject).toBe("O=orders\nCN=Flink operator");
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(certificate.validTo).toBe("Nov 23 00:00:00 2026 GMT");
  });

  test("comes with the node authority that a node reports, if KMS has its key, whatever else is reported", async () => {
    const forged = localAuthority("node", "orders");
    report("orders-node-1", await authorityCertificate(forged.name, forged.key, forged.sign));
    services.reports.set("reports/orders/orders-node-0.json", {
      ...{ schemaVersion: 1, status: "healthy", certificates: { nodeAuthority: "x", issued: [], renewalDueAt: "" } },
    });
    expect((await make()).nodeAuthority.raw.equals(nodeAuthority.raw)).toBe(true);

    services.reports.delete("reports/orders/orders-node-2.json");
    await expect(make()).rejects.toThrow(
      "no node of orders has reported a certificate of the cluster's node authority",
    );
    // The right key and nobody's signature.
    report("orders-node-2", trustAnchor(node.name, node.key));
    await expect(make()).rejects.toThrow(Problem);
  });

  test.each([
    ["Sign", "kms:Sign with alias/cdktf-flink/orders/client-authority is not allowed"],
    ["GetPublicKey", "kms:GetPublicKey with alias/cdktf-flink/orders/client-authority is not allowed"],
  ])("without leave to %s is refused in one sentence", async (denied, sentence) => {
    services.denied = denied;
    await expect(make()).rejects.toThrow(sentence);
  });

  test("of a cluster that is not there is refused in one sentence", async () => {
    await expect(make({ from: { ...options.from, cluster: "bills" } })).rejects.toThrow(
      "there is no key alias/cdktf-flink/bills/client-authority in this region: check --cluster bills and --region",
    );
  });

  test("without credentials is refused with the name of the profile that has none", async () => {
    const credentials = () =>
      Promise.reject(Object.assign(new Error("Not signed in."), { name: "CredentialsProviderError" }));
    process.env = { ...environment, AWS_PROFILE: "nope" };
    await expect(make({ kms: new KMSClient({ region: "eu-west-1", credentials }) })).rejects.toThrow(
      "no AWS credentials were found for the profile nope: sign in, or set AWS_PROFILE (Not signed in)",
    );
  });

  describe("of an authority of AWS Private CA", () => {
    const ca = new LocalPrivateCa();
    const root = ca.create("Root");
    const [nodeAuthorityArn, clientAuthorityArn] = [ca.create("Nodes", root), ca.create("Clients", root)];
    const belowNodes = ca.create("Clients of a team", ca.create("Clients below nodes", nodeAuthorityArn));
    const privateAuthorities = { service: ca, nodeAuthorityArn, clientAuthorityArn };

    beforeEach(async () => {
      ca.issued.length = 0;
      report("orders-node-1", (await ca.chain(nodeAuthorityArn))[0]);
    });

    test("is made by the client authority, for a client and nothing else, and nobody is asked in KMS", async () => {
      services.denied = "GetPublicKey";
      const made = await make({ privateAuthorities });
      expect(made.certificate.verify(made.clientAuthority.publicKey)).toBe(true);
      expect([made.clientAuthority.subject, made.nodeAuthority.subject]).toEqual(["CN=Clients", "CN=Nodes"]);
      expect(made.certificate.subject).toBe("O=orders\nCN=Flink operator");
      expect(made.certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
      expect(made.certificate.checkPrivateKey(made.key)).toBe(true);
      expect(ca.issued).toEqual(["EndEntityClientAuthCertificate"]);
    });

    test.each([
      [
        "the other way round",
        { nodeAuthorityArn: clientAuthorityArn, clientAuthorityArn: nodeAuthorityArn },
        "no node of",
      ],
      ["both the node authority", { clientAuthorityArn: nodeAuthorityArn }, "which is the node authority or below it"],
      [
        "of which one is below the other",
        { clientAuthorityArn: belowNodes },
        "which is the node authority or below it",
      ],
      ["another cluster's", { nodeAuthorityArn: ca.create("Others", root) }, "no node of orders has reported"],
    ])("is not asked for where the two are %s", async (_, changes, sentence) => {
      await expect(make({ privateAuthorities: { ...privateAuthorities, ...changes } })).rejects.toThrow(sentence);
      expect(ca.issued).toEqual([]);
    });

    test("that refuses is told of in one sentence", async () => {
      const service = {
        chain: ca.chain.bind(ca),
        collect: ca.collect.bind(ca),
        order: () =>
          Promise.reject(new PrivateCaError("AccessDeniedException", "no identity-based policy allows it", 400)),
      };
      await expect(make({ privateAuthorities: { ...privateAuthorities, service } })).rejects.toThrow(
        `the authority ${clientAuthorityArn} refused: AccessDeniedException: no identity-based policy allows it`,
      );
    });

    test.each([
      [clientAuthorityArn, {}, "https://acm-pca.eu-west-1.amazonaws.com"],
      [
        clientAuthorityArn.replace("aws:", "aws-cn:").replace("eu-west-1", "cn-north-1"),
        {},
        "https://acm-pca.cn-north-1.amazonaws.com.cn",
      ],
      [clientAuthorityArn, { AWS_ENDPOINT_URL: "http://localhost:1" }, "http://localhost:1"],
      [
        clientAuthorityArn,
        { AWS_ENDPOINT_URL: "x", AWS_ENDPOINT_URL_ACM_PCA: "http://localhost:2" },
        "http://localhost:2",
      ],
    ])("is asked for where %s answers", (arn, environment, endpoint) => {
      expect(privateCaEndpoint(arn, environment)).toBe(endpoint);
    });
  });

  test("lies in files that each tool takes, of which those with the key are for their owner alone", async () => {
    const made = await make();
    const files = writeClientFiles(path.join(folder, "out"), made);
    expect(files).toEqual(clientFiles(path.join(folder, "out")));
    const modes = Object.values(files).map((file) => [path.basename(file), (statSync(file).mode & 0o777).toString(8)]);
    expect(Object.fromEntries(modes)).toEqual({
      "client.pem": "644",
      "client-key.pem": "600",
      "node-authority.pem": "644",
      "client.p12": "600",
      "truststore.jks": "644",
      "flink-config.yaml": "600",
    });
    const configuration = parse(readFileSync(files.flinkConfiguration, "utf8")) as Record<string, string>;
    expect(configuration).toMatchObject({
      "security.ssl.rest.enabled": "true",
      "security.ssl.rest.authentication-enabled": "true",
      "security.ssl.rest.keystore": files.keyStore,
      "security.ssl.rest.truststore": files.trustStore,
    });
    const owners = (file: string) =>
      execFileSync("keytool", ["-list", "-v", "-keystore", file, "-storepass", "changeit"], {
        encoding: "utf8",
        stdio: "pipe",
        env: { ...process.env, LC_ALL: "C" },
      })
        .match(/^Owner: .*$/gm)!
        .sort();
    expect(owners(files.keyStore)).toEqual(["Owner: CN=Flink operator, O=orders"]);
    expect(owners(files.trustStore)).toEqual([
      "Owner: CN=Flink client authority, O=orders",
      "Owner: CN=Flink node authority, O=orders",
      "Owner: CN=Flink operator, O=orders",
    ]);
  });

  test("is written over an earlier one, and over nobody else's files but by force", async () => {
    const made = await make();
    const out = path.join(folder, "again");
    const files = writeClientFiles(out, made);
    expect(statSync(out).mode & 0o777).toBe(0o700);
    expect(() => writeClientFiles(out, made)).not.toThrow();

    const foreign = path.join(folder, "foreign");
    mkdirSync(foreign);
    const victim = path.join(folder, "victim");
    writeFileSync(victim, "precious");
    const { key } = clientFiles(foreign);
    symlinkSync(victim, key);
    expect(() => writeClientFiles(foreign, made)).toThrow(
      /^--out is ".*\/foreign", .*client-key\.pem .*: name another folder, or give --force to write over it$/,
    );
    expect(readdirSync(foreign)).toEqual(["client-key.pem"]);
    writeClientFiles(foreign, made, true);
    expect(lstatSync(key).isFile()).toBe(true);
    expect(readFileSync(key)).toEqual(readFileSync(files.key));
    expect(readFileSync(victim, "utf8")).toBe("precious");
  });

  test("opens a server of a node that trusts both authorities, and none that trusts nodes only", async () => {
    const files = writeClientFiles(path.join(folder, "call"), await make());
    const own = await issue(
      {
        subject: { organization: "orders", commonName: "orders-node-1" },
        hosts: ["localhost"],
        addresses: ["127.0.0.1"],
        serverAuth: true,
        validitySeconds: 600,
      },
      node,
      new Date(),
    );
    const call = async (...trusted: X509Certificate[]): Promise<string> => {
      const options = { key: keyPem(own.key), cert: certificatesPem(own.certificate), ca: certificatesPem(...trusted) };
      const server = createTlsServer({ ...options, requestCert: true, maxVersion: "TLSv1.2" }, (_, answer) =>
        answer.end("in"),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const [ca, cert, key] = [files.nodeAuthority, files.certificate, files.key].map((file) => readFileSync(file));
      try {
        return await new Promise((resolve) => {
          get({ host: "127.0.0.1", port, ca, cert, key, agent: false }, (answer) =>
            answer.on("data", (text) => resolve(String(text))),
          ).on("error", () => resolve("out"));
        });
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    };
    expect(await call(nodeAuthority, trustAnchor(client.name, client.key))).toBe("in");
    expect(await call(nodeAuthority)).toBe("out");
  });
});
