import { createServer, Server } from "node:http";
import { AddressInfo } from "node:net";
import { PrivateCa } from "../../lib/core/private-ca/private-ca";
import { certificatesPem } from "../../lib/core/x509/pem";
import { LocalPrivateCa } from "../support/local-private-ca";

interface Call {
  readonly action: string;
  readonly parameters: Record<string, unknown>;
}

/** What it answers: a status and JSON, or nothing at all. */
type Answer = readonly [status: number, body: object] | "hangs up";

const IN_PROGRESS: Answer = [400, { __type: "RequestInProgressException", message: "still being made" }];
const BUSY: Answer = [400, { __type: "com.amazonaws.acmpca#ThrottlingException" }];
const ILL: Answer = [503, {}];
const DENIED: Answer = [400, { __type: "AccessDeniedException", Message: "no policy allows it" }];
const ARN = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/01234567-89ab-cdef-0123-456789abcdef";
const VALIDITY = { notBefore: new Date("2026-11-22T11:55:00Z"), notAfter: new Date("2026-11-22T13:00:00.700Z") };
const CSR = "-----BEGIN CERTIFICATE REQUEST-----";

describe("AWS Private CA", () => {
  const calls: Call[] = [];
  let answers: Answer[];
  let server: Server;
  let pem: string;
  let service: PrivateCa;

  beforeAll(async () => {
    const local = new LocalPrivateCa();
    pem = certificatesPem((await local.chain(local.create("Nodes")))[0]);
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const target = String(request.headers["x-amz-target"]);
        calls.push({
          action: target.replace("ACMPrivateCA.", ""),
          parameters: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
        });
        const answer = answers.shift() ?? IN_PROGRESS;
        if (answer === "hangs up") return void request.socket.destroy();
        const [status, body] = answer;
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    service = waitingFor(30_000);
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  beforeEach(() => {
    calls.length = 0;
  });

  function waitingFor(patienceMillis: number): PrivateCa {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = () => Promise.resolve({ accessKeyId: "x", secretAccessKey: "y" });
    return new PrivateCa({ endpoint, credentials, pauseMillis: 1, patienceMillis });
  }

  const issue = async () => service.collect(ARN, await service.order(ARN, CSR, VALIDITY, "EndEntityCertificate"));
  const actions = () => calls.map(({ action }) => action);

  test("is asked for a certificate as its API wants it", async () => {
    answers = [
      [200, { CertificateArn: `${ARN}/certificate/1` }],
      [200, { Certificate: pem, CertificateChain: pem }],
    ];
    expect(certificatesPem(await issue())).toBe(pem);
    expect(calls).toEqual([
      {
        action: "IssueCertificate",
        parameters: {
          CertificateAuthorityArn: ARN,
          IdempotencyToken: expect.stringMatching(/^[0-9a-f]{36}$/) as string,
          Csr: Buffer.from(CSR).toString("base64"),
          SigningAlgorithm: "SHA256WITHRSA",
          TemplateArn: "arn:aws:acm-pca:::template/EndEntityCertificate/V1",
          Validity: { Type: "ABSOLUTE", Value: 1795352400 },
          ValidityNotBefore: { Type: "ABSOLUTE", Value: 1795348500 },
        },
      },
      {
        action: "GetCertificate",
        parameters: { CertificateAuthorityArn: ARN, CertificateArn: `${ARN}/certificate/1` },
      },
    ]);
  });

  test("is waited for while it is busy, ill, out of reach or at work, and makes one certificate", async () => {
    answers = [
      BUSY,
      "hangs up",
      [200, { CertificateArn: "x" }],
      IN_PROGRESS,
      ILL,
      "hangs up",
      [200, { Certificate: pem }],
    ];
    expect(certificatesPem(await issue())).toBe(pem);
    const asked = calls.filter(({ action }) => action === "IssueCertificate");
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ parameters }) => parameters.IdempotencyToken)).size).toBe(1);
    expect(actions().slice(3)).toEqual(Array(4).fill("GetCertificate"));
  });

  test("is not waited for without end", async () => {
    answers = [];
    await expect(waitingFor(200).collect(ARN, "x")).rejects.toThrow("RequestInProgressException: still being made");
  });

  test("that refuses is asked once", async () => {
    answers = [DENIED];
    await expect(issue()).rejects.toMatchObject({
      code: "AccessDeniedException",
      message: expect.stringContaining("no policy") as string,
    });
    expect(actions()).toEqual(["IssueCertificate"]);
  });

  test("tells an authority's certificate and those above it", async () => {
    answers = [[200, { Certificate: pem, CertificateChain: pem + pem }]];
    expect(await service.chain(ARN)).toHaveLength(3);
    answers = [[200, { Certificate: pem }]];
    expect(await service.chain(ARN)).toHaveLength(1);
    answers = [[200, {}]];
    await expect(service.chain(ARN)).rejects.toThrow("answered without a certificate");
  });
});
