import { once } from "events";
import * as fs from "fs";
import type { AddressInfo } from "net";
import * as path from "path";
import * as tls from "tls";
import { type Target, target } from "../../lib/node/agent/health";
import { childrenAt } from "../../lib/node/agent/zookeeper-children";
import { makeNodeTls, NodeTls } from "./support/node-tls";
import { temporaryFolder } from "./support/software";

/** Of org.apache.zookeeper.KeeperException.Code. */
const NO_NODE = -101;
const CONNECTION_LOSS = -4;

/** Answers as ZooKeeper's own servers give them, in hexadecimal: its length, then its parts. */
const frame = (...parts: readonly string[]): string => {
  const content = parts.join("");
  return (content.length / 2).toString(16).padStart(8, "0") + content;
};
const int = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
const text = (value: string): string => int(Buffer.byteLength(value)) + Buffer.from(value).toString("hex");
const header = (xid: number, error = 0): string => int(xid) + "0".repeat(16) + int(error);

/** Of which none may be absent. */
const paths = (...all: string[]) => all.map((name) => ({ path: name, mayBeAbsent: false }));

/** Protocol 0, ten seconds, a session, a password. */
const CONNECTED = frame(int(0), int(10_000), "0100000000000001", text("0123456789abcdef"));
const SYNCED = frame(header(1), text("/a"));
const children = (...names: string[]): string => frame(header(2), int(names.length), ...names.map(text));

describe("children of ZooKeeper's nodes", () => {
  const servers: tls.Server[] = [];
  let folder: string;
  let own: NodeTls;

  beforeAll(async () => {
    folder = temporaryFolder();
    own = await makeNodeTls(path.join(folder, "own"));
  });

  afterAll(() => fs.rmSync(folder, { recursive: true }));

  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  /**
   * Answers each request with the next of the answers, and ends the connection after the last one.
   *
   * @param asked gets each request in hexadecimal, without its length
   * @param pieceBytes how much is sent at once
   */
  async function serve(answers: readonly string[], asked: string[] = [], pieceBytes = 1 << 16): Promise<Target> {
    const [ca, both] = [fs.readFileSync(own.authority), fs.readFileSync(own.pair)];
    const options = { ca, key: both, cert: both, requestCert: true, rejectUnauthorized: true };
    const server = tls.createServer(options, (socket) => {
      const left = [...answers];
      let read = Buffer.alloc(0);
      socket.on("error", () => undefined);
      socket.on("data", (chunk: Buffer) => {
        read = Buffer.concat([read, chunk]);
        while (read.length >= 4 && read.length >= 4 + read.readInt32BE(0)) {
          const end = 4 + read.readInt32BE(0);
          asked.push(read.toString("hex", 4, end));
          read = read.subarray(end);
          const answer = Buffer.from(left.shift() ?? "", "hex");
          for (let at = 0; at < answer.length; at += pieceBytes) socket.write(answer.subarray(at, at + pieceBytes));
          if (left.length === 0) socket.end();
        }
      });
    });
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return target("127.0.0.1", (server.address() as AddressInfo).port, own.authority, own.pair);
  }

  test.each([1, 7, 1 << 16])("come from every path, whether an answer comes in pieces of %d bytes", async (piece) => {
    const asked: string[] = [];
    const synced = frame(header(1), text("/b"));
    const to = await serve(
      [CONNECTED, SYNCED, children("first", "zweiter-ü"), synced, children("third"), ""],
      asked,
      piece,
    );
    expect(await childrenAt(to, paths("/a", "/b"))).toEqual(["first", "zweiter-ü", "third"]);
    // A session that may end at once, nothing that is watched, and each path as its leader knows it.
    expect(asked.slice(1, 5)).toEqual([
      int(1) + int(9) + text("/a"),
      int(2) + int(8) + text("/a") + "00",
      int(1) + int(9) + text("/b"),
      int(2) + int(8) + text("/b") + "00",
    ]);
  });

  test("are none of a path that may be absent and is, which keeps nothing from the next one", async () => {
    const absent = frame(header(2, NO_NODE));
    const to = await serve([CONNECTED, SYNCED, absent, SYNCED, children("left"), ""]);
    expect(await childrenAt(to, [{ path: "/absent", mayBeAbsent: true }, ...paths("/a")])).toEqual(["left"]);
  });

  test("are not taken for none where a path is not there that must be", async () => {
    const to = await serve([CONNECTED, SYNCED, frame(header(2, NO_NODE)), ""]);
    await expect(childrenAt(to, paths("/a"))).rejects.toThrow("ZooKeeper has no /a");
  });

  test("are none where there are none", async () => {
    expect(await childrenAt(await serve([CONNECTED, SYNCED, children(), ""]), paths("/a"))).toEqual([]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["another error", [CONNECTED, SYNCED, frame(header(2, CONNECTION_LOSS)), ""], /answers with its error -4/],
    ["an error where it asks the leader", [CONNECTED, frame(header(1, CONNECTION_LOSS)), ""], /its error -4/],
    ["an end before it has answered", [CONNECTED, SYNCED], /ends the connection/],
    ["an end before it has begun a session", [""], /ends the connection/],
    ["a length below nothing", [CONNECTED, "fffffff0", ""], /in a form that is not known/],
    ["an answer that has no end", [CONNECTED, "7fffffff", ""], /too long/],
  ])("are not taken for none by %s", async (_, answers, told) => {
    await expect(childrenAt(await serve(answers), paths("/a"))).rejects.toThrow(told);
  });

  test("are asked of no server with a certificate of another cluster", async () => {
    const other = await makeNodeTls(path.join(folder, "other"));
    const { port } = await serve([CONNECTED]);
    const to = await target("127.0.0.1", port, other.authority, other.pair);
    await expect(childrenAt(to, paths("/a"))).rejects.toThrow(/certificate/);
  });
});
