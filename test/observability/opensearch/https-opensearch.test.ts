import { createServer, type Server } from "node:https";
import { createServer as createPlainServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { HttpsOpenSearch, type HttpsOpenSearchOptions } from "../../../lib/observability/opensearch/https-opensearch";
import { createAuthority, Issuer } from "../../lab/authority";
import { signatureProblem } from "../../lab/judge/signature";
import { freePort } from "../../support/free-port";

const NAME = "search.example.internal";

interface Asked {
  readonly method?: string;
  readonly url?: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

let server: Server;
let authority: string;
let port: number;
let asked: Asked[] = [];
let answer: { status: number; text: string };
let opensearch: HttpsOpenSearch | undefined;

beforeAll(async () => {
  const signing = await createAuthority();
  authority = signing.certificate;
  const { key, certificate: cert } = await new Issuer(signing).certificateFor(NAME);
  server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      asked.push({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  asked = [];
  answer = { status: 200, text: '{"took":1}' };
});

afterEach(async () => {
  await opensearch?.close();
  opensearch = undefined;
});

afterAll(() => new Promise<unknown>((resolve) => server.close(resolve)));

const BASIC = { kind: "basic", user: "keeper", password: "päss:word" } as const;

function client(options: Partial<HttpsOpenSearchOptions> = {}): HttpsOpenSearch {
  return (opensearch = new HttpsOpenSearch({
    url: `https://${NAME}:${port}`,
    login: BASIC,
    certificateAuthorities: authority,
    connectTo: { host: "127.0.0.1", port },
    ...options,
  }));
}

test("it calls by the near end of a tunnel under its own name, as a user", async () => {
  const body = { query: { term: { message: "ä" } } };
  const got = await client().call({ method: "POST", path: "/logs-19*.*.*,logs-20*.*.*/_search?size=1", body });
  expect(got).toEqual({ status: 200, body: { took: 1 } });
  const [{ headers, ...rest }] = asked;
  const url = "/logs-19%2A.%2A.%2A%2Clogs-20%2A.%2A.%2A/_search?size=1";
  expect(rest).toEqual({ method: "POST", url, body: JSON.stringify(body) });
  expect(headers).toMatchObject({
    host: `${NAME}:${port}`,
    authorization: `Basic ${Buffer.from("keeper:päss:word").toString("base64")}`,
    "content-type": "application/json",
  });
});

test("an answer of any status is one, and what is no JSON has no body", async () => {
  answer = { status: 502, text: "<html>" };
  expect(await client().call({ method: "GET", path: "/" })).toEqual({ status: 502, body: undefined });
});

test("it signs for Amazon OpenSearch Service what it sends, with all that the path says", async () => {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "session" };
  const login = { kind: "iam", region: "eu-west-1", credentials } as const;
  await client({ login }).call({
    method: "PUT",
    path: "/_plugins/_ism/policies/a?if_seq_no=1&if_primary_term=2",
    body: {},
  });
  const [{ headers, url }] = asked;
  expect(url).toBe("/_plugins/_ism/policies/a?if_seq_no=1&if_primary_term=2");
  expect(headers["x-amz-security-token"]).toBe("session");
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/es\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
  );
});

test("the signature is over the path as it is sent, encoded once more, with wildcards and commas too", async () => {
  const session = { kind: "role session", sessionArn: "arn:aws:sts::123456789012:assumed-role/people/me" } as const;
  const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "session", expires: Infinity };
  const login = { kind: "iam", region: "eu-west-1", credentials: { ...key, expiration: undefined } } as const;
  await client({ login }).call({ method: "POST", path: "/logs-19*.*.*,logs-20*.*.*/_search?size=1", body: {} });
  const [{ headers, url = "", body }] = asked;
  const [path] = url.split("?");
  // Nothing that a door could encode in a way of its own.
  expect(path).toMatch(/^[A-Za-z0-9/_.%-]+$/);
  const call = {
    ...{ from: "127.0.0.1", tls: true, host: `${NAME}:${port}`, method: "POST", service: "es", action: "POST" },
    ...{ headers, body: Buffer.from(body), path: url },
  };
  expect(await signatureProblem(call, { ...key, session })).toBeUndefined();
});

const TUNNEL =
  "where it lies in a network of its own, run the command on a machine there, or open a tunnel and name its near end with --connect-to";

describe("what keeps an answer away is one sentence:", () => {
  const call = (options: Partial<HttpsOpenSearchOptions>) => client(options).call({ method: "GET", path: "/" });

  test("an authority that is not trusted", async () => {
    const other = (await createAuthority()).certificate;
    await expect(call({ certificateAuthorities: other })).rejects.toThrow(
      new RegExp(
        `^the certificate of ${NAME} is not trusted \\(.+\\): name the file of the authorities that sign it with --ca$`,
      ),
    );
    expect(asked).toEqual([]);
  });

  test("a certificate for another name, whatever it is connected to", async () => {
    await expect(call({ url: `https://other.example.internal:${port}` })).rejects.toThrow(
      /^the certificate of other\.example\.internal is not trusted \(Hostname\/IP does not match .+\): name the file/,
    );
    expect(asked).toEqual([]);
  });

  test("nobody listens", async () => {
    const free = await freePort();
    await expect(call({ connectTo: { host: "127.0.0.1", port: free } })).rejects.toThrow(
      `nobody listens at 127.0.0.1:${free}: check the port; ${TUNNEL}`,
    );
  });

  test("no such name", async () => {
    await expect(call({ url: "https://nowhere.invalid:9200", connectTo: undefined })).rejects.toThrow(
      `the name nowhere.invalid cannot be resolved: check it; ${TUNNEL}`,
    );
  });

  /** Something other than OpenSearch, for as long as it is used. */
  async function withListener(meet: (socket: Socket) => void, use: (at: number) => Promise<void>): Promise<void> {
    const sockets: Socket[] = [];
    const listener = createPlainServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      meet(socket);
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    try {
      await use((listener.address() as AddressInfo).port);
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    }
  }

  test("no TLS", () =>
    withListener(
      (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
      (at) =>
        expect(call({ connectTo: { host: "127.0.0.1", port: at } })).rejects.toThrow(
          new RegExp(`^127\\.0\\.0\\.1:${at} does not speak TLS`),
        ),
    ));

  test("no answer within the time", () =>
    withListener(
      () => undefined,
      (at) =>
        expect(call({ connectTo: { host: "127.0.0.1", port: at }, timeoutMillis: 100 })).rejects.toThrow(
          `127.0.0.1:${at} does not answer: ${TUNNEL}`,
        ),
    ));
});
