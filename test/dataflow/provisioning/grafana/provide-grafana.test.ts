import { GrafanaApi } from "../../../../lib/dataflow/provisioning/grafana/grafana-api";
import type { DashboardRequest } from "../../../../lib/dataflow/provisioning/grafana/grafana-request";
import { provideGrafana, removeFromGrafana } from "../../../../lib/dataflow/provisioning/grafana/provide-grafana";
import { readToken } from "../../../../lib/dataflow/provisioning/grafana/token";
import { FlinkMetricDashboards } from "../../../../lib/observability/grafana/flink-metric-dashboards";
import { PrometheusStore } from "../../../../lib/observability/grafana/prometheus-store";
import { HttpsClient, HttpsClientOptions } from "../../../../lib/node/log-exporter/https-client";
import { MemorySecrets } from "../postgresql/memory-secrets";
import { EDITOR, LoopbackGrafana, NOBODY, VIEWER } from "./loopback-grafana";

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-token-AbCdEf";
const PATIENCE = { tries: 3, pauseMillis: 1 };
const FOLDER = { uid: "streaming-dashboards", title: "Flink" };
const DEPLOY = "123456789012:eu-west-1:0123abcd";
const TAG = `deploy:${DEPLOY}`;
const NOTHING = { made: [], there: [], closed: [] };

let grafana: LoopbackGrafana;
const clients: HttpsClient[] = [];

beforeAll(async () => {
  grafana = await LoopbackGrafana.start();
});
beforeEach(() => grafana.reset());
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  // Nothing was asked that Grafana does not publish, and nothing answered.
  expect(grafana.violations).toEqual([]);
});
afterAll(() => grafana?.stop());

function api(token = EDITOR, options: Partial<HttpsClientOptions> = {}): GrafanaApi {
  const { url, authority: certificateAuthorities } = grafana;
  const client = new HttpsClient({ url, certificateAuthorities, timeoutSeconds: 5, ...options });
  clients.push(client);
  return new GrafanaApi(client, { token, secretArn: SECRET }, PATIENCE);
}

const dashboard = (uid: string, more: object = {}): DashboardRequest => ({
  ...{ uid, title: `Title of ${uid}`, tags: ["cdktf-flink"], panels: [{ id: 1, type: "row" }] },
  ...more,
});
const ORDER = { deploy: DEPLOY, folder: FOLDER, dashboards: [dashboard("one"), dashboard("two")] };
const provide = (order = ORDER, as = api()) => provideGrafana(as, order);
const lines = (...uids: string[]) => uids.map((uid) => `dashboard ${uid}`);
const saved = () => grafana.calls.filter((call) => call.startsWith("POST"));
const versions = () => [...grafana.dashboards].map(([uid, { version }]) => [uid, version]);

test("the folder and the dashboards are made; again, nothing is saved", async () => {
  expect(await provide()).toEqual({ ...NOTHING, made: [`folder ${FOLDER.uid}`, ...lines("one", "two")] });
  expect(grafana.folders.get(FOLDER.uid)).toBe("Flink");
  expect(grafana.dashboards.get("one")).toMatchObject({
    folderUid: FOLDER.uid,
    content: { ...dashboard("one"), tags: ["cdktf-flink", TAG] },
  });
  const before = saved();
  expect(await provide()).toEqual({ ...NOTHING, there: [`folder ${FOLDER.uid}`, ...lines("one", "two")] });
  expect(saved()).toEqual(before);
  expect(versions()).toEqual([
    ["one", 1],
    ["two", 1],
  ]);
});

test("all dashboards of the library are kept as they were sent", async () => {
  const { dashboards } = new FlinkMetricDashboards();
  const bodies = dashboards.map(
    (one) => JSON.parse(JSON.stringify(one._dashboard(new PrometheusStore()))) as DashboardRequest,
  );
  const order = { ...ORDER, dashboards: bodies };
  expect((await provide(order)).made).toHaveLength(dashboards.length + 1);
  expect((await provide(order)).there).toHaveLength(dashboards.length + 1);
});

test("a version of Grafana that says of what is not there that it may not be seen is served as well", async () => {
  grafana.ofMissing = 403;
  expect((await provide()).made).toEqual([`folder ${FOLDER.uid}`, ...lines("one", "two")]);
});

test("what changed, was changed by hand or was moved is saved anew, and nothing else", async () => {
  await provide();
  grafana.folders.set("elsewhere", "Elsewhere");
  const { content } = grafana.dashboards.get("two")!;
  grafana.save("two", FOLDER.uid, { ...content, panels: [] });
  expect(await provide()).toMatchObject({ made: lines("two"), there: [`folder ${FOLDER.uid}`, ...lines("one")] });
  grafana.save("two", "elsewhere", content);
  expect((await provide()).made).toEqual(lines("two"));
  const changed = { ...ORDER, dashboards: [dashboard("one", { title: "Another" }), dashboard("two")] };
  expect((await provide(changed)).made).toEqual(lines("one"));
  expect(grafana.dashboards.get("one")).toMatchObject({ version: 2, content: { title: "Another" } });
  expect(grafana.dashboards.get("two")).toMatchObject({ folderUid: FOLDER.uid, content: { panels: [{}] } });
});

test("what Grafana adds of its own is no change", async () => {
  await provide();
  const { content } = grafana.dashboards.get("one")!;
  grafana.save("one", FOLDER.uid, { ...content, links: [], panels: [{ id: 1, type: "row", pluginVersion: "12.0.0" }] });
  expect((await provide()).there).toContain("dashboard one");
});

test("a folder that is there is used as it is", async () => {
  grafana.folders.set(FOLDER.uid, "What people called it");
  expect(await provide()).toMatchObject({ made: lines("one", "two"), there: [`folder ${FOLDER.uid}`] });
  expect(grafana.folders.get(FOLDER.uid)).toBe("What people called it");
});

test("a folder that somebody makes meanwhile is used, and one of others with the same title is not", async () => {
  grafana.meanwhile = () => grafana.folders.set(FOLDER.uid, "Theirs");
  expect((await provide()).there).toEqual([`folder ${FOLDER.uid}`]);
  grafana.reset();
  grafana.hasUniqueTitles = true;
  grafana.folders.set("others", "Flink");
  await expect(provide()).rejects.toThrow(
    'the folder streaming-dashboards cannot be made: in Grafana there is another one called "Flink", or one with this id that the service account may not see: set folderTitle or folderUid to another, or folderUid to that of the other folder',
  );
  expect([...grafana.folders.keys()]).toEqual(["others"]);
  expect(grafana.dashboards.size).toBe(0);
});

test("a dashboard of others with an id of ours is refused before anything is changed", async () => {
  grafana.folders.set("others", "Others");
  grafana.save("two", "others", dashboard("two"));
  await expect(provide()).rejects.toThrow(
    "a dashboard with the id two is there in Grafana without the tag deploy:123456789012:eu-west-1:0123abcd, so this deploy did not make it: delete it there, or give yours another id",
  );
  expect(saved()).toEqual([]);
});

test.each([
  ["account", "210987654321:eu-west-1:0123abcd"],
  ["region", "123456789012:us-east-1:0123abcd"],
  ["name", "123456789012:eu-west-1:4567cdef"],
])("so is that of a deploy of another %s, also in the same folder, and its destroy deletes none", async (_, deploy) => {
  await provide();
  const others = { ...ORDER, deploy };
  await expect(provide(others)).rejects.toThrow(
    `a dashboard with the id one is there in Grafana with the tag ${TAG}, so another deploy than this one (deploy:${deploy}) made it: let one of the two have it, or give yours another id`,
  );
  expect(await removeFromGrafana(api(), others)).toEqual(NOTHING);
  expect(versions()).toEqual([
    ["one", 1],
    ["two", 1],
  ]);
});

test("a dashboard of others with a title of ours is left alone, whatever Grafana does with titles", async () => {
  grafana.folders.set(FOLDER.uid, "Flink");
  grafana.save("theirs", FOLDER.uid, { title: "Title of one" });
  await provide();
  expect(grafana.dashboards.get("theirs")).toMatchObject({ version: 1, content: { uid: "theirs" } });
  grafana.dashboards.delete("one");
  grafana.hasUniqueTitles = true;
  await expect(provide()).rejects.toThrow(
    'the dashboard one cannot be saved: Grafana says "A dashboard with the same name in the folder already exists"',
  );
  expect(grafana.dashboards.get("theirs")).toMatchObject({ version: 1, content: { uid: "theirs" } });
});

test("what is saved by somebody else in between is looked at again, and who takes the tag off keeps it", async () => {
  await provide();
  const changed = { ...ORDER, dashboards: [dashboard("one", { title: "Another" })] };
  const { content } = grafana.dashboards.get("one")!;
  grafana.meanwhile = () => grafana.save("one", FOLDER.uid, { ...content, panels: [] });
  expect((await provide(changed)).made).toEqual(lines("one"));
  expect(grafana.dashboards.get("one")).toMatchObject({ version: 3, content: { title: "Another", panels: [{}] } });
  grafana.meanwhile = () => grafana.save("one", FOLDER.uid, { title: "Mine", tags: [] });
  await expect(provide()).rejects.toThrow("without the tag");
  expect(grafana.dashboards.get("one")).toMatchObject({ content: { title: "Mine" } });
});

test("one that changes all the time is given up", async () => {
  await provide();
  const again = (): void => {
    grafana.save("one", FOLDER.uid, { title: "Busy", tags: [TAG] });
    grafana.meanwhile = again;
  };
  grafana.meanwhile = again;
  await expect(provide({ ...ORDER, dashboards: [dashboard("one", { title: "Another" })] })).rejects.toThrow(
    'the dashboard one cannot be saved: Grafana says "The dashboard has been changed by someone else"',
  );
});

test("a destroy deletes what is still ours, and neither the folder nor what others made in it", async () => {
  await provide({ ...ORDER, dashboards: [...ORDER.dashboards, dashboard("three")] });
  grafana.save("theirs", FOLDER.uid, dashboard("theirs", { tags: ["cdktf-flink", TAG] }));
  grafana.save("two", FOLDER.uid, dashboard("two"));
  expect(await removeFromGrafana(api(), ORDER)).toEqual({ ...NOTHING, closed: lines("one") });
  // Three was not ordered, theirs is a copy that took the tags along, and of two somebody took the tag off.
  expect([...grafana.dashboards.keys()].sort()).toEqual(["theirs", "three", "two"]);
  expect([...grafana.folders.keys()]).toEqual([FOLDER.uid]);
  expect(await removeFromGrafana(api(), ORDER)).toEqual(NOTHING);
});

test("a destroy by a token that may see nothing, or only look, fails in place of deleting nothing", async () => {
  await provide();
  const says = `Grafana says "You'll need additional permissions to perform this action.": give the role Editor to the service account whose token is in ${SECRET}`;
  const may = { [NOBODY]: "read", [VIEWER]: "deleted" };
  for (const [token, done] of Object.entries(may)) {
    await expect(removeFromGrafana(api(token), ORDER)).rejects.toThrow(`the dashboard one cannot be ${done}: ${says}`);
  }
  expect([...grafana.dashboards.keys()]).toEqual(["one", "two"]);
});

test("a version that says of what is not there that it may not be seen is believed on a destroy where the folder is seen", async () => {
  await provide();
  grafana.ofMissing = 403;
  grafana.dashboards.delete("one");
  expect(await removeFromGrafana(api(), ORDER)).toEqual({ ...NOTHING, closed: lines("two") });
  expect(await removeFromGrafana(api(), ORDER)).toEqual(NOTHING);
  grafana.folders.clear();
  await expect(removeFromGrafana(api(), ORDER)).rejects.toThrow("the dashboard one cannot be read: ");
});

test("a wrong token and one that may not write are told at once, and what to do", async () => {
  await expect(provide(ORDER, api("glsa_ended"))).rejects.toThrow(
    `the dashboard one cannot be read: Grafana says "Invalid API key": make a new token of its service account, and put it into ${SECRET}`,
  );
  expect(grafana.calls).toHaveLength(1);
  await expect(provide(ORDER, api(VIEWER))).rejects.toThrow(
    `the folder streaming-dashboards cannot be made: Grafana says "You'll need additional permissions to perform this action.": give the role Editor to the service account whose token is in ${SECRET}`,
  );
  expect(saved()).toHaveLength(1);
});

test("a Grafana that is busy is asked again, and one that stays so is told of", async () => {
  grafana.interruptions.push(503, 429);
  expect((await provide()).made).toHaveLength(3);
  grafana.interruptions.push(502, 502, 502);
  await expect(provide()).rejects.toThrow('the dashboard one cannot be read: Grafana says "not now"');
});

test("what leads to another place is not followed", async () => {
  grafana.interruptions.push(302);
  await expect(provide()).rejects.toThrow('the dashboard one cannot be read: Grafana says "not now"');
  expect(grafana.calls).toHaveLength(1);
});

test("a certificate of an authority that was not named is not trusted, and not asked again", async () => {
  const { authority } = await LoopbackGrafana.start().then(async (other) => {
    await other.stop();
    return other;
  });
  await expect(provide(ORDER, api(EDITOR, { certificateAuthorities: authority }))).rejects.toThrow(
    new RegExp(`^Grafana is not reached: the certificate of localhost:${grafana.port} is not trusted: `),
  );
  expect(grafana.calls).toEqual([]);
});

test("a name that nobody knows, and a port where nobody listens, are told of", async () => {
  await expect(provide(ORDER, api(EDITOR, { url: "https://grafana.invalid" }))).rejects.toThrow(
    "Grafana is not reached: the name grafana.invalid cannot be resolved",
  );
  const other = await LoopbackGrafana.start();
  await other.stop();
  const closed = new HttpsClient({ url: `https://localhost:1`, timeoutSeconds: 5 });
  clients.push(closed);
  await expect(
    provideGrafana(new GrafanaApi(closed, { token: EDITOR, secretArn: SECRET }, PATIENCE), ORDER),
  ).rejects.toThrow("Grafana is not reached: localhost:1 refuses the connection");
});

describe("the token", () => {
  const read = (text?: string, refusals: Error[] = []) => {
    const secrets = new MemorySecrets();
    if (text !== undefined) secrets.texts.set(SECRET, text);
    secrets.refusals.push(...refusals);
    return readToken(SECRET, secrets, PATIENCE);
  };

  test("is the text token of the secret, which the role may not read at first", async () => {
    const refusal = Object.assign(new Error("not yet"), { code: "AccessDeniedException" });
    expect(await read('{"token": "glsa_1", "user": "x"}', [refusal])).toEqual({ token: "glsa_1", secretArn: SECRET });
  });

  test.each([[undefined], ["glsa_1"], ["null"], ['{"token": ""}'], ['{"token": "two\\nlines"}'], ['{"token": 1}']])(
    "is not in %j, which is not told",
    async (text) => {
      await expect(read(text)).rejects.toThrow(
        `the secret ${SECRET} does not hold a token of Grafana: make its value {"token": "…"} with that of a service account`,
      );
    },
  );
});
