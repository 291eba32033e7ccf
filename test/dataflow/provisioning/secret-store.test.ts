import { NOT_REACHED } from "../../../lib/dataflow/provisioning/function/problem";
import { SecretsManagerStore } from "../../../lib/dataflow/provisioning/function/secret-store";
import { SecretsServer } from "./secrets-server";

const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:writer-AbCdEf";

let server: SecretsServer;
let store: SecretsManagerStore;

beforeEach(async () => {
  server = await SecretsServer.start();
  store = new SecretsManagerStore({
    region: "eu-west-1",
    endpoint: server.endpoint,
    credentials: { accessKeyId: "ASIAFUNCTION", secretAccessKey: "key", sessionToken: "session" },
  });
});
afterEach(() => server.stop());

test("a secret holds nothing until something is written, and then that", async () => {
  expect(await store.read(ARN)).toBeUndefined();
  await store.write(ARN, "first");
  await store.write(ARN, "second");
  expect(await store.read(ARN)).toBe("second");
  const tokens = server.requests.map(({ body }) => body.ClientRequestToken).filter((token) => token !== undefined);
  expect(new Set(tokens).size).toBe(2);
});

test("calls are signed by the function's role", async () => {
  await store.read(ARN);
  expect(server.requests[0].headers).toMatchObject({
    "x-amz-target": "secretsmanager.GetSecretValue",
    "x-amz-security-token": "session",
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=ASIAFUNCTION\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, /,
    ) as string,
  });
});

test("a refusal is told in one sentence, with its code and without what was to be written", async () => {
  const refuse = () =>
    server.answers.push({ status: 400, body: { __type: "com.amazon#AccessDeniedException", Message: "not you" } });
  refuse();
  await expect(store.read(ARN)).rejects.toMatchObject({
    message: `GetSecretValue of the secret ${ARN} was refused: not you`,
    code: "AccessDeniedException",
  });
  refuse();
  const failure = (await store.write(ARN, "hunter2").catch((error: unknown) => error)) as Error;
  expect(failure.message).toBe(`PutSecretValue of the secret ${ARN} was refused: not you`);
  expect(failure.stack).not.toContain("hunter2");
});

test("a secret that is not there cannot be written", async () => {
  server.answers.push({ status: 400, body: { __type: "ResourceNotFoundException", Message: "no such secret" } });
  await expect(store.write(ARN, "text")).rejects.toThrow("no such secret");
});

test("an endpoint that is not there is told of by its name", async () => {
  const { endpoint } = server;
  await server.stop();
  await expect(store.read(ARN)).rejects.toMatchObject({
    message: expect.stringMatching(
      new RegExp(`^Secrets Manager at ${endpoint} is not reached: .*ECONNREFUSED`),
    ) as string,
    code: NOT_REACHED,
  });
  server = await SecretsServer.start();
});
