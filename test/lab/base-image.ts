import { createHash } from "crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "fs";
import { join } from "path";
import { BaseImageRecipe, RECIPE } from "./base-image-recipe";
import { run } from "./command";
import { FileLock, lockFile } from "./file-lock";
import { labCacheDirectory } from "./paths";

/** A built tree that machines lay their own files over. Hold it while in use: it is not removed before. */
export interface BaseImage {
  /** Root of the tree; never written to. */
  readonly tree: string;
  release(): Promise<void>;
}

const BUILD_TIMEOUT_SECONDS = 1200;

/** Says what changed the image: a tree of another key is another image. */
export function recipeKey(recipe: BaseImageRecipe): string {
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 16);
}

/**
 * Gives the image of the recipe, built where it is not there yet, and removes those of older recipes that
 * nobody uses. Two processes may ask at once: one builds and the other waits.
 */
export async function ensureBaseImage(onProgress: (line: string) => void = () => undefined): Promise<BaseImage> {
  const folder = join(labCacheDirectory(), "base");
  mkdirSync(folder, { recursive: true });
  const key = recipeKey(RECIPE);
  const tree = join(folder, key);
  if (!existsSync(tree)) {
    const building = await lockFile(join(folder, "build.lock"), "exclusive", BUILD_TIMEOUT_SECONDS);
    if (!building) throw new Error(`another process has been building the base image in ${folder} for too long`);
    try {
      if (!existsSync(tree)) await build(folder, tree, onProgress);
      await removeUnused(folder, key);
    } finally {
      await building.release();
    }
  }
  const inUse = await lockFile(`${tree}.lock`, "shared", 60);
  if (!inUse) throw new Error(`the base image ${tree} is locked by another process`);
  return { tree, release: () => inUse.release() };
}

async function build(folder: string, tree: string, onProgress: (line: string) => void): Promise<void> {
  for (const left of readdirSync(folder).filter((name) => name.endsWith(".part"))) {
    rmSync(join(folder, left), { recursive: true });
  }
  const part = `${tree}.part`;
  const mirror = debianMirror();
  onProgress(`building the base image (${RECIPE.suite}); this takes about two minutes, once`);
  // In a mount namespace of its own, so that what it mounts goes with it however it ends.
  await run(
    [
      ...["unshare", "--mount", "--propagation", "private", "debootstrap", "--variant=minbase"],
      ...[`--include=${RECIPE.packages.join(",")}`, RECIPE.suite, part, ...(mirror ? [mirror] : [])],
    ],
    { timeout: BUILD_TIMEOUT_SECONDS * 1000 },
  );
  onProgress("baking the base image");
  await run(["unshare", "--mount", "--propagation", "private", "chroot", part, "/bin/sh", "-eux"], {
    input: RECIPE.script,
    timeout: BUILD_TIMEOUT_SECONDS * 1000,
  });
  renameSync(part, tree);
}

async function removeUnused(folder: string, key: string): Promise<void> {
  const others = readdirSync(folder).filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== key);
  for (const other of others) {
    const unused: FileLock | undefined = await lockFile(join(folder, `${other}.lock`), "exclusive", 0);
    if (!unused) continue;
    rmSync(join(folder, other), { recursive: true });
    await unused.release();
  }
}

/** The mirror that this machine's apt uses for Debian; undefined leaves the choice to debootstrap. */
export function debianMirror(sourcesFolder = "/etc/apt"): string | undefined {
  const files = [join(sourcesFolder, "sources.list")];
  const parts = join(sourcesFolder, "sources.list.d");
  if (existsSync(parts)) files.push(...readdirSync(parts).map((name) => join(parts, name)));
  const addresses = files
    .filter((file) => existsSync(file) && /\.(list|sources)$/.test(file))
    .flatMap((file) => readFileSync(file, "utf8").split("\n"))
    .flatMap((line) => /^(?:URIs:|deb (?:\[[^\]]*\] )?)\s*((?:https?|file):\S+)/.exec(line.trim())?.[1] ?? []);
  // Security updates and other distributions have archives of their own, which hold no whole system.
  return addresses.find((address) => /\/debian\/?$/.test(address));
}
