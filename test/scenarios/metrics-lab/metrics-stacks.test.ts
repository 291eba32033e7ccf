import { mkdtempSync, readFileSync, rmSync } from "fs";
import { tmpdir } from "os";
import * as path from "path";
import { createAuthority } from "../../lab/authority";
import { FLINK_SETTINGS_VARIABLE, synthesizeLabStacks } from "../lab-stacks";
import { METRICS_PORTS, METRICS_SECRETS, MetricsSettings, STORE_KINDS } from "./metrics-stacks";

const environment = { ...process.env };
let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(path.join(tmpdir(), "metrics-stacks-"));
  Object.assign(process.env, { FLINK_SOFTWARE_ORIGIN: "package-registries", FLINK_BUCKET_NAME: "some-bucket" });
});

afterEach(() => {
  process.env = { ...environment };
  rmSync(outdir, { recursive: true });
});

/** All resources of a type that a stack holds. */
function blocks(stack: string, type: string): Record<string, unknown>[] {
  const text = readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, Record<string, unknown>>> };
  return Object.values(resource[type] ?? {});
}

/** What the lab applies, one after the other. */
test.each(STORE_KINDS)("metrics go to %s by one port, which is open to nodes alone", async (store) => {
  const { certificate: authority } = await createAuthority();
  const metrics: MetricsSettings = {
    authority,
    store,
    lockFile: path.join(outdir, "lock.json"),
    bufferedMetrics: 1000,
  };
  process.env[FLINK_SETTINGS_VARIABLE] = JSON.stringify({ metrics });
  synthesizeLabStacks(outdir, "eu-west-1");
  expect(
    blocks("metrics-users", "aws_secretsmanager_secret")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(STORE_KINDS.map((kind) => METRICS_SECRETS[kind]).sort());
  // A value in Terraform would be in its state.
  expect(blocks("metrics-users", "aws_secretsmanager_secret_version")).toEqual([]);
  const servers = "${aws_security_group.metrics-servers.id}";
  const ofServers = ["ingress", "egress"].flatMap((direction) =>
    blocks("streaming", `aws_vpc_security_group_${direction}_rule`).filter(
      (rule) => rule.security_group_id === servers,
    ),
  );
  expect(ofServers.map(({ from_port, to_port, cidr_ipv4 }) => [from_port, to_port, cidr_ipv4])).toEqual([
    [METRICS_PORTS[store], METRICS_PORTS[store], undefined],
  ]);
  const [{ vpc_security_group_ids }] = blocks("metrics-servers", "aws_instance");
  expect(vpc_security_group_ids).toHaveLength(1);
});
