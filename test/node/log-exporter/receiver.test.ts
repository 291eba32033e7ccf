import * as http from "http";
import * as net from "net";
import { gzipSync } from "zlib";
import type { CollectedRecord } from "../../../lib/node/log-exporter/collected-record";
import { NotDelivered } from "../../../lib/node/log-exporter/not-delivered";
import { OtlpReceiver } from "../../../lib/node/log-exporter/otlp-receiver";
import { MalformedRequest, recordsOf } from "../../../lib/node/log-exporter/record-stream";
import { flinkRecord, otlpRequest } from "./support/entries";

const TOKEN = "Bearer of-the-collector";

describe("what takes records from the collector", () => {
  let receiver: OtlpReceiver;
  let port: number;
  let token: string;
  let delivered: CollectedRecord[];
  let deliver: (records: readonly CollectedRecord[], signal: AbortSignal) => Promise<void>;
  let lines: string[];
  /** Of requests, whether they went over a connection of one before. */
  let reused: boolean[];

  beforeEach(async () => {
    [token, delivered, lines, reused] = [TOKEN, [], [], []];
    deliver = async (records) => void delivered.push(...records);
    receiver = new OtlpReceiver(
      () => Promise.resolve(token),
      (records, signal) => deliver(records, signal),
      (line) => lines.push(line),
      3,
    );
    port = await receiver.listen({ host: "127.0.0.1", port: 0 });
  });
  afterEach(() => receiver.close());

  interface Sent {
    readonly method?: string;
    readonly path?: string;
    readonly authorization?: string;
    readonly headers?: http.OutgoingHttpHeaders;
    readonly agent?: http.Agent;
  }

  function send(body: string | Buffer, options: Sent = {}): Promise<number> {
    const { method = "POST", path = "/v1/logs", authorization = TOKEN, agent } = options;
    const headers = { authorization, "content-type": "application/json", ...options.headers };
    return new Promise((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port, method, path, headers, agent }, (response) => {
        reused.push(request.reusedSocket);
        response.resume().on("end", () => resolve(response.statusCode!));
      });
      request.on("error", reject).end(body);
    });
  }

  const three = [1, 2, 3].map((sequence) => flinkRecord(sequence));

  test("answers 200 when all of them are delivered", async () => {
    let finish: () => void = () => undefined;
    deliver = (records) => {
      delivered.push(...records);
      return new Promise((resolve) => (finish = resolve));
    };
    let answered = false;
    const answer = send(otlpRequest(three)).finally(() => (answered = true));
    while (delivered.length === 0) await new Promise(setImmediate);
    expect(answered).toBe(false);
    finish();
    expect(await answer).toBe(200);
    expect(delivered).toEqual(three);
  });

  test("takes packed ones, and none at all", async () => {
    const packed = { headers: { "content-encoding": "gzip" } };
    expect(await send(gzipSync(otlpRequest(three)), packed)).toBe(200);
    expect(delivered).toEqual(three);
    expect(await send("{}")).toBe(200);
    expect(await send(otlpRequest([]))).toBe(200);
  });

  test("answers 503 when they are not delivered: the collector drops what is refused otherwise", async () => {
    deliver = () => Promise.reject(new NotDelivered("OpenSearch is away"));
    expect(await send(otlpRequest(three))).toBe(503);
    deliver = () => Promise.reject(new TypeError("a fault of ours"));
    expect(await send(otlpRequest(three))).toBe(503);
  });

  test.each([
    ["another token", "Bearer of-somebody"],
    ["none", ""],
  ])("gives a stranger with %s nothing, and takes nothing of it", async (_, authorization) => {
    expect(await send(otlpRequest(three), { authorization })).toBe(503);
    expect(delivered).toEqual([]);
  });

  test("takes nothing of anybody as long as there is no token", async () => {
    token = "";
    expect(await send(otlpRequest(three), { authorization: "" })).toBe(503);
    expect(delivered).toEqual([]);
  });

  test("knows no other question", async () => {
    expect(await send("", { method: "GET" })).toBe(404);
    expect(await send("{}", { path: "/v1/metrics" })).toBe(404);
  });

  test("goes on over the same connection, also behind an answer that came early", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    try {
      expect(await send(otlpRequest(three), { agent })).toBe(200);
      deliver = () => Promise.reject(new NotDelivered("away"));
      expect(await send(otlpRequest(three), { agent })).toBe(503);
      deliver = async (records) => void delivered.push(...records);
      expect(await send(otlpRequest(three), { agent })).toBe(200);
      expect(delivered).toHaveLength(6);
    } finally {
      agent.destroy();
    }
  });

  test("tells its delivery when the collector has gone", async () => {
    const gone = new Promise<void>((resolve) => {
      deliver = (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => (resolve(), reject(new NotDelivered("gone"))));
          request.destroy();
        });
    });
    const headers = { authorization: TOKEN };
    const request = http.request({ host: "127.0.0.1", port, method: "POST", path: "/v1/logs", headers });
    request.on("error", () => undefined).end(otlpRequest(three));
    await gone;
  });

  test("is reached by the collector, however many strangers hold connections", async () => {
    const strangers: net.Socket[] = [];
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const crowd = async () => {
      for (let count = 0; count < 5; count++) {
        const stranger = net.connect(port, "127.0.0.1");
        strangers.push(stranger);
        stranger.on("error", () => undefined);
        await new Promise((resolve) => stranger.once("connect", resolve));
      }
    };
    try {
      await crowd();
      expect(await send(otlpRequest(three), { agent })).toBe(200);
      await crowd();
      expect(await send(otlpRequest(three), { agent })).toBe(200);
      expect(reused).toEqual([false, true]);
    } finally {
      agent.destroy();
      strangers.forEach((stranger) => stranger.destroy());
    }
  });

  test("says so where a request is nothing that to send again would help, without showing it", async () => {
    expect(await send('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":hunter2')).toBe(400);
    expect(lines).toEqual(["a request of the collector is lost: it is no JSON of OTLP"]);
  });
});

describe("records of a request", () => {
  async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  async function portionsOf(text: string, size: number, bounds?: Parameters<typeof recordsOf>[1]) {
    const portions: CollectedRecord[][] = [];
    for await (const portion of recordsOf(pieces(text, size), bounds)) portions.push(portion);
    return portions;
  }

  const records = Array.from({ length: 50 }, (_, at) => flinkRecord(at + 1, { message: 'ä"\\\n\u2028😀' }));

  test.each([1, 7, 1000, 1 << 20])("are the same however they come: in pieces of %d bytes", async (size) => {
    expect((await portionsOf(otlpRequest(records), size)).flat()).toEqual(records);
  });

  test("are handed on in portions, so that the memory for them is bounded", async () => {
    const portions = await portionsOf(otlpRequest(records), 100, { portionBytes: 1000, recordBytes: 1 << 20 });
    expect(portions.flat()).toEqual(records);
    expect(Math.max(...portions.map(({ length }) => length))).toBeLessThanOrEqual(5);
  });

  test("of which one never ends are given up", async () => {
    const bounds = { portionBytes: 1000, recordBytes: 10_000 };
    await expect(
      portionsOf(otlpRequest([flinkRecord(1, { message: "x".repeat(20_000) })]), 100, bounds),
    ).rejects.toThrow(new MalformedRequest("a record has more than 10000 bytes"));
  });

  test("that are cut are malformed", async () => {
    const text = otlpRequest(records);
    await expect(portionsOf(text.slice(0, -3), 1000)).rejects.toThrow(MalformedRequest);
    await expect(portionsOf("", 1000)).resolves.toEqual([]);
  });
});
