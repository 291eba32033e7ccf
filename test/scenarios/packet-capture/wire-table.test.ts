import { encode } from "dns-packet";
import { PORTS } from "../../../lib/node/ports";
import { readConversations } from "./conversations";
import { isServerPort } from "./judgement";
import { readPackets } from "./pcap";
import { recordTls, Said, testIdentity, TlsSettings } from "./recorded-tls";
import { ACK, SYN, SYN_ACK, SyntheticPacket, syntheticPcap } from "./synthetic-pcap";
import { incompleteRows, mergeTables, portsProvenMutual, WireTable, wireTable } from "./wire-table";

const [A, B, CLIENT, S3] = ["10.40.0.11", "10.40.0.12", "10.40.0.20", "52.216.0.1"];
const NAMES: Readonly<Record<string, string>> = {
  ...{ [A]: "node", [B]: "node", [CLIENT]: "client", [S3]: "AWS" },
  ...{ "10.40.0.2": "resolver", "169.254.169.254": "metadata" },
};
const nameOf = (address: string): string => NAMES[address] ?? "elsewhere";
const AES_128 = "ECDHE-RSA-AES128-GCM-SHA256";
const MUTUAL: TlsSettings = { version: "TLSv1.2", ciphers: AES_128, callerHasCertificate: true, calleeAsks: true };
const LONG_MESSAGE = Buffer.alloc(100_000, "records between tasks ");

type Identity = Awaited<ReturnType<typeof testIdentity>>;
let identity: Identity;
let mutual: Said[];

beforeAll(async () => {
  identity = await testIdentity();
  mutual = await recordTls(identity, MUTUAL, LONG_MESSAGE);
});

async function look(packets: readonly SyntheticPacket[], queryRuns = false): Promise<WireTable> {
  const file = syntheticPcap(packets);
  async function* inChunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < file.length; at += 1000) yield await Promise.resolve(file.subarray(at, at + 1000));
  }
  const conversations = await readConversations(readPackets(inChunks()), (_, port) => isServerPort(port));
  return wireTable(conversations, nameOf, { queryRuns });
}

/** A connection as it looks on the wire, its numbers running over the end of their range. */
function connection(callee: string, port: number, said: readonly Said[], caller = A): SyntheticPacket[] {
  const ends = { caller: [caller, 40_000] as const, callee: [callee, port] as const };
  const next = { caller: 2 ** 32 - 500, callee: 7 };
  const packet = (from: "caller" | "callee", flags: number, payload?: Buffer): SyntheticPacket => {
    const made = {
      ...{ protocol: "tcp" as const, from: ends[from], to: ends[from === "caller" ? "callee" : "caller"] },
      ...{ sequence: next[from], flags, payload },
    };
    next[from] = (next[from] + (payload?.length ?? 1)) % 2 ** 32;
    return made;
  };
  const packets = [packet("caller", SYN), packet("callee", SYN_ACK)];
  for (const { fromCaller, bytes } of said) {
    for (let at = 0; at < bytes.length; at += 1400) {
      packets.push(packet(fromCaller ? "caller" : "callee", ACK, bytes.subarray(at, at + 1400)));
    }
  }
  return packets;
}

const plain = (...texts: string[]): Said[] =>
  texts.map((text, index) => ({ fromCaller: index % 2 === 0, bytes: Buffer.from(text) }));

describe("TLS as the port table wants it", () => {
  const expected = {
    ...{ service: "taskmanager-data", port: 6121, between: "node to node", protocol: "TLSv1.2" },
    ...{ cipher: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", callerCertificate: "shown", conversations: 1, unjudged: 0 },
  };
  const all = () => connection(B, PORTS.taskManagerData.port, mutual);

  test("is told with version, cipher and the caller's certificate, and read to its last byte", async () => {
    const table = await look(all());
    expect(table.breaches).toEqual([]);
    expect(table.rows).toEqual([{ ...expected, bytes: mutual.reduce((sum, { bytes }) => sum + bytes.length, 0) }]);
    expect(table.rows[0].bytes).toBeGreaterThan(2 * LONG_MESSAGE.length);
    expect(portsProvenMutual(table)).toEqual([6121]);
  });

  test("is the same when each packet is seen twice, or out of order", async () => {
    const once = await look(all());
    const packets = all();
    expect(await look(packets.flatMap((packet) => [packet, packet]))).toEqual(once);
    const [opening, rest] = [packets.slice(0, 2), packets.slice(2)];
    expect(await look([...opening, ...rest.reverse()])).toEqual(once);
  });

  test("is recognised where its beginning was not seen, and what could not be judged is counted", async () => {
    const begin = 30;
    const table = await look(all().slice(begin));
    expect(table.breaches).toEqual([]);
    expect(table.rows).toMatchObject([
      { ...expected, protocol: "TLS, begun before", cipher: "", callerCertificate: "", unjudged: expect.any(Number) },
    ]);
    expect(table.rows[0].unjudged).toBeGreaterThan(0);
    expect(table.rows[0].unjudged).toBeLessThan(table.rows[0].bytes);
    expect(portsProvenMutual(table)).toEqual([]);
  });

  test("is recognised again after packets that were lost, which are counted", async () => {
    const packets = all();
    const table = await look([...packets.slice(0, 40), ...packets.slice(45)]);
    expect(table.breaches).toEqual([]);
    expect(table.rows[0].unjudged).toBeGreaterThanOrEqual(5 * 1400);
    expect(incompleteRows(table)).toEqual(table.rows);
    expect(incompleteRows(await look(packets))).toEqual([]);
  });
});

describe("what the port table does not allow is a breach", () => {
  const breachesOf = async (packets: readonly SyntheticPacket[], queryRuns = false) =>
    (await look(packets, queryRuns)).breaches.map(({ service, protocol, sample }) => ({ service, protocol, sample }));

  test("plain HTTP to the REST port", async () => {
    const http = plain("GET /overview HTTP/1.1\r\nhost: node\r\n\r\n", "HTTP/1.1 301 Moved Permanently\r\n\r\n");
    expect(await breachesOf(connection(B, PORTS.jobManagerRest.port, http, CLIENT))).toEqual([
      { service: "jobmanager-rest", protocol: "HTTP", sample: "GET /overview HTTP/1.1..host: node...." },
    ]);
  });

  test("plain text in the middle of a connection that began as TLS", async () => {
    const [breach, ...more] = await breachesOf(
      connection(B, PORTS.jobManagerRpc.port, [
        ...mutual,
        { fromCaller: true, bytes: Buffer.from("secret in the open") },
      ]),
    );
    expect(breach).toEqual({
      ...{ service: "jobmanager-rpc", protocol: "plain text over tcp", sample: "secret in the open" },
    });
    expect(more).toEqual([]);
  });

  test("plain text in a connection that was open before", async () => {
    const packets = connection(B, PORTS.zooKeeperElection.port, plain("vote", "vote", "more", "votes")).slice(3);
    expect((await breachesOf(packets)).map(({ service }) => service)).toEqual(["zookeeper-election"]);
  });

  test.each<[string, Partial<TlsSettings>, string]>([
    ["another version", { version: "TLSv1.3", ciphers: undefined }, "TLSv1.3"],
    ["another cipher suite", { ciphers: "ECDHE-RSA-CHACHA20-POLY1305" }, "TLSv1.2"],
    ["data for a caller without a certificate", { callerHasCertificate: false, calleeAsks: false }, "TLSv1.2"],
  ])("TLS with %s", async (_, settings, protocol) => {
    const said = await recordTls(identity, { ...MUTUAL, ...settings }, Buffer.from("hello"));
    expect((await breachesOf(connection(B, PORTS.jobManagerRpc.port, said))).map((one) => one.protocol)).toEqual([
      protocol,
    ]);
  });

  test("data in records of TLS without a handshake, in a connection that was seen from its beginning", async () => {
    // Application data of TLS 1.2 (RFC 5246, 6.2.1), and nothing before it.
    const record = Buffer.concat([Buffer.from([23, 3, 3, 0, 6]), Buffer.from("secret")]);
    const both = [true, false].map((fromCaller) => ({ fromCaller, bytes: record }));
    const packets = connection(B, PORTS.jobManagerRpc.port, both);
    const breach = { service: "jobmanager-rpc", protocol: "TLS, no handshake", sample: "TLS" };
    expect(await breachesOf(packets)).toEqual([breach]);
    expect(await breachesOf(connection(S3, 443, both))).toEqual([{ ...breach, service: "AWS API" }]);
    // One that was open before the capture had its handshake then.
    expect(await breachesOf(packets.slice(2))).toEqual([]);
  });

  test("rows of a query while none runs, and a port that is in no table", async () => {
    const rows = connection(B, PORTS.taskManagerCollectSink.port, plain("request", "rows"));
    expect((await breachesOf(rows)).map(({ service }) => service)).toEqual(["taskmanager-collect-sink"]);
    expect(await breachesOf(rows, true)).toEqual([]);
    expect(await breachesOf(connection(B, 40_123, plain("a", "b")))).toHaveLength(1);
    expect(await breachesOf(connection(B, 40_123, mutual))).toHaveLength(1);
    expect(await breachesOf(connection(B, PORTS.jobCredentials.port, plain("GET / HTTP/1.1", "key")))).toHaveLength(1);
  });

  test("a caller without a certificate that is refused is none, nor is a port that is only tried", async () => {
    const refused = await recordTls(identity, { ...MUTUAL, callerHasCertificate: false }, Buffer.from("hello"));
    const table = await look([
      ...connection(B, PORTS.jobManagerBlob.port, refused),
      ...connection(B, PORTS.taskManagerRpc.port, []),
    ]);
    expect(table.breaches).toEqual([]);
    expect(
      table.rows.map(({ service, protocol, callerCertificate }) => [service, protocol, callerCertificate]),
    ).toEqual([
      ["taskmanager-rpc", "silent", ""],
      ["jobmanager-blob", "TLSv1.2", "none, no data"],
    ]);
    expect(portsProvenMutual(table)).toEqual([]);
  });
});

test("names, instance metadata and AWS are told apart by what was said, not by the number of a port", async () => {
  const question = encode({ type: "query", id: 1, questions: [{ type: "A", name: "node-1.flink.internal" }] });
  const ask = (payload: Buffer, to = "10.40.0.2"): SyntheticPacket[] => [
    { protocol: "udp", from: [A, 40_000], to: [to, 53], payload },
    { protocol: "udp", from: [to, 53], to: [A, 40_000], payload },
  ];
  const metadata = plain("PUT /latest/api/token HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\ntoken");
  const aws = await recordTls(
    identity,
    { version: "TLSv1.3", callerHasCertificate: false, calleeAsks: false },
    LONG_MESSAGE,
  );
  const allowed = await look([
    ...ask(question),
    ...connection("169.254.169.254", 80, metadata),
    ...connection(S3, 443, aws),
  ]);
  expect(allowed.breaches).toEqual([]);
  expect(allowed.rows.map(({ service, protocol }) => [service, protocol])).toEqual([
    ["resolver", "DNS"],
    ["metadata", "HTTP"],
    ["AWS API", "TLSv1.3"],
  ]);

  const forbidden = await look([
    ...ask(Buffer.from("not a question at all")),
    ...ask(question, "10.99.0.1"),
    ...connection("169.254.169.254", 80, plain("hello", "hello")),
    ...connection(S3, 80, plain("GET /bucket HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")),
    ...connection(S3, 443, plain("GET /bucket HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")),
  ]);
  expect(forbidden.breaches.map(({ service }) => service).sort()).toEqual(
    ["AWS", "AWS API", "elsewhere", "metadata", "resolver"].sort(),
  );
});

test("captures add up: of one kind to one row, with the breaches of all", async () => {
  const tls = await look(connection(B, PORTS.taskManagerData.port, mutual));
  const http = await look(connection(B, PORTS.jobManagerRest.port, plain("GET / HTTP/1.1", "HTTP/1.1 200 OK")));
  const merged = mergeTables([http, tls, tls]);
  expect(merged.rows).toEqual([
    { ...tls.rows[0], conversations: 2, bytes: 2 * tls.rows[0].bytes },
    { ...http.rows[0], conversations: 1 },
  ]);
  expect(merged.breaches).toEqual(http.breaches);
  expect(portsProvenMutual(merged)).toEqual([PORTS.taskManagerData.port]);
});

test("a capture that ends within a packet is refused", async () => {
  const file = syntheticPcap(connection(B, 6121, mutual));
  const readAll = async (bytes: Buffer): Promise<number> => {
    async function* one(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(bytes);
    }
    let packets = 0;
    for await (const packet of readPackets(one())) packets += packet.payloadLength >= 0 ? 1 : 0;
    return packets;
  };
  expect(await readAll(file)).toBeGreaterThan(100);
  await expect(readAll(file.subarray(0, -1))).rejects.toThrow("ends within a packet");
});
