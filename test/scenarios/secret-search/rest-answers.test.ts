import { SessionNode } from "../flink-session";
import { RestError } from "../rest-client";
import { Matcher } from "./matcher";
import { needlesOf } from "./needles";
import { plant, valueOf } from "./planted";
import { RestReader, searchRestAnswers, shownPasswords } from "./rest-answers";

const marked = plant("anything", []);
const matcher = new Matcher(needlesOf([marked.secret]));
const NODES = ["node-1", "node-2"].map((name) => ({ name, restAddress: `https://${name}:8081` }) as SessionNode);

type Told = string | number;

/** A cluster with a job and a TaskManager, which answers something else (of several, one after the other) where the test says so. */
function rest(others: Readonly<Record<string, Told | readonly Told[]>>): RestReader & { readonly asked: string[] } {
  const usual: Record<string, string> = {
    "/jobmanager/logs": '{"logs":[{"name":"flink 1.log","size":1}]}',
    "/taskmanagers": '{"taskmanagers":[{"id":"10.0.0.1:1-a"}]}',
    "/taskmanagers/10.0.0.1%3A1-a/logs": '{"logs":[{"name":"tm.log","size":1}]}',
    "/jobs/overview": '{"jobs":[{"jid":"j1"}]}',
  };
  const asked: string[] = [];
  return {
    asked,
    text: (_, url) => {
      asked.push(url);
      const own = [others[url] ?? usual[new URL(url).pathname] ?? "{}"].flat();
      const answer = own[Math.min(asked.filter((one) => one === url).length, own.length) - 1];
      return typeof answer === "string" ? Promise.resolve(answer) : Promise.reject(new RestError(url, answer, "no"));
    },
  };
}

describe("the REST API's answers are searched", () => {
  const holders = [
    "https://node-1:8081/jobmanager/environment",
    "https://node-2:8081/jobmanager/environment",
    "https://node-2:8081/jobmanager/config",
    "https://node-2:8081/jobmanager/logs/flink%201.log",
    "https://node-1:8081/taskmanagers/10.0.0.1%3A1-a",
    "https://node-1:8081/taskmanagers/10.0.0.1%3A1-a/logs/tm.log",
    "https://node-1:8081/jobs/j1/config",
    "https://node-1:8081/config",
  ];
  test.each(holders)("%s", async (url) => {
    const { hits } = await searchRestAnswers(rest({ [url]: `{"x":"${valueOf(marked)}"}` }), NODES, NODES[0], matcher);
    expect(hits).toMatchObject([{ where: url.replace(/^https:\/\/(node-\d):8081/, "$1") }]);
  });

  test("and nothing is found in others", async () => {
    const { hits, things, bytes } = await searchRestAnswers(rest({}), NODES, NODES[0], matcher);
    expect(hits).toEqual([]);
    expect(things).toBeGreaterThan(25);
    expect(bytes).toBeGreaterThan(things);
  });
});

test("a log that was rotated away is none; what must answer must", async () => {
  const [log, logs, config] = ["/jobmanager/logs/flink%201.log", "/jobmanager/logs", "/jobmanager/config"].map(
    (at) => `https://node-1:8081${at}`,
  );
  const [both, other] = ["flink 1.log", "other.log"].map((_, from, names) => {
    return JSON.stringify({ logs: names.slice(from).map((name) => ({ name })) });
  });
  for (const status of [404, 500]) {
    const rotated = rest({ [log]: status, [logs]: [both, other] });
    await searchRestAnswers(rotated, NODES, NODES[0], matcher);
    expect(rotated.asked).toContain(`${logs}/other.log`);
    // Still listed: it is there, and was not looked at.
    await expect(searchRestAnswers(rest({ [log]: status, [logs]: both }), NODES, NODES[0], matcher)).rejects.toThrow(
      `answered ${status}`,
    );
  }
  await expect(searchRestAnswers(rest({ [log]: 0 }), NODES, NODES[0], matcher)).rejects.toThrow("answered 0");
  await expect(searchRestAnswers(rest({ [config]: 500 }), NODES, NODES[0], matcher)).rejects.toThrow("answered 500");
});

test.each([
  ["no TaskManager", { "https://node-1:8081/taskmanagers": '{"taskmanagers":[]}' }, /has no TaskManager/],
  [
    "a TaskManager without logs",
    { "https://node-1:8081/taskmanagers/10.0.0.1%3A1-a/logs": '{"logs":[]}' },
    /no log of \/taskmanagers\/10\.0\.0\.1%3A1-a could be read/,
  ],
  [
    "one whose only log was rotated away",
    {
      "https://node-1:8081/taskmanagers/10.0.0.1%3A1-a/logs": ['{"logs":[{"name":"tm.log"}]}', '{"logs":[]}'],
      "https://node-1:8081/taskmanagers/10.0.0.1%3A1-a/logs/tm.log": 500,
    },
    /could be read/,
  ],
  [
    "a JobManager without logs",
    { "https://node-2:8081/jobmanager/logs": "{}" },
    /no log of \/jobmanager could be read/,
  ],
])("of %s nothing is shown", async (_, others, message) => {
  await expect(searchRestAnswers(rest(others), NODES, NODES[0], matcher)).rejects.toThrow(message);
});

test("each node is asked for the passwords that it shows", async () => {
  const config = JSON.stringify([{ key: "security.ssl.rest.key-password", value: "shown" }]);
  const reader = rest({ "https://node-2:8081/jobmanager/config": config });
  expect(await shownPasswords(reader, NODES[1])).toEqual(["security.ssl.rest.key-password"]);
  expect(reader.asked.every((url) => url.startsWith("https://node-2:"))).toBe(true);
});
