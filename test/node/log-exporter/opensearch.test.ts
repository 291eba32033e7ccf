import * as fs from "fs";
import * as http from "http";
import * as net from "net";
import * as path from "path";
import { HttpsClient, HttpsClientOptions } from "../../../lib/node/log-exporter/https-client";
import type { LogEntry } from "../../../lib/node/log-exporter/log-document";
import { NotDelivered } from "../../../lib/node/log-exporter/not-delivered";
import { OpenSearchDestination } from "../../../lib/node/log-exporter/opensearch/opensearch-destination";
import { BasicLogin, OpenSearchLogin, SignedLogin } from "../../../lib/node/log-exporter/opensearch/opensearch-login";
import { temporaryFolder } from "../support/software";
import { flinkEntry } from "./support/entries";
import { HttpsHost } from "./support/https-host";

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:logs-AbCdEf";
const WHO = `the user of secret ${SECRET}`;
const NEVER = new AbortController().signal;

let host: HttpsHost;
let folder: string;
let loginFile: string;
beforeAll(async () => (host = await HttpsHost.start()));
afterAll(() => host.stop());
beforeEach(() => {
  folder = temporaryFolder();
  loginFile = path.join(folder, "login.json");
  fs.writeFileSync(loginFile, JSON.stringify({ username: "logs", password: "grün:x" }));
  host.requests.splice(0);
  host.answer = ({ body }) => bulkAnswer(ids(body).map(() => ({ status: 201 })));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

type Item = { status: number; error?: { type: string; reason: string } };

function bulkAnswer(items: readonly Item[]) {
  const body = JSON.stringify({ errors: true, items: items.map((create) => ({ create })) });
  return { status: 200, body };
}

/** Of the items of a body. */
function ids(body: string): string[] {
  const actions = body.split("\n").filter((line) => line.startsWith('{"create"'));
  return actions.map((line) => (JSON.parse(line) as { create: { _id: string } }).create._id);
}

function documents(body: string): Record<string, unknown>[] {
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith('{"create"'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function destination(options: Partial<HttpsClientOptions> = {}, login?: OpenSearchLogin): OpenSearchDestination {
  const { url, certificateAuthorities } = host;
  const client = new HttpsClient({ url, certificateAuthorities, timeoutSeconds: 20, ...options });
  return new OpenSearchDestination(client, login ?? new BasicLogin(loginFile, SECRET), "logs");
}

function write(entries: readonly LogEntry[], options?: Partial<HttpsClientOptions>): Promise<number> {
  return destination(options).write(entries, NEVER);
}

async function problem(options?: Partial<HttpsClientOptions>): Promise<string> {
  const error: unknown = await write([flinkEntry(1)], options).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(NotDelivered);
  return (error as Error).message;
}

describe("documents for OpenSearch", () => {
  test("go into the index of their day, whose name is in the path alone", async () => {
    const other = flinkEntry(2, { "@timestamp": "2026-11-28T23:59:59.999Z" });
    expect(await write([flinkEntry(1), other, flinkEntry(3)])).toBe(0);
    const urls = host.requests.map(({ url }) => url.split("?")[0]);
    expect(urls).toEqual(["/logs-2026.11.29/_bulk", "/logs-2026.11.28/_bulk"]);
    expect(host.requests.map(({ body }) => ids(body))).toEqual([[flinkEntry(1).id, flinkEntry(3).id], [other.id]]);
    expect(host.requests[0].body).not.toContain("_index");
    expect(documents(host.requests[1].body)).toEqual([other.document]);
  });

  test("are written with the login of the moment", async () => {
    const basic = (login: string) => `Basic ${Buffer.from(login).toString("base64")}`;
    const target = destination();
    await target.write([flinkEntry(1)], NEVER);
    fs.writeFileSync(loginFile, JSON.stringify({ username: "logs", password: "next" }));
    await target.write([flinkEntry(1)], NEVER);
    const shown = host.requests.map(({ headers }) => headers.authorization);
    expect(shown).toEqual([basic("logs:grün:x"), basic("logs:next")]);
  });

  test("are signed by the logs role where it is asked for, with its session", async () => {
    const identity = { accessKeyId: "ASIALOGS", secretAccessKey: "key", sessionToken: "session-of-logs" };
    const login = new SignedLogin(new URL(host.url), "eu-west-1", () => Promise.resolve(identity));
    await destination({}, login).write([flinkEntry(1)], NEVER);
    const [{ headers, url }] = host.requests;
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIALOGS\/\d{8}\/eu-west-1\/es\/aws4_request, SignedHeaders=[^,]*host[^,]*, /,
    );
    expect(headers).toMatchObject({ "x-amz-security-token": "session-of-logs", host: `localhost:${host.port}` });
    expect(url).toMatch(/^\/logs-2026\.11\.29\/_bulk\?filter_path=errors%2Citems\.create\.status/);
  });

  test("go over a connection that is kept, and over a new one where that was ended in between", async () => {
    const target = destination();
    const before = host.connections;
    await target.write([flinkEntry(1)], NEVER);
    await target.write([flinkEntry(2)], NEVER);
    expect(host.connections - before).toBe(1);
    host.answer = (_, number) => (number === 2 ? "cut" : bulkAnswer([{ status: 201 }]));
    await target.write([flinkEntry(3)], NEVER);
    expect(host.connections - before).toBe(2);
    expect(host.requests).toHaveLength(4);
  });

  test("that are there already are in", async () => {
    const error = { type: "version_conflict_engine_exception", reason: "document already exists" };
    host.answer = () => bulkAnswer([{ status: 409, error }, { status: 201 }]);
    expect(await write([flinkEntry(1), flinkEntry(2)])).toBe(0);
    expect(host.requests).toHaveLength(1);
  });

  test("that no index takes are written once more, as their line and why", async () => {
    const error = { type: "mapper_parsing_exception", reason: "failed to parse field [sequence]" };
    host.answer = ({ body }, number) =>
      number === 0
        ? bulkAnswer([{ status: 201 }, { status: 400, error }])
        : bulkAnswer(ids(body).map(() => ({ status: 201 })));
    const long = flinkEntry(2, { message: "ä".repeat(40_000) });
    expect(await write([flinkEntry(1), long])).toBe(0);
    expect(ids(host.requests[1].body)).toEqual([long.id]);
    const [document] = documents(host.requests[1].body);
    expect(document).toMatchObject({
      ...{ "@timestamp": long.document["@timestamp"], node: "orders-node-1", role: "taskmanager" },
      refused: "mapper_parsing_exception: failed to parse field [sequence]",
    });
    expect(document).not.toHaveProperty("sequence");
    expect(long.line().startsWith(document.message as string)).toBe(true);
    expect(Buffer.byteLength(document.message as string)).toBeLessThanOrEqual(32_000);
    expect(Buffer.byteLength(document.message as string)).toBeGreaterThan(31_990);
  });

  test("that are refused in that form too are counted", async () => {
    const error = { type: "mapper_parsing_exception", reason: "x" };
    host.answer = ({ body }) => bulkAnswer(ids(body).map(() => ({ status: 400, error })));
    expect(await write([flinkEntry(1), flinkEntry(2)])).toBe(2);
    expect(host.requests).toHaveLength(2);
  });

  test("that are too many for one request go in several", async () => {
    host.answer = ({ body }) =>
      body.length > 1500 ? { status: 413, body: "" } : bulkAnswer(ids(body).map(() => ({ status: 201 })));
    const entries = [1, 2, 3, 4, 5, 6, 7].map((sequence) => flinkEntry(sequence));
    expect(await write(entries)).toBe(0);
    const taken = host.requests.filter(({ body }) => body.length <= 1500).flatMap(({ body }) => ids(body));
    expect(taken).toEqual(entries.map(({ id }) => id));
  });

  test("of which one is too large alone is shortened", async () => {
    host.answer = ({ body }) =>
      body.length > 60_000 ? { status: 413, body: "" } : bulkAnswer(ids(body).map(() => ({ status: 201 })));
    expect(await write([flinkEntry(1, { message: "x".repeat(100_000) })])).toBe(0);
    expect(documents(host.requests.at(-1)!.body)[0]).toMatchObject({ refused: "the request is too large" });
  });
});

describe("what keeps documents from being written is one sentence", () => {
  const INDEX = "logs-2026.11.29";
  const said = (type: string, reason: string) => ({ type, reason });

  test.each<[string, Item, string]>([
    [
      "no right of the index",
      { status: 403, error: said("security_exception", "no permissions for [indices:data/write/index]") },
      `${WHO} may not write to index ${INDEX}: no permissions for [indices:data/write/index]`,
    ],
    [
      "a block",
      { status: 403, error: said("cluster_block_exception", "index [x] blocked by: read-only / allow delete") },
      `OpenSearch takes no documents in index ${INDEX}: index [x] blocked by: read-only / allow delete`,
    ],
    [
      "no index",
      { status: 404, error: said("index_not_found_exception", "no such index") },
      `index ${INDEX} is not there, and none is made: no such index`,
    ],
    [
      "too much to do",
      { status: 429, error: said("rejected_execution_exception", "queue is full") },
      "OpenSearch has too much to do: queue is full",
    ],
    [
      "no shard that works",
      { status: 503, error: said("unavailable_shards_exception", "primary shard is not active") },
      `OpenSearch does not take documents in index ${INDEX}: HTTP 503, unavailable_shards_exception: primary shard is not active`,
    ],
    [
      "no room for one index more, which says nothing about the document",
      { status: 400, error: said("validation_exception", "this action would add [2] shards") },
      `OpenSearch does not take documents in index ${INDEX}: HTTP 400, validation_exception: this action would add [2] shards`,
    ],
  ])("of an item: %s", async (_, item, sentence) => {
    host.answer = () => bulkAnswer([{ status: 201 }, item]);
    const error: unknown = await write([flinkEntry(1), flinkEntry(2)]).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(NotDelivered);
    expect((error as Error).message).toBe(sentence);
    // It is not shortened: it comes again as it is.
    expect(host.requests).toHaveLength(1);
  });

  test.each([
    [401, "Unauthorized", `OpenSearch refuses the login of ${WHO}: 401`],
    [
      403,
      '{"error":{"type":"security_exception","reason":"no permissions for [indices:data/write/bulk]"},"status":403}',
      `${WHO} may not write to index ${INDEX}: no permissions for [indices:data/write/bulk]`,
    ],
    [403, '{"Message":"User is not authorized"}', `${WHO} may not write to index ${INDEX}: User is not authorized`],
    [403, "<html>", `${WHO} may not write to index ${INDEX}: HTTP 403`],
    [429, '{"message":"429 Too Many Requests"}', "OpenSearch has too much to do: 429 Too Many Requests"],
    [502, "<html>", "what answers is not OpenSearch: HTTP 502"],
    [301, "", "what answers is not OpenSearch: HTTP 301"],
    [200, "<html>", "what answers is not OpenSearch: HTTP 200 without results"],
    [200, '{"items":[]}', "what answers is not OpenSearch: HTTP 200 without results"],
  ])("of a whole request: HTTP %s %s", async (status, body, sentence) => {
    host.answer = () => ({ status, body });
    expect(await problem()).toBe(sentence);
  });

  test("no login yet", async () => {
    for (const content of ["", "{", "{}", '{"username":"a"}']) {
      fs.writeFileSync(loginFile, content);
      expect(await problem()).toBe(`the login of secret ${SECRET} is not there yet`);
    }
    fs.rmSync(loginFile);
    expect(await problem()).toBe(`the login of secret ${SECRET} is not there yet`);
    expect(host.requests).toEqual([]);
  });

  test("nobody there", async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await problem({ url: `https://localhost:${port}` })).toBe(`localhost:${port} refuses the connection`);
  });

  test("no such name", async () => {
    const url = "https://search.invalid:9200";
    expect(await problem({ url })).toBe("the name search.invalid cannot be resolved");
  });

  test("a certificate of somebody else, or of another name", async () => {
    const other = await HttpsHost.start();
    await other.stop();
    const ca = other.certificateAuthorities;
    expect(await problem({ certificateAuthorities: ca })).toMatch(
      new RegExp(`^the certificate of localhost:${host.port} is not trusted: `),
    );
    expect(await problem({ certificateAuthorities: undefined })).toMatch(
      /^the certificate of localhost:\d+ is not trusted: /,
    );
    const url = host.url.replace("localhost", "ip6-localhost.localhost");
    expect(await problem({ url })).toMatch(/is not trusted: .*altnames|cannot be resolved/);
  });

  test("no TLS", async () => {
    const server = http.createServer((_, response) => response.end("x"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(await problem({ url: `https://localhost:${port}` })).toMatch(
      new RegExp(`^localhost:${port} (does not speak TLS|ended the connection)`),
    );
    await new Promise((resolve) => server.close(resolve));
  });

  test("an end without an answer", async () => {
    host.answer = () => "cut";
    expect(await problem()).toBe(`localhost:${host.port} ended the connection`);
  });

  test("no answer in time", async () => {
    host.answer = () => "silent";
    expect(await problem({ timeoutSeconds: 0.2 })).toBe(`localhost:${host.port} does not answer within 0.2 s`);
  });

  test("the one who asks has gone: the request ends", async () => {
    const gone = new AbortController();
    host.answer = () => (gone.abort(), "silent");
    await expect(destination().write([flinkEntry(1)], gone.signal)).rejects.toThrow(NotDelivered);
  });
});

describe("an HTTP proxy on the way", () => {
  let proxy: http.Server;
  let asked: string[];
  let refuses: boolean;
  const tunnels: net.Socket[] = [];

  beforeEach(async () => {
    [asked, refuses] = [[], false];
    proxy = http.createServer((_, response) => response.writeHead(400).end());
    proxy.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
      asked.push(request.url!);
      if (refuses) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      const there = net.connect(host.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        there.pipe(socket).pipe(there);
      });
      for (const each of [there, socket]) each.on("error", () => undefined);
      tunnels.push(socket, there);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    tunnels.splice(0).forEach((socket) => socket.destroy());
    await new Promise((resolve) => proxy.close(resolve));
  });

  function options(): Partial<HttpsClientOptions> {
    const { port } = proxy.address() as net.AddressInfo;
    return { proxy: { host: "127.0.0.1", port }, url: `https://localhost:${host.port}` };
  }

  test("leads to OpenSearch, whose certificate is checked all the same", async () => {
    expect(await write([flinkEntry(1)], options())).toBe(0);
    expect(asked).toEqual([`localhost:${host.port}`]);
    expect(await problem({ ...options(), certificateAuthorities: undefined })).toMatch(/is not trusted: /);
  });

  test("that does not lead there is not taken for OpenSearch", async () => {
    refuses = true;
    expect(await problem(options())).toBe("the proxy does not lead there: HTTP 403");
  });

  test("that is not there is named", async () => {
    const gone = options();
    await new Promise((resolve) => proxy.close(resolve));
    expect(await problem(gone)).toBe(`the proxy 127.0.0.1:${gone.proxy!.port} refuses the connection`);
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });
});
