import * as http from "http";
import type { AddressInfo } from "net";
import { SecretsManager } from "../../lib/node/agent/connections/secrets-manager";
import { describeError } from "../../lib/node/agent/log";
import type { SessionCredentials } from "../../lib/node/agent/sts";

const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_orders-AbCdEf";

describe("the agent at Secrets Manager", () => {
  let server: http.Server;
  let answer: { status: number; text: string };
  let credentials: SessionCredentials | undefined;
  const requests: { headers: http.IncomingHttpHeaders; body: string }[] = [];

  beforeEach(async () => {
    requests.splice(0);
    credentials = {
      ...{ accessKeyId: "ASIAJOBS", secretAccessKey: "key", sessionToken: "session-of-jobs" },
      expiration: new Date(Date.now() + 3_600_000),
    };
    server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        requests.push({ headers: request.headers, body });
        response.writeHead(answer.status, { connection: "close" }).end(answer.text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  function read(): Promise<string> {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = { get: () => Promise.resolve(credentials) };
    return new SecretsManager({ region: "eu-west-1", endpoint, credentials: source, holders: "jobs" }).read(ARN);
  }

  async function failure(): Promise<string> {
    return describeError(await read().catch((error: unknown) => error));
  }

  test("reads a secret as it is now, with the credentials of jobs", async () => {
    answer = { status: 200, text: JSON.stringify({ ARN, SecretString: "the secret" }) };
    expect(await read()).toBe("the secret");
    const [{ headers, body }] = requests;
    expect(JSON.parse(body)).toEqual({ SecretId: ARN });
    expect(headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "secretsmanager.GetSecretValue",
      "x-amz-security-token": "session-of-jobs",
    });
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIAJOBS\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, /,
    );
  });

  test("asks nothing without credentials of jobs: the machine's own may read none", async () => {
    credentials = undefined;
    expect(await failure()).toBe("there are no credentials of the role of jobs to read its secret with");
    expect(requests).toEqual([]);
  });

  test.each<[string, number, string, string]>([
    ["that it may not", 400, '{"__type":"AccessDeniedException","Message":"no"}', "AccessDeniedException: no"],
    [
      "that there is none",
      400,
      '{"__type":"com.amazonaws.secretsmanager#ResourceNotFoundException","message":"not found"}',
      "ResourceNotFoundException: not found",
    ],
    ["a code alone", 500, '{"__type":"InternalServiceError"}', "InternalServiceError: HTTP 500 from Secrets Manager"],
    ["as somebody else", 502, "<html>", "HTTP 502 from Secrets Manager"],
    ["as somebody else, and well", 200, "<html>", "the answer of HTTP 200 is not one of Secrets Manager"],
    ["bytes", 200, '{"SecretBinary":"czNjcmV0"}', "its secret holds bytes: store it as a text"],
  ])("tells in one sentence when it answers %s", async (_, status, text, sentence) => {
    answer = { status, text };
    expect(await failure()).toBe(sentence);
  });
});
