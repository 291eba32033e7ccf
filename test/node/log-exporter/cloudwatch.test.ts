import * as http from "http";
import type { AddressInfo } from "net";
import { CloudWatchDestination } from "../../../lib/node/log-exporter/cloudwatch/cloudwatch-destination";
import { batchesOf } from "../../../lib/node/log-exporter/cloudwatch/log-events";
import type { LogEntry } from "../../../lib/node/log-exporter/log-document";
import { entryOfRecord } from "../../../lib/node/log-exporter/entry-of-record";
import { flinkEntry, flinkRecord, NOW, ORIGIN } from "./support/entries";

const NEVER = new AbortController().signal;

function entryAt(timeMillis: number, message = "x"): LogEntry {
  const entry = flinkEntry(1, { message });
  return { ...entry, timeMillis, document: { ...entry.document, "@timestamp": new Date(timeMillis).toISOString() } };
}

describe("batches of events", () => {
  test("are in order of time, each with its id, by which a repeat is told", () => {
    const [batch] = batchesOf([entryAt(NOW + 2), entryAt(NOW), entryAt(NOW + 1)]);
    expect(batch.map(({ timestamp }) => timestamp)).toEqual([NOW, NOW + 1, NOW + 2]);
    expect(JSON.parse(batch[0].message)).toEqual({ ...entryAt(NOW).document, id: entryAt(NOW).id });
  });

  test("hold no more events than a call may", () => {
    const sizes = batchesOf(Array.from({ length: 20_001 }, (_, at) => entryAt(NOW + at))).map(({ length }) => length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10_000);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(20_001);
  });

  test("hold no more bytes than a call may, with what each event counts for beside its message", () => {
    const batches = batchesOf(Array.from({ length: 30 }, (_, at) => entryAt(NOW + at, "ä".repeat(50_000))));
    const sizes = batches.map((batch) => batch.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_048_576);
    expect(Math.max(...sizes)).toBeGreaterThan(900_000);
    expect(batches.flat()).toHaveLength(30);
  });

  test("span less than a day", () => {
    const day = 24 * 3_600_000;
    expect(batchesOf([entryAt(NOW), entryAt(NOW + day - 1), entryAt(NOW + day), entryAt(NOW + 3 * day)])).toEqual([
      [expect.objectContaining({ timestamp: NOW }), expect.objectContaining({ timestamp: NOW + day - 1 })],
      [expect.objectContaining({ timestamp: NOW + day })],
      [expect.objectContaining({ timestamp: NOW + 3 * day })],
    ]);
  });

  test("hold of an event that is too large its beginning", () => {
    const [[{ message }]] = batchesOf([flinkEntry(1, { message: "ä".repeat(600_000), stack_trace: "y".repeat(9) })]);
    expect(Buffer.byteLength(message)).toBeLessThan(1_000_000);
    expect(JSON.parse(message)).toMatchObject({
      ...{ message: "ä".repeat(100_000), stack_trace: "y".repeat(9), refused: "longer than 1000000 bytes" },
    });
  });

  test("of nothing are none", () => {
    expect(batchesOf([])).toEqual([]);
  });
});

/** What the service answers is played: no part of it runs on this machine. */
describe("lines for CloudWatch Logs", () => {
  let server: http.Server;
  let endpoint: string;
  let asked: { action: string; parameters: Record<string, unknown>; headers: http.IncomingHttpHeaders }[];
  let answers: (action: string, number: number) => { status: number; body: object };

  beforeEach(async () => {
    asked = [];
    answers = () => ({ status: 200, body: {} });
    server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const action = String(request.headers["x-amz-target"]);
        asked.push({ action, parameters: JSON.parse(body), headers: request.headers });
        const answer = answers(action, asked.length - 1);
        response.writeHead(answer.status, { connection: "close" }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  function write(entries: readonly LogEntry[]): Promise<number> {
    const spec = { kind: "cloudwatch", logGroupName: "/flink/orders", region: "eu-west-1", endpoint } as const;
    const identity = { accessKeyId: "ASIALOGS", secretAccessKey: "key", sessionToken: "session-of-logs" };
    return new CloudWatchDestination(spec, "orders-node-1", () => Promise.resolve(identity)).write(entries, NEVER);
  }

  const refusal = (code: string, message: string) => ({ status: 400, body: { __type: code, message } });

  test("go into a stream of their kind, by the logs role", async () => {
    const other = { ...flinkEntry(2), role: "kernel" } as const;
    expect(await write([flinkEntry(1), other])).toBe(0);
    expect(
      asked.map(({ action, parameters: { logGroupName, logStreamName } }) => [action, logGroupName, logStreamName]),
    ).toEqual([
      ["Logs_20140328.PutLogEvents", "/flink/orders", "orders-node-1/taskmanager"],
      ["Logs_20140328.PutLogEvents", "/flink/orders", "orders-node-1/kernel"],
    ]);
    expect(asked[0].headers.authorization).toMatch(/Credential=ASIALOGS\/\d+\/eu-west-1\/logs\/aws4_request/);
  });

  test("go there also where their documents do not tell what they come from", async () => {
    const entry = entryOfRecord(flinkRecord(1), { ...ORIGIN, fields: ["level"] }, NOW);
    expect(entry.document).not.toHaveProperty("role");
    await write([entry]);
    expect(asked.map(({ parameters }) => parameters.logStreamName)).toEqual(["orders-node-1/taskmanager"]);
  });

  test("get a stream where there is none, also where another one made it in between", async () => {
    for (const created of [{ status: 200, body: {} }, refusal("ResourceAlreadyExistsException", "it is there")]) {
      asked = [];
      answers = (action, number) => {
        if (action.endsWith("CreateLogStream")) return created;
        return number === 0 ? refusal("ResourceNotFoundException", "no stream") : { status: 200, body: {} };
      };
      expect(await write([flinkEntry(1)])).toBe(0);
      expect(asked.map(({ action }) => action.split(".")[1])).toEqual([
        "PutLogEvents",
        "CreateLogStream",
        "PutLogEvents",
      ]);
    }
  });

  test.each([
    [{ tooOldLogEventEndIndex: 2 }, 2],
    [{ expiredLogEventEndIndex: 1 }, 1],
    [{ tooOldLogEventEndIndex: 2, expiredLogEventEndIndex: 1 }, 2],
    [{ tooNewLogEventStartIndex: 3 }, 1],
    [{ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 }, 3],
    [{}, 0],
  ])("that it does not take are counted: %j", async (rejectedLogEventsInfo, count) => {
    answers = () => ({ status: 200, body: { rejectedLogEventsInfo } });
    expect(await write([1, 2, 3, 4].map((sequence) => flinkEntry(sequence)))).toBe(count);
  });

  test.each([
    [
      refusal("AccessDeniedException", "not authorized"),
      "the logs role may not write to log group /flink/orders: not authorized",
    ],
    [refusal("ResourceNotFoundException", "no group"), "log group /flink/orders is not there"],
    [
      refusal("ThrottlingException", "Rate exceeded"),
      "CloudWatch Logs does not take lines of orders-node-1/taskmanager in log group /flink/orders: ThrottlingException: Rate exceeded",
    ],
    [
      { status: 503, body: {} },
      "CloudWatch Logs does not take lines of orders-node-1/taskmanager in log group /flink/orders: HTTP 503",
    ],
  ])("that it refuses come again, and the reason is one sentence", async (answer, sentence) => {
    answers = () => answer;
    await expect(write([flinkEntry(1)])).rejects.toThrow(new RegExp(`^${sentence}$`));
  });

  test("that cannot be sent come again", async () => {
    const { port } = new URL(endpoint);
    await new Promise((resolve) => server.close(resolve));
    await expect(write([flinkEntry(1)])).rejects.toThrow(`127.0.0.1:${port} refuses the connection`);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
});
