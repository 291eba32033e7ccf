import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  FlinkMetricDashboards,
  GrafanaDashboards,
  GrafanaDashboardsProps,
  PrometheusStore,
  RemovalPolicy,
} from "../../lib";
import { closedSecurityGroup } from "../../lib/dataflow/closed-security-group";
import { functionPackage } from "../../lib/dataflow/provisioning/function-package";
import { EDITOR, LoopbackGrafana } from "../dataflow/provisioning/grafana/loopback-grafana";
import { SecretsServer } from "../dataflow/provisioning/secrets-server";
import { Block, synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";
import { Emulator } from "./emulator";
import { emulatorOverride } from "./override";
import { FunctionQuestion, playFunction } from "./play-function";
import { networkOfThreeZones } from "./three-zones";

const MINUTES = 60_000;
const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:grafana-token-AbCdEf";
const FOLDER = "flink";

let dir: string;
let emulator: Emulator;
let terraform: Terraform;
let grafana: LoopbackGrafana;
let secrets: SecretsServer;
let player: Server;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "emulator-"));
  grafana = await LoopbackGrafana.start();
  secrets = await SecretsServer.start();
  player = createServer((request, response) => {
    void text(request)
      .then((question) => playFunction(JSON.parse(question) as FunctionQuestion, secrets.endpoint))
      .then(
        (answer) => response.end(JSON.stringify({ answer })),
        (failure: Error) => response.destroy(failure),
      );
  });
  const questions = join(dir, "questions.sock");
  await new Promise<void>((resolve) => player.listen(questions, resolve));
  emulator = await Emulator.start({ dir: join(dir, "emulator"), questions });
  write();
  emulatorOverride(dir, emulator.endpoint!);
  terraform = new Terraform(dir);
  await terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  await emulator?.stop();
  await new Promise((resolve) => player.close(resolve));
  await secrets?.stop();
  await grafana?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function write(given: Partial<GrafanaDashboardsProps> = {}): void {
  const { json } = synthesize((stack) => {
    const network = networkOfThreeZones(stack);
    const place = { vpcId: network.vpcId, name: "grafana", description: "Grafana" };
    new GrafanaDashboards(stack, "dashboards", {
      network,
      grafana: {
        ...{ host: "localhost", port: grafana.port, securityGroupId: closedSecurityGroup(stack, place) },
        ...{ certificateAuthorities: grafana.authority, token: { secretArn: SECRET_ARN } },
      },
      ...{ store: new PrometheusStore(), dashboards: new FlinkMetricDashboards().dashboards, folderUid: FOLDER },
      ...given,
    });
  });
  // What is synthesized alone leaves its assets where it was made.
  const [lambda] = Object.values((json.resource as Record<string, Record<string, Block>>).aws_lambda_function);
  lambda.filename = functionPackage("grafana-provisioner").path;
  writeFileSync(join(dir, "cdk.tf.json"), JSON.stringify(json, undefined, 2));
}

const kept = () => [...grafana.dashboards].map(([uid, { version }]) => `${uid} ${version}`).sort();
const all = (version: number) => new FlinkMetricDashboards().dashboards.map(({ uid }) => `${uid} ${version}`).sort();

test(
  "an apply puts dashboards into Grafana as they were written, and a second plan is empty",
  async () => {
    secrets.texts.set(SECRET_ARN, JSON.stringify({ token: EDITOR }));
    await terraform.apply();
    expect([...grafana.folders]).toEqual([[FOLDER, "Flink"]]);
    expect(kept()).toEqual(all(1));
    const { overview } = new FlinkMetricDashboards();
    expect(grafana.dashboards.get(overview.uid)!.content).toMatchObject({
      ...(JSON.parse(overview.toJson(new PrometheusStore())) as object),
      tags: ["cdktf-flink", expect.stringMatching(/^deploy:\d{12}:[a-z0-9-]+:[0-9a-f]{8}$/) as string],
    });
    expect(await terraform.planActions()).toEqual({});
    expect(grafana.violations).toEqual([]);
  },
  5 * MINUTES,
);

test(
  "a change that fails is tried again by the next apply",
  async () => {
    write({ dataSourceUid: "prometheus", removalPolicy: RemovalPolicy.DESTROY });
    secrets.texts.set(SECRET_ARN, JSON.stringify({ token: "glsa_ended" }));
    const { message } = await terraform.apply().then(
      () => new Error("it was applied"),
      (failure: Error) => failure,
    );
    expect(message.replace(/[\s│]+/g, " ")).toContain("make a new token of its service account");
    expect(message).not.toContain("glsa_ended");
    expect(kept()).toEqual(all(1));
    secrets.texts.set(SECRET_ARN, JSON.stringify({ token: EDITOR }));
    await terraform.apply();
    expect(kept()).toEqual(all(2));
  },
  5 * MINUTES,
);

test(
  "a destroy deletes them where that was asked for, and leaves nothing but what others made",
  async () => {
    grafana.save("theirs", FOLDER, { title: "Theirs", tags: [] });
    await terraform.destroy();
    expect(kept()).toEqual(["theirs 1"]);
    expect([...grafana.folders.keys()]).toEqual([FOLDER]);
    expect(await terraform.stateList()).toEqual([]);
  },
  5 * MINUTES,
);
