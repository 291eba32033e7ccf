import * as fs from "fs";
import * as http from "http";
import type { AddressInfo } from "net";
import * as path from "path";
import { logsRoleCredentials } from "../../../lib/node/log-exporter/logs-role-credentials";
import { NotDelivered } from "../../../lib/node/log-exporter/not-delivered";
import { temporaryFolder } from "../support/software";

describe("credentials of the logs role", () => {
  let folder: string;
  let server: http.Server;
  let tokens: (string | undefined)[];
  let answer: { status: number; body: object };

  beforeEach(async () => {
    folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, "token"), "of-this-boot");
    tokens = [];
    answer = endingIn(3600);
    server = http.createServer((request, response) => {
      tokens.push(request.headers.authorization);
      response.writeHead(answer.status, { connection: "close" }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    fs.rmSync(folder, { recursive: true });
  });

  function endingIn(seconds: number) {
    const Expiration = new Date(Date.now() + seconds * 1000).toISOString();
    return { status: 200, body: { AccessKeyId: "ASIALOGS", SecretAccessKey: "key", Token: "session", Expiration } };
  }

  function provider() {
    return logsRoleCredentials({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/log-credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path.join(folder, "token"),
    });
  }

  test("come from the agent, for the token that it has laid there", async () => {
    expect(await provider()()).toMatchObject({
      accessKeyId: "ASIALOGS",
      secretAccessKey: "key",
      sessionToken: "session",
    });
    expect(tokens).toEqual(["of-this-boot"]);
  });

  test("are asked for again five minutes before they end, and not before", async () => {
    const credentials = provider();
    await credentials();
    await credentials();
    expect(tokens).toHaveLength(1);
    answer = endingIn(299);
    const ending = provider();
    await ending();
    await ending();
    expect(tokens).toHaveLength(3);
  });

  test("are used to their end where there are no others", async () => {
    answer = endingIn(60);
    const credentials = provider();
    const first = await credentials();
    answer = { status: 503, body: {} };
    expect(await credentials()).toEqual(first);
    await expect(provider()()).rejects.toThrow("there are no credentials of the logs role: the agent answers HTTP 503");
  });

  test("that are not there are a reason to come again", async () => {
    await expect(logsRoleCredentials({})()).rejects.toThrow(NotDelivered);
    answer = { status: 200, body: {} };
    await expect(provider()()).rejects.toThrow(
      "there are no credentials of the logs role: the agent's answer holds none",
    );
  });
});
