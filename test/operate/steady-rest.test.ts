import type { RequestListener } from "node:http";
import { RestProblem } from "../../lib/operate/rest-caller";
import { SteadyRest } from "../../lib/operate/steady-rest";
import { CurrentWay } from "../../lib/operate/tunnel/current-way";
import { ClusterUnderTest } from "./cluster-under-test";

let cluster: ClusterUnderTest;
let way: CurrentWay;
let rest: SteadyRest;
/** What the nodes answer. */
let answer: RequestListener;

beforeAll(async () => {
  cluster = await ClusterUnderTest.create();
  const nodes = [
    await cluster.start("node-1", (request, response) => answer(request, response)),
    await cluster.start("node-2", (request, response) => answer(request, response)),
  ];
  const find = () => Promise.resolve({ nodes });
  way = new CurrentWay(cluster, find, cluster.tls);
});
beforeEach(() => (rest = new SteadyRest({ way, tls: cluster.tls, pause: () => Promise.resolve() })));
afterAll(async () => {
  await way.close();
  await cluster.stopAll();
});

/** Answers with such states of HTTP, one after the other, and then well; 0 is none. */
function answersOf(...states: readonly number[]): string[] {
  const [left, asked] = [[...states], [] as string[]];
  answer = (request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      const state = left.shift() ?? 200;
      if (state === 0) return void request.destroy();
      response.writeHead(state).end(state < 300 ? '{"a":1}' : '{"errors":["IllegalState: no."]}');
    });
  };
  return asked;
}

test("what is sent is JSON, and what is taken up for later is an answer", async () => {
  const asked = answersOf(202);
  await expect(rest.json("/jobs/1/stop", { drain: false })).resolves.toEqual({ a: 1 });
  expect(asked).toEqual(['POST /jobs/1/stop {"drain":false}']);
});

test("a node that goes and an election are waited out", async () => {
  const asked = answersOf(200, 503, 0, 500);
  await rest.json("/overview");
  await expect(rest.json("/overview")).resolves.toEqual({ a: 1 });
  expect(asked).toHaveLength(5);
  expect(new Set(cluster.opened)).toEqual(new Set(["node-1", "node-2"]));
});

test("what is refused is told with what Flink says, and not asked for again", async () => {
  const asked = answersOf(404);
  const failure: unknown = await rest.json("/jobs/1").catch((found: unknown) => found);
  expect(failure).toBeInstanceOf(RestProblem);
  expect(failure).toMatchObject({ status: 404, told: "IllegalState: no." });
  expect(asked).toHaveLength(1);
});

test("a cluster that never answered is not waited for", async () => {
  answersOf(503);
  await expect(rest.json("/overview")).rejects.toThrow("answers /overview with 503");
});
