import { createHash } from "node:crypto";
import { once } from "node:events";
import { request, type IncomingHttpHeaders, type IncomingMessage, type RequestListener } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { CurrentWay } from "../../lib/operate/tunnel/current-way";
import type { RestNode } from "../../lib/operate/operated-cluster";
import { openWebDoor, type WebDoor } from "../../lib/operate/ui/web-door";
import { ClusterUnderTest } from "./cluster-under-test";

jest.mock<typeof import("../support/few-key-pairs")>("../../lib/core/x509/key-pair", () =>
  jest.requireActual("../support/few-key-pairs"),
);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Iterable<Buffer>;
}

let cluster: ClusterUnderTest;
let nodes: RestNode[];
let way: CurrentWay;
let door: WebDoor;
let address: URL;
/** What nodes were asked: their names and the requests. */
let asked: { readonly node: string; readonly message: IncomingMessage }[];

const answering =
  (node: string, answer: RequestListener): RequestListener =>
  (message, response) => {
    asked.push({ node, message });
    answer(message, response);
  };

/** What Flink would say: its own name, or what it was asked for. */
const flink: RequestListener = (message, response) => {
  if (message.url === "/away") return void response.writeHead(302, { location: "/#/overview" }).end();
  const digest = createHash("sha256");
  let bytes = 0;
  message.on("data", (chunk: Buffer) => {
    digest.update(chunk);
    bytes += chunk.length;
  });
  message.on("end", () => {
    response.writeHead(message.url === "/no" ? 404 : 200, {
      "content-type": "application/json",
      "access-control-allow-origin": "*",
      "set-cookie": "a=b",
    });
    response.end(JSON.stringify({ url: message.url, bytes, digest: digest.digest("hex") }));
  });
};

beforeAll(async () => {
  cluster = await ClusterUnderTest.create();
});
beforeEach(async () => {
  asked = [];
  cluster.opened.length = 0;
  nodes = [];
  for (const name of ["node-1", "node-2"]) nodes.push(await cluster.start(name, answering(name, flink)));
  way = new CurrentWay(cluster, () => Promise.resolve({ nodes }), cluster.tls);
  door = await openWebDoor({ way, tls: cluster.tls, port: 0 });
  address = new URL(door.address);
});
afterEach(async () => {
  await door.close();
  await way.close();
  await cluster.stopAll();
});

async function ask(path: string, { method = "GET", headers = {}, body = [] }: Ask = {}): Promise<Answer> {
  const { hostname, port } = address;
  const asking = request({ host: hostname, port, path, method, headers });
  for (const chunk of body) if (!asking.write(chunk)) await once(asking, "drain");
  asking.end();
  const [message] = (await once(asking, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return { status: message.statusCode!, headers: message.headers, body: Buffer.concat(chunks).toString() };
}

/** Opens the address as a browser does; gives the cookie. */
async function welcome(): Promise<string> {
  const { headers } = await ask(`${address.pathname}${address.search}`);
  return headers["set-cookie"]![0].split(";")[0];
}

test("a browser that opens the address is let in, by a cookie that no script, no other site and no other path gets", async () => {
  const { status, headers, body } = await ask(`${address.pathname}${address.search}`, {
    // As when a link in another program, or a page of a file, led there.
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect(status).toBe(200);
  expect(headers["set-cookie"]).toEqual([
    expect.stringMatching(
      new RegExp(`^cdktf_flink_ui=[\\w-]{43}; Path=${address.pathname}; HttpOnly; SameSite=Strict$`),
    ),
  ]);
  expect(body).toContain('content="0;url=./"');
  expect(asked).toEqual([]);

  const cookie = headers["set-cookie"]![0].split(";")[0];
  const overview = await ask(`${address.pathname}overview?a=b`, {
    headers: { cookie, "sec-fetch-site": "same-origin" },
  });
  expect([overview.status, JSON.parse(overview.body)]).toEqual([
    200,
    expect.objectContaining({ url: "/overview?a=b" }),
  ]);
  expect(overview.headers).toMatchObject({ "x-frame-options": "DENY", "cross-origin-resource-policy": "same-origin" });
  expect(overview.headers).not.toHaveProperty("access-control-allow-origin");
  expect(overview.headers).not.toHaveProperty("set-cookie");
});

test("nothing of the browser's own reaches a node but what it asks", async () => {
  const cookie = await welcome();
  const headers = { cookie, referer: door.address, origin: address.origin, "x-a": "b", connection: "x-c", "x-c": "d" };
  await ask(`${address.pathname}jobs`, { headers });
  const [{ message }] = asked;
  expect(message.headers.host).toBe("node-1.flink.internal:8081");
  expect(message.headers["x-a"]).toBe("b");
  expect(["cookie", "referer", "origin", "x-c"].filter((name) => name in message.headers)).toEqual([]);
});

test("the address works once; the next one is another", async () => {
  await welcome();
  const again = await ask(`${address.pathname}${address.search}`);
  expect([again.status, again.body]).toEqual([403, expect.stringContaining("has been opened already")]);
  const next = new URL(door.address);
  expect(next.search).not.toBe(address.search);
  expect((await ask(`${next.pathname}${next.search}`)).status).toBe(200);
});

describe("nobody else is let in", () => {
  const refused = async (path: string, options: Ask): Promise<void> => {
    expect((await ask(path, options)).status).toBe(403);
    expect(asked).toEqual([]);
  };

  test.each<[string, (cookie: string) => Ask]>([
    ["without the cookie", () => ({})],
    ["with another cookie", () => ({ headers: { cookie: "cdktf_flink_ui=x" } })],
    ["by a name that leads here", (cookie) => ({ headers: { cookie, host: `evil.example:${address.port}` } })],
    ["by another name of this machine", (cookie) => ({ headers: { cookie, host: `localhost:${address.port}` } })],
    ["from a page of another origin", (cookie) => ({ headers: { cookie, origin: "http://evil.example" } })],
    ["from another port of this machine", (cookie) => ({ headers: { cookie, origin: "http://127.0.0.1:1" } })],
    ["from a frame without an origin", (cookie) => ({ headers: { cookie, origin: "null" } })],
    ["from another site", (cookie) => ({ headers: { cookie, "sec-fetch-site": "cross-site" } })],
    ["from another port, as browsers tell it", (cookie) => ({ headers: { cookie, "sec-fetch-site": "same-site" } })],
    ["by a form", (cookie) => ({ method: "POST", headers: { cookie, origin: "http://evil.example" } })],
  ])("%s", async (_, options) => {
    const cookie = await welcome();
    await refused(`${address.pathname}overview`, options(cookie));
  });

  test("without the path that nobody knows", async () => {
    const cookie = await welcome();
    await refused("/overview", { headers: { cookie } });
    await refused(`/${"x".repeat(43)}/overview`, { headers: { cookie } });
  });

  test("by a guessed key", async () => {
    await refused(`${address.pathname}?key=${"x".repeat(43)}`, {});
    expect((await ask(`${address.pathname}${address.search}`)).status).toBe(200);
  });
});

test("a jar goes through as it comes, and its answer back", async () => {
  const cookie = await welcome();
  const piece = Buffer.alloc(1 << 20, "jar");
  const digest = createHash("sha256");
  function* pieces(): Generator<Buffer> {
    for (let count = 0; count < 40; count++) {
      digest.update(piece);
      yield piece;
    }
  }
  const headers = { cookie, origin: address.origin, "content-type": "multipart/form-data; boundary=x" };
  const { status, body } = await ask(`${address.pathname}jars/upload`, { method: "POST", headers, body: pieces() });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({ url: "/jars/upload", bytes: 40 << 20, digest: digest.digest("hex") });
});

test("what Flink refuses, and where it leads, is passed on as its own", async () => {
  const headers = { cookie: await welcome() };
  expect((await ask(`${address.pathname}no`, { headers })).status).toBe(404);
  const { status, headers: answered } = await ask(`${address.pathname}away`, { headers });
  expect([status, answered.location]).toEqual([302, `${address.pathname}#/overview`]);
});

test("where a node goes it leads to another one, and where none is there it says so", async () => {
  const headers = { cookie: await welcome() };
  const look = (): Promise<Answer> => ask(`${address.pathname}overview`, { headers });
  await look();
  await cluster.stop("node-1");
  expect((await look()).status).toBe(200);
  expect(asked.map(({ node }) => node)).toEqual(["node-1", "node-2"]);
  await cluster.stop("node-2");
  nodes = [];
  const last = await look();
  expect([last.status, last.body]).toEqual([502, expect.stringContaining("no node of the cluster can be called")]);
  nodes = [await cluster.start("node-1", answering("node-1", flink))];
  expect((await look()).status).toBe(200);
});

test("what may have been done is not done again by another node", async () => {
  const cookie = await welcome();
  await cluster.stop("node-1");
  nodes[0] = await cluster.start(
    "node-1",
    answering("node-1", (message) => message.socket.destroy()),
  );
  const options = { method: "POST", headers: { cookie, origin: address.origin }, body: [Buffer.from("{}")] };
  const { status, body } = await ask(`${address.pathname}jobs`, options);
  expect([status, body]).toEqual([502, expect.stringMatching(/^node-1: /)]);
  expect(asked.map(({ node }) => node)).toEqual(["node-1"]);
});

test("a node that shows another name is not believed", async () => {
  await cluster.stopAll();
  nodes = [await cluster.start("node-1", flink, "node-9.flink.internal")];
  const { status, body } = await ask(`${address.pathname}overview`, { headers: { cookie: await welcome() } });
  expect([status, body]).toEqual([
    502,
    expect.stringContaining("node-1.flink.internal. is not in the cert's altnames"),
  ]);
});

test("a port that somebody else listens on is refused in one sentence", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  await expect(openWebDoor({ way, tls: cluster.tls, port })).rejects.toThrow(
    `on --port ${port} of 127.0.0.1 somebody else listens, or this program may not: give another one`,
  );
  await new Promise((resolve) => other.close(resolve));
});
