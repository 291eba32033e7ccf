import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "fs";
import * as path from "path";
import { DesiredState } from "../../lib/node/desired-state";
import { cacheDirectory } from "../../lib/software/cache";
import { LockedPart, printLockFile, readLockFile } from "../../lib/software/lock-file";
import { packPart, unpackTarGz } from "../../lib/software/part-archive";
import { PartStore } from "../../lib/software/part-store";
import { Deployment } from "./deployment";
import { PackageCopy } from "./package-copy";

const ORIGIN = "package-registries";
/** The part of the lock file that another release of ours would bring anew: small, and the same for every Flink. */
const PART = "zookeeper";
const SOFTWARE = "software";

/**
 * Another build of this package: it differs in the agent, in the bootstrap's source, in files and units of the
 * nodes and in the lock file, and in nothing that a user sets.
 */
export class SecondBuild {
  /** Makes it below a folder. */
  public static async create(folder: string): Promise<SecondBuild> {
    mkdirSync(folder, { recursive: true });
    const copy = PackageCopy.create(path.join(folder, "package"));
    copy.append("lib/node/agent/main.ts", `\n(globalThis as { build?: string }).build = "second";\n`);
    copy.append("lib/node/bootstrap/bootstrap.py", "# Second build.\n");
    copy.replace("lib/settings/log4j.ts", "- %m%n", "= %m%n");
    copy.replace("lib/node/units.ts", "RestartSec=3", "RestartSec=4");
    const cache = path.join(folder, "cache");
    await relock(copy, cache);
    await copy.buildAgent();
    return new SecondBuild(copy, cache);
  }

  private constructor(
    private readonly copy: PackageCopy,
    private readonly cache: string,
  ) {}

  /** Synthesizes it over what is there. */
  public synthesize(deployment: Deployment): Promise<void> {
    return this.copy.synthesize(deployment.outdir, deployment.lab.region);
  }

  /** Does something, such as an apply, with the cache that holds this build's software. */
  public async withCache<T>(act: () => Promise<T>): Promise<T> {
    const before = process.env.CDKTF_FLINK_CACHE;
    process.env.CDKTF_FLINK_CACHE = this.cache;
    try {
      return await act();
    } finally {
      if (before === undefined) delete process.env.CDKTF_FLINK_CACHE;
      else process.env.CDKTF_FLINK_CACHE = before;
    }
  }
}

/** Gives one part of the lock file another content, and makes a cache that holds it beside all others. */
async function relock(copy: PackageCopy, cache: string): Promise<void> {
  const lock = readLockFile(copy.lockFile);
  const origin = lock?.origins[ORIGIN];
  const part = origin?.parts.find(({ name }) => name === PART);
  if (!lock || !origin || !part) throw new Error(`${copy.lockFile} has no ${PART} from ${ORIGIN}`);

  const [known, store] = [new PartStore(), new PartStore(path.join(cache, SOFTWARE))];
  const parts = path.join(store.folder, "parts");
  mkdirSync(parts, { recursive: true });
  for (const sha256 of readdirSync(path.join(cacheDirectory(), SOFTWARE, "parts"))) {
    symlinkSync(path.join(known.folder, "parts", sha256), path.join(parts, sha256));
  }
  const changed = await repack(part, known, store);
  writeFileSync(
    copy.lockFile,
    printLockFile({
      ...lock,
      origins: {
        ...lock.origins,
        [ORIGIN]: { ...origin, parts: origin.parts.map((other) => (other === part ? changed : other)) },
      },
    }),
  );
}

/** The part with one more file in it, under its true new hash. */
async function repack(part: LockedPart, from: PartStore, to: PartStore): Promise<LockedPart> {
  const work = mkdtempSync(path.join(to.folder, "repack-"));
  const content = path.join(work, "content");
  let top = "";
  await unpackTarGz(from.path(part), content, (name) => {
    const [first, ...rest] = name.split("/");
    top = first;
    return rest.join("/");
  });
  writeFileSync(path.join(content, "SECOND-BUILD"), "Another build of the same version.\n");
  const archive = path.join(work, part.fileName);
  await packPart(content, top, archive);
  return { ...part, ...(await to.add(archive, part.fileName)) };
}

/** The streaming stack as it stands in the folder that Terraform runs in. */
export interface SynthesizedStreaming {
  readonly state: DesiredState;
  readonly userData: readonly string[];
}

export function readSynthesized(deployment: Deployment): SynthesizedStreaming {
  const file = path.join(deployment.outdir, "stacks", "streaming", "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(file, "utf8")) as {
    resource: {
      aws_s3_object: Record<string, { content: string }>;
      aws_instance: Record<string, { user_data: string }>;
    };
  };
  const [state] = Object.values(resource.aws_s3_object);
  if (!state) throw new Error(`${file} has no desired state`);
  return {
    state: JSON.parse(state.content) as DesiredState,
    userData: Object.values(resource.aws_instance).map((instance) => instance.user_data),
  };
}

/** Which of the things that a release may change differ between two builds in what they synthesize. */
export function differences(one: SynthesizedStreaming, other: SynthesizedStreaming): Record<string, boolean> {
  const differ = (part: (build: SynthesizedStreaming) => unknown): boolean =>
    JSON.stringify(part(one)) !== JSON.stringify(part(other));
  return {
    agent: differ(({ state }) => state.agent.sha256),
    bootstrap: one.userData.every((text, node) => text !== other.userData[node]),
    files: differ(({ state }) => state.files),
    // Without the paths of the software, whose change alone would show here.
    units: differ(({ state }) => state.units.map(({ content }) => /^RestartSec=.*$/m.exec(content)?.[0])),
    lockFile: differ(({ state }) => state.software.map(({ name, sha256 }) => [name, sha256])),
  };
}

/** What `differences` says of this build. */
export const ALL_DIFFER = { agent: true, bootstrap: true, files: true, units: true, lockFile: true };
