import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheDirectory } from "../../lib/software/cache";

const PUBLIC_REGISTRY = "registry.terraform.io";

/** Where installations of Terraform keep providers, and what machines without internet commonly use. */
function usualPrefixes(): string[] {
  const shared = ["/usr/share/terraform", "/usr/local/share/terraform", join(homedir(), ".terraform.d")];
  const xdg = process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share");
  return [
    ...[...shared, join(xdg, "terraform")].flatMap((p) => [p, join(p, "plugins"), join(p, "providers")]),
    ...foldersIn("/opt"),
  ];
}

/**
 * The folder that holds providers on this machine: `CDKTF_FLINK_TF_MIRROR`, else the first of the usual folders that
 * contains `registry.terraform.io`; undefined if there is none, and the public registry is asked.
 */
export function findProviderMirror(): string | undefined {
  const given = process.env.CDKTF_FLINK_TF_MIRROR;
  if (given) {
    if (!existsSync(join(given, PUBLIC_REGISTRY))) {
      throw new Error(
        `CDKTF_FLINK_TF_MIRROR is ${given}, but must be a folder with ${PUBLIC_REGISTRY} in it: set it to one or unset it`,
      );
    }
    return given;
  }
  return usualPrefixes().find((folder) => existsSync(join(folder, PUBLIC_REGISTRY)));
}

/**
 * Writes a Terraform CLI configuration of our own, so that no setting of the user's plays a part: what the mirror
 * holds is linked from it, everything else comes from the public registry by way of a cache.
 */
export function writeCliConfiguration(file: string): void {
  const mirror = findProviderMirror();
  const held = mirror ? providersIn(join(mirror, PUBLIC_REGISTRY)) : [];
  const fromMirror = held.length
    ? `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ${JSON.stringify(held)}\n  }\n`
    : "";
  const direct = held.length ? `  direct {\n    exclude = ${JSON.stringify(held)}\n  }\n` : "  direct {}\n";
  writeFileSync(
    file,
    `disable_checkpoint = true\n${mirror ? "" : pluginCache()}provider_installation {\n${fromMirror}${direct}}\n`,
  );
}

/**
 * What `terraform init` is run by, so that no other fills the cache of providers meanwhile: two that do fail on each
 * other's files. The lock lasts as long as Terraform itself. Without a cache there is nothing to wait for.
 */
export function initLock(): readonly string[] {
  return findProviderMirror() ? [] : ["flock", join(cacheDirectory(), "terraform-providers.lock")];
}

/** Only without a mirror: Terraform would keep links to the mirror in it, and a mirror may move. */
function pluginCache(): string {
  const folder = join(cacheDirectory(), "terraform-providers");
  mkdirSync(folder, { recursive: true });
  return `plugin_cache_dir   = ${JSON.stringify(folder)}\n`;
}

function providersIn(registry: string): string[] {
  return foldersIn(registry).flatMap((namespace) =>
    foldersIn(namespace).map((provider) => provider.slice(provider.indexOf(PUBLIC_REGISTRY))),
  );
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
}
