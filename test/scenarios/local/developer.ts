import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { localSoftware, type LocalSoftwareQuery } from "../../../lib/local/local-software";
import { cacheDirectory } from "../../../lib/software/cache";
import { PartStore } from "../../../lib/software/part-store";
import { type ProcessResult, run } from "../../support/process";
import { bundleCommandLine } from "../../support/bundled-command-line";

/** `nobody`, who is on every Linux and may do what every user may. */
const NOBODY = 65_534;

/**
 * Who sits at this machine: whoever runs the tests, and where that is root, a user without any of root's rights, as root may
 * what others may not. The home folder holds the command line and all that a developer of jobs has.
 */
export class Developer {
  private readonly isNobody = process.getuid!() === 0;
  public readonly uid = this.isNobody ? NOBODY : process.getuid!();
  private readonly program: string;

  public constructor(public readonly home: string) {
    this.program = bundleCommandLine(path.join(home, "package"));
    chmodSync(home, 0o755);
    if (this.isNobody) chownSync(home, NOBODY, NOBODY);
  }

  /** Brings the software of a cluster into the cache, which is the developer's own where that is not whoever runs the tests. */
  public async provide(query: LocalSoftwareQuery): Promise<void> {
    const { flink, java, plugins, connectors } = await localSoftware(query);
    if (!this.isNobody) return;
    const all = [flink, java, ...[...plugins, ...connectors].map(({ folder }) => folder)];
    // A Java of the machine's own is every user's.
    const unpacked = all.filter((folder) => folder.startsWith(cacheDirectory()));
    // Their names end with the beginning of the hash that the folder of what they were unpacked from has for a name.
    const hashes = unpacked.map((folder) => folder.slice(folder.lastIndexOf("-") + 1));
    const { folder: store } = new PartStore();
    const archives = readdirSync(path.join(store, "parts")).filter((name) =>
      hashes.some((hash) => name.startsWith(hash)),
    );
    for (const folder of [...unpacked, ...archives.map((name) => path.join(store, "parts", name))]) {
      const target = path.join(this.cache, path.dirname(path.relative(cacheDirectory(), folder)));
      mkdirSync(target, { recursive: true });
      // Links take no space, and are not possible from one disk to another.
      const isLinked = spawnSync("cp", ["-al", folder, target]).status === 0;
      if (!isLinked) execFileSync("cp", ["-a", folder, target]);
      // What is unpacked is its user's alone.
      chownSync(path.join(target, path.basename(folder)), NOBODY, NOBODY);
    }
  }

  /** Runs `cdktf-flink` to its end. */
  public cdktfFlink(...args: readonly string[]): Promise<ProcessResult> {
    return this.run([process.execPath, this.program, ...args]);
  }

  /** Runs a program to its end. */
  public run(argv: readonly string[]): Promise<ProcessResult> {
    const withoutRights = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
    return run([...(this.isNobody ? withoutRights : []), ...argv], {
      cwd: this.home,
      env: this.isNobody ? { HOME: this.home, CDKTF_FLINK_CACHE: this.cache, USER: undefined, LOGNAME: undefined } : {},
      timeoutSeconds: 900,
    });
  }

  private get cache(): string {
    return path.join(this.home, "cache");
  }
}
