import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Every service of AWS that a stack of ours speaks to, by the provider's name of its endpoint. */
const SERVICES = [
  "acmpca",
  "appautoscaling",
  "cloudwatch",
  "ec2",
  "elbv2",
  "events",
  "iam",
  "kafka",
  "kms",
  "lambda",
  "logs",
  "opensearch",
  "rds",
  "resourcegroups",
  "route53",
  "s3",
  "s3control",
  "secretsmanager",
  "sns",
  "ssm",
  "sts",
] as const;

/** The emulator's account has no secrets; the provider wants to have some keys. */
const KEYS = { access_key: "AKIAEMULATOREMULATOR", secret_key: "emulator" };

/**
 * Writes `override.tf.json` beside the synthesized `cdk.tf.json`, which turns every AWS provider of it to the emulator
 * and its state to a file in the same folder. The configuration itself stays as it was synthesized. A folder without
 * `cdk.tf.json` holds hand-written Terraform with one AWS provider.
 */
export function emulatorOverride(dir: string, endpoint: string): void {
  const endpoints = [Object.fromEntries(SERVICES.map((service) => [service, endpoint]))];
  const provider = awsAliases(dir).map((alias) => ({
    ...(alias === undefined ? {} : { alias }),
    ...KEYS,
    endpoints,
    // Few, as what the emulator lacks stays lacking, and the default waits for minutes.
    max_retries: 2,
    // A bucket's name before an address of numbers would be no host name.
    s3_use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: "true",
    skip_region_validation: true,
  }));
  const backend = { local: { path: join(dir, "terraform.tfstate") } };
  writeFileSync(
    join(dir, "override.tf.json"),
    JSON.stringify({ terraform: { backend }, provider: { aws: provider } }, undefined, 2),
  );
}

function awsAliases(dir: string): (string | undefined)[] {
  if (!existsSync(join(dir, "cdk.tf.json"))) return [undefined];
  const { provider } = JSON.parse(readFileSync(join(dir, "cdk.tf.json"), "utf8")) as {
    provider?: { aws?: { alias?: string } | { alias?: string }[] };
  };
  const aws = provider?.aws ?? {};
  return (Array.isArray(aws) ? aws : [aws]).map(({ alias }) => alias);
}
