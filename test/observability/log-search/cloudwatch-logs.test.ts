import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchLogs } from "../../../lib/observability/log-search/cloudwatch-logs";
import { filterPattern } from "../../../lib/observability/log-search/cloudwatch-pattern";
import { wordsOf } from "../../../lib/observability/log-search/words";

/** Plays CloudWatch Logs, which no emulator plays with patterns: its answers stand in a list. */
let server: Server;
let answers: { readonly status: number; readonly body: object }[];
let asked: Readonly<Record<string, unknown>>[];
let targets: unknown[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      targets.push(request.headers["x-amz-target"]);
      asked.push(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>);
      const { status, body } = answers.shift()!;
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

beforeEach(() => {
  answers = [];
  asked = [];
  targets = [];
});

afterAll(() => new Promise<unknown>((resolve) => server.close(resolve)));

function logs(endpoint?: string): CloudWatchLogs {
  return new CloudWatchLogs({
    logGroupName: "/cdktf-flink/orders",
    region: "eu-west-1",
    endpoint: endpoint ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  });
}

const event = (timestamp: number, document: object | string) => ({
  ...{ eventId: `event-${timestamp}`, logStreamName: "orders-node-1/agent", timestamp },
  message: typeof document === "string" ? document : JSON.stringify(document),
});

function answer(events: readonly object[], nextToken?: string): void {
  answers.push({ status: 200, body: { events, ...(nextToken === undefined ? {} : { nextToken }) } });
}

async function all(...of: Parameters<CloudWatchLogs["pages"]>): Promise<unknown[][]> {
  const pages = [];
  for await (const page of logs().pages(...of))
    pages.push(page.map(({ id, time, entry }) => [id, time, entry.message]));
  return pages;
}

test("pages are read to the last one, empty ones too, and a line that was shipped twice comes once", async () => {
  answer([event(2, { id: "b", message: "two" }), event(1, { id: "a", message: "one" })], "next");
  answer([], "last");
  answer([event(2, { id: "b", message: "two" }), event(3, "of somebody else"), event(4, { id: "shown" })]);
  expect(await all({ node: "orders-node-1" }, { since: -5, until: 9 }, ["shown"])).toEqual([
    [
      ["a", 1, "one"],
      ["b", 2, "two"],
    ],
    [["event-3", 3, "of somebody else"]],
  ]);
  const first = {
    ...{ logGroupName: "/cdktf-flink/orders", startTime: 0, endTime: 10 },
    filterPattern: '{ $.node = "orders-node-1" }',
  };
  expect(asked).toEqual([first, { ...first, nextToken: "next" }, { ...first, nextToken: "last" }]);
  expect(new Set(targets)).toEqual(new Set(["Logs_20140328.FilterLogEvents"]));
});

test("the newest of all pages are given the oldest first", async () => {
  const fill = (): void => {
    answer(
      [1, 2, 3].map((time) => event(time, { id: `line-${time}` })),
      "next",
    );
    answer([4, 5].map((time) => event(time, { id: `line-${time}` })));
  };
  const newest = async (limit: number) => {
    fill();
    const { entries, more } = await logs().newest({}, { since: 0 }, limit);
    return { times: entries.map(({ time }) => time), more };
  };
  expect(await newest(2)).toEqual({ times: [4, 5], more: true });
  expect(await newest(5)).toEqual({ times: [1, 2, 3, 4, 5], more: false });
  expect(asked[0]).toEqual({ logGroupName: "/cdktf-flink/orders", startTime: 0 });
});

test("words are looked for here", async () => {
  answer([event(1, { id: "a", message: "Checkpoint 5 failed" }), event(2, { id: "b", message: "Checkpoint 6" })]);
  expect(await all({ text: "checkpoint failed" }, { since: 0 })).toEqual([[["a", 1, "Checkpoint 5 failed"]]]);
});

test.each([
  ["checkpoint BOOM", true],
  ['"checkpoint 5"', true],
  ['"5 checkpoint"', false],
  ["check*", true],
  ["-checkpoint", false],
  ["checkpoint -other", true],
  ['-"java.io boom"', true],
])("of an entry with a checkpoint and a stack trace, %s is found: %s", (text, isFound) => {
  const entry = { message: "Checkpoint 5", exception: "java.io.IOException", stack_trace: "java.io.IOException: boom" };
  expect(wordsOf(text)(entry)).toBe(isFound);
});

test("what only OpenSearch knows is refused", () => {
  expect(() => wordsOf("a | b")).toThrow(
    '--query is "a | b", but must be words, "phrases" and -words for CloudWatch Logs, which knows no |: search once for each',
  );
});

test("every filter stands in the pattern, and no value ends it", () => {
  expect(filterPattern({})).toBeUndefined();
  expect(
    filterPattern({
      ...{ cluster: "orders", level: "ERROR", jobId: "ABCDEF", node: 'x" || $.node = "\\', role: "agent" },
      logger: "com.example",
    }),
  ).toBe(
    '{ $.cluster = "orders" && ($.level = "FATAL" || $.level = "ERROR") && $.job_id = "abcdef" && ' +
      '$.node = "x\\" || $.node = \\"\\\\" && $.role = "agent" && ($.logger = "com.example" || $.logger = "com.example.*") }',
  );
});

describe("what is refused is one sentence,", () => {
  test.each([
    [
      400,
      { __type: "AccessDeniedException", Message: "User: me is not authorized to perform: logs:FilterLogEvents." },
      "searching the log group /cdktf-flink/orders is not allowed (User: me is not authorized to perform: logs:FilterLogEvents): use credentials that may do logs:FilterLogEvents",
      false,
    ],
    [
      400,
      { __type: "ResourceNotFoundException", message: "The specified log group does not exist." },
      "there is no log group /cdktf-flink/orders (The specified log group does not exist): check the region and account",
      false,
    ],
    [
      400,
      { __type: "ThrottlingException", message: "Rate exceeded" },
      "searching the log group /cdktf-flink/orders failed: Rate exceeded",
      true,
    ],
    [500, {}, "searching the log group /cdktf-flink/orders failed: HTTP 500", true],
  ])("and whether it may pass is known: %s %j", async (status, body, message, mayPass) => {
    answers.push({ status, body });
    await expect(all({}, { since: 0 })).rejects.toMatchObject({ message, mayPass });
  });

  test("also where nobody answers", async () => {
    await expect(logs("http://127.0.0.1:1").newest({}, { since: 0 }, 1)).rejects.toMatchObject({
      message: "CloudWatch Logs at 127.0.0.1 does not answer: check the network",
      mayPass: true,
    });
  });
});
