import type { RequestListener } from "node:http";
import { followNodeLogs, lastLines, positionAfter } from "../../lib/operate/node-logs/follow-node-logs";
import { NodeLogs, type NodeLogLine, type NodeProcess } from "../../lib/operate/node-logs/node-logs";
import { RestCaller } from "../../lib/operate/rest-caller";
import { ClusterUnderTest } from "./cluster-under-test";

jest.mock<typeof import("../support/few-key-pairs")>("../../lib/core/x509/key-pair", () =>
  jest.requireActual("../support/few-key-pairs"),
);

/** Files of the node by path, as Flink offers them. */
const files = new Map<string, string>();
let cluster: ClusterUnderTest;
let logs: NodeLogs;

const JOB_MANAGER = "/jobmanager/logs";
const TASK_MANAGER = "/taskmanagers/orders-node-1/logs";

const flink: RequestListener = ({ url = "" }, response) => {
  const content = files.get(decodeURIComponent(url));
  if (content !== undefined) return void response.end(content);
  const below = [...files].filter(([path]) => path.startsWith(`${url}/`));
  if (below.length === 0) return void response.writeHead(404).end("{}");
  const list = below.map(([path, text]) => ({ name: path.slice(url.length + 1), size: Buffer.byteLength(text) }));
  response.end(JSON.stringify({ logs: list }));
};

beforeAll(async () => {
  cluster = await ClusterUnderTest.create();
  const node = await cluster.start("orders-node-1", flink);
  logs = new NodeLogs(node.name, new RestCaller(await cluster.open(node), cluster.tls));
});
beforeEach(() => {
  files.clear();
  files.set(`${JOB_MANAGER}/jobmanager.out`, "");
  files.set(`${JOB_MANAGER}/jobmanager.log.1`, "old\n");
  files.set(`${JOB_MANAGER}/jobmanager.log`, "one\ntwo\nthree\n");
  files.set(`${TASK_MANAGER}/taskmanager.log`, "task\n");
});
afterAll(() => cluster.stopAll());

const texts = (lines: readonly NodeLogLine[]): string[] => lines.map(({ text }) => text);

async function take(lines: AsyncGenerator<NodeLogLine>, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) taken.push((await lines.next()).value!.text);
  return taken;
}

test("all files of both processes are named, and the one that each writes now is known among them", async () => {
  expect((await logs.files()).map(({ process, name, sizeBytes }) => `${process} ${name} ${sizeBytes}`)).toEqual([
    ...["jobmanager jobmanager.out 0", "jobmanager jobmanager.log.1 4", "jobmanager jobmanager.log 14"],
    "taskmanager taskmanager.log 5",
  ]);
  expect((await logs.newest()).map(({ name }) => name)).toEqual(["jobmanager.log", "taskmanager.log"]);
});

test("a file that is not there is refused with those that are", async () => {
  await expect(logs.named("nope")).rejects.toThrow(
    "orders-node-1 has no log file nope: name one of jobmanager.log, jobmanager.log.1, jobmanager.out, taskmanager.log",
  );
  await expect(logs.named("taskmanager.log", ["jobmanager"])).rejects.toThrow("has no log file");
});

test("the last lines of a file", async () => {
  const [file] = await logs.newest(["jobmanager"]);
  expect(texts(await lastLines(logs, file, 2))).toEqual(["two", "three"]);
  expect(positionAfter(file, await lastLines(logs, file, 2)).nextByte).toBe(14);
});

test("no terminal obeys what a job logs, and what Java indents by stays", async () => {
  files.set(`${JOB_MANAGER}/jobmanager.log`, "\u001b[2J\u001b]0;x\u0007gone\r\n\tat org.Käse(A.java)\n  two  blanks\n");
  const [file] = await logs.newest(["jobmanager"]);
  expect(texts(await lastLines(logs, file, 9))).toEqual(["[2J ]0;x gone", "\tat org.Käse(A.java)", "  two  blanks"]);
});

test("a line without an end is told as one, and cut where it is too long", async () => {
  files.set(`${JOB_MANAGER}/jobmanager.log`, `${"x".repeat(3 << 20)}y`);
  const [file] = await logs.newest(["jobmanager"]);
  const lines = await lastLines(logs, file, 99);
  expect(lines.length).toBeGreaterThan(2);
  expect(texts(lines).join("").length).toBe((3 << 20) + 1);
  expect(lines.at(-1)!.isWhole).toBe(false);
});

test("new lines come as they are written, each once and whole", async () => {
  const pauses: (() => void)[] = [];
  /** Says that the reader has seen all, and what happens before it looks again. */
  const pause = async (): Promise<void> => void pauses.shift()!();
  const [file] = await logs.newest(["jobmanager"]);
  const position = positionAfter(file, await lastLines(logs, file, 1));
  const write = (text: string) => () => void files.set(`${JOB_MANAGER}/jobmanager.log`, text);
  pauses.push(write("one\ntwo\nthree\nfo"), write("one\ntwo\nthree\nfour\nfive\n"));
  // It is begun anew.
  pauses.push(write("a\n"), write("a\nb\n"));
  const both: readonly NodeProcess[] = ["jobmanager", "taskmanager"];
  const lines = followNodeLogs(logs, both, [position], { pause });
  expect(await take(lines, 5)).toEqual(["task", "four", "five", "a", "b"]);
});

describe("a node that does not answer while it is followed", () => {
  const begin = async (acts: (() => void)[], onAway: (failure: unknown) => void) => {
    const [file] = await logs.newest(["jobmanager"]);
    const position = positionAfter(file, await lastLines(logs, file, 1));
    const pause = async (): Promise<void> => void acts.shift()?.();
    return followNodeLogs(logs, ["jobmanager"], [position], { pause, onAway });
  };
  const away = () => jest.spyOn(logs, "newest").mockRejectedValue(new Error("connect ECONNREFUSED"));

  afterEach(() => jest.restoreAllMocks());

  test("is waited for, which is told once, and no line comes twice", async () => {
    const told: unknown[] = [];
    const back = (): void => {
      jest.restoreAllMocks();
      files.set(`${JOB_MANAGER}/jobmanager.log`, "one\ntwo\nthree\nfour\n");
    };
    const lines = await begin([away, () => undefined, back], (failure) => told.push(failure));
    expect(await take(lines, 1)).toEqual(["four"]);
    expect(told).toEqual([new Error("connect ECONNREFUSED")]);
  });

  test("is not waited for once that has been ended, and nothing is told", async () => {
    const end = new AbortController();
    const told: unknown[] = [];
    const [file] = await logs.newest(["jobmanager"]);
    const onAway = (failure: unknown) => told.push(failure);
    const lines = followNodeLogs(logs, ["jobmanager"], [{ file, nextByte: 0 }], { onAway, signal: end.signal });
    expect(await take(lines, 3)).toEqual(["one", "two", "three"]);
    // It waits for the next look, long before which it ends.
    const next = lines.next();
    away();
    end.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(told).toEqual([]);
  });

  test("keeps nobody who ends it waiting for an answer", async () => {
    const end = new AbortController();
    // It takes the question, and says nothing.
    const silent = await cluster.start("orders-node-2", () => end.abort());
    const silentLogs = new NodeLogs(silent.name, new RestCaller(await cluster.open(silent), cluster.tls, end.signal));
    await expect(silentLogs.newest()).rejects.toThrow("The operation was aborted");
  });

  test("is given up after some minutes", async () => {
    let now = Date.now();
    jest.spyOn(Date, "now").mockImplementation(() => (now += 60_000));
    const lines = await begin([away], () => undefined);
    await expect(take(lines, 1)).rejects.toThrow("connect ECONNREFUSED");
  });
});

test("a TaskManager that is not there is no reason to say nothing of the JobManager", async () => {
  files.delete(`${TASK_MANAGER}/taskmanager.log`);
  expect((await logs.newest()).map(({ process }) => process)).toEqual(["jobmanager"]);
});
