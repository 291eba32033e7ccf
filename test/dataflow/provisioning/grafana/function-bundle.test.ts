import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GrafanaRequest } from "../../../../lib/dataflow/provisioning/grafana/grafana-request";
import { callFunction, ROOT, unpackedFunction } from "../bundled-function";
import { SecretsServer } from "../secrets-server";
import { EDITOR, LoopbackGrafana } from "./loopback-grafana";

const NAME = "grafana-provisioner";
const START_MILLIS = 600_000;
/** What every deploy with a new release uploads. */
const MOST_BYTES = 40 << 10;
const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-token-AbCdEf";
const LINES = ["folder flink", "dashboard jobs"];
const NOTHING = { made: [], there: [], closed: [] };

let folder: string;
let program: string;
let grafana: LoopbackGrafana;
let secrets: SecretsServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "functions-"));
  program = await unpackedFunction(folder, NAME);
  grafana = await LoopbackGrafana.start();
  secrets = await SecretsServer.start();
  secrets.texts.set(SECRET, JSON.stringify({ token: EDITOR }));
}, START_MILLIS);
afterAll(async () => {
  await secrets?.stop();
  await grafana?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const order = (given: Partial<GrafanaRequest> = {}): GrafanaRequest => ({
  ...{ region: "eu-west-1", secretsEndpoint: secrets.endpoint, tokenSecretArn: SECRET, url: grafana.url },
  ...{ certificateAuthorities: grafana.authority, deploy: "123456789012:eu-west-1:0123abcd" },
  ...{ folder: { uid: "flink", title: "Flink" } },
  dashboards: [{ uid: "jobs", title: "Jobs", tags: ["cdktf-flink"], panels: [] }],
  ...{ deletesOnDestroy: false, ...given },
});

/** As Terraform calls it, which writes the members of an object by the alphabet and hands over what was before. */
async function lifecycle(action: string, ordered: GrafanaRequest, told = ordered): Promise<unknown> {
  const text = JSON.stringify(told);
  const request = { order: text, tf: { action, prev_input: { order: text } } };
  // The order's own text is what its hash is of.
  return callFunction(program, request, {}, ordered);
}

test("is small, and knows no path of this machine", () => {
  expect(statSync(join(folder, `${NAME}.zip`)).size).toBeLessThan(MOST_BYTES);
  expect(readFileSync(program, "utf8")).not.toContain(ROOT);
});

test(
  "as Lambda calls it, it reads the token, makes what was ordered, and finds it there",
  async () => {
    expect(await callFunction(program, order())).toEqual({ ...NOTHING, made: LINES });
    expect(await callFunction(program, order())).toEqual({ ...NOTHING, there: LINES });
    const [{ headers, body }] = secrets.requests;
    expect(headers).toMatchObject({
      "x-amz-target": "secretsmanager.GetSecretValue",
      "x-amz-security-token": "session",
    });
    expect(body).toEqual({ SecretId: SECRET });
    expect(grafana.violations).toEqual([]);
  },
  START_MILLIS,
);

test(
  "as Terraform calls it for a destroy, it does nothing unless that was ordered, and then deletes",
  async () => {
    await callFunction(program, order());
    const before = [...grafana.calls];
    for (const action of ["create", "update", "delete"]) expect(await lifecycle(action, order())).toEqual(NOTHING);
    const deleting = order({ deletesOnDestroy: true });
    for (const action of ["create", "update"]) expect(await lifecycle(action, deleting)).toEqual(NOTHING);
    // Nor does an order of before, of an apply that broke off, hinder a destroy that is to do nothing.
    expect(await lifecycle("delete", deleting, order())).toEqual(NOTHING);
    expect(grafana.calls).toEqual(before);
    expect(await lifecycle("delete", deleting)).toEqual({ ...NOTHING, closed: ["dashboard jobs"] });
    expect([...grafana.dashboards.keys()]).toEqual([]);
    expect([...grafana.folders.keys()]).toEqual(["flink"]);
  },
  START_MILLIS,
);

test(
  "what the deploy did not order is neither made nor deleted, and a token that is none is not told",
  async () => {
    const before = [...grafana.calls];
    const isRefused = { message: expect.stringMatching(/^this is not what the deploy ordered: /) as string };
    const others = order({ folder: { uid: "others", title: "Others" }, deletesOnDestroy: true });
    expect(await callFunction(program, others, {}, order())).toMatchObject(isRefused);
    expect(await lifecycle("delete", order(), others)).toMatchObject(isRefused);
    secrets.texts.set(SECRET, "a token alone");
    const failure = (await callFunction(program, order())) as { message: string; stack: string };
    expect(failure.message).toContain(`the secret ${SECRET} does not hold a token of Grafana`);
    expect(failure.stack).not.toContain("a token alone");
    expect(grafana.calls).toEqual(before);
  },
  START_MILLIS,
);
