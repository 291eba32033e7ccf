import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";

/** All of a folder but what `terraform init` makes again: the configuration, its files, hashes of providers, and the plan. */
export function pack(folder) {
  return tar(["--create", "--gzip", "--exclude=./.terraform", "--directory", folder, "."]);
}

/** Puts what was packed in the place of what is there. */
export function unpack(bundle, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  tar(["--extract", "--gzip", "--no-same-owner", "--directory", folder], bundle);
}

function tar(options, input) {
  const { error, status, stdout, stderr } = spawnSync("tar", options, { input, maxBuffer: 1024 ** 3 });
  if (error) throw error;
  if (status !== 0) throw new Error(`tar failed: ${stderr.toString().trim()}`);
  return stdout;
}
