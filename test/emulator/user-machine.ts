import { chmodSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeCliConfiguration } from "../support/provider-mirror";
import { ADMINISTRATOR, REGION } from "./clients";

export const ROOT = resolve(__dirname, "../..");
const COMMAND_LINE = join(ROOT, "build/bin/cdktf-flink.js");
const CLI_CONFIGURATION = "terraform.tfrc";

/** Has a folder of a user's own find this package's command line, as `npm install` does, and some of the packages that are here. */
export function installIn(folder: string, packages: readonly string[]): void {
  if (!existsSync(COMMAND_LINE)) throw new Error(`${COMMAND_LINE} is not there: run \`make build\` first`);
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of packages) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  symlinkSync(COMMAND_LINE, join(modules, ".bin/cdktf-flink"));
  chmodSync(COMMAND_LINE, 0o755);
  writeCliConfiguration(join(folder, CLI_CONFIGURATION));
}

/** What programs in that folder are told, for which AWS is the emulator; nothing of what whoever runs the tests tells such tools. */
export function environmentIn(folder: string, endpoint: string): Record<string, string | undefined> {
  const others = Object.keys(process.env).filter((name) => /^(TF_|AWS_|CDKTF_|GITHUB_)/.test(name));
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    AWS_ACCESS_KEY_ID: ADMINISTRATOR.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ADMINISTRATOR.secretAccessKey,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    GOGC: "400",
    TF_CLI_CONFIG_FILE: join(folder, CLI_CONFIGURATION),
  };
}
