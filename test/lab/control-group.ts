import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "fs";
import { join } from "path";

/** Folder of all runs in every hierarchy. */
const ROOT = "cdktf-flink-lab";
/** Hierarchies of cgroup v1 that are used where they exist; cpuset and devices would need setting up and are left alone. */
const V1_CONTROLLERS = ["name=systemd", "memory", "pids", "cpu", "cpuacct", "freezer"];

interface Hierarchy {
  readonly path: string;
  readonly unified: boolean;
  readonly controllers: readonly string[];
}

let known: readonly Hierarchy[] | undefined;

function hierarchies(): readonly Hierarchy[] {
  known ??= readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, path, type]) => path?.startsWith("/sys/fs/cgroup") && (type === "cgroup" || type === "cgroup2"))
    .map(([, path, type, options]) => ({
      path,
      unified: type === "cgroup2",
      controllers: type === "cgroup2" ? [] : options.split(",").filter((option) => V1_CONTROLLERS.includes(option)),
    }))
    .filter((hierarchy) => hierarchy.unified || hierarchy.controllers.length > 0);
  return known;
}

/** True where cgroup v2 is the only one, and holds the controllers. */
function unifiedOnly(): boolean {
  return hierarchies().every((hierarchy) => hierarchy.unified);
}

function processesBelow(folder: string): number[] {
  let own: number[];
  let below: string[];
  try {
    own = readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    below = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    // A machine makes and removes groups of its own all the time: one that is gone holds no process.
    if (["ENOENT", "ENODEV"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
  return below.reduce((all, name) => [...all, ...processesBelow(join(folder, name))], own);
}

function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}

/**
 * One group of processes in every cgroup hierarchy of this host, v1, hybrid or v2. What was started in it is
 * found again whatever became of its parents, so that a run can be ended without a trace.
 */
export class ControlGroup {
  private readonly folders: readonly string[];

  /** `path` is below the lab's own folder, such as `cf-12/node-a`. */
  public constructor(private readonly path: string) {
    this.folders = hierarchies().map((hierarchy) => join(hierarchy.path, ROOT, path));
  }

  public create(): void {
    for (const folder of this.folders) mkdirSync(folder, { recursive: true });
    if (unifiedOnly()) this.enableControllers();
  }

  /** A command line that starts the given one inside this group. */
  public wrap(argv: readonly string[]): string[] {
    const script =
      'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 125; shift; n=$((n-1)); done; exec "$@"';
    const files = this.folders.map((folder) => join(folder, "cgroup.procs"));
    return ["/bin/sh", "-c", script, "sh", String(files.length), ...files, ...argv];
  }

  /** Takes a running process in; what it starts from now on is in it, too. */
  public add(pid: number): void {
    for (const folder of this.folders) writeFileSync(join(folder, "cgroup.procs"), String(pid));
  }

  /** Every process in this group and the groups below it. */
  public processes(): number[] {
    return [...new Set(this.folders.flatMap((folder) => processesBelow(folder)))];
  }

  /** Kills every process in it, again and again until none is left or the time (ms) is over. */
  public kill(timeout = 10_000): void {
    const end = Date.now() + timeout;
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      for (const pid of left) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }
      if (Date.now() > end) throw new Error(`processes ${left.join(", ")} of ${this.path} do not end`);
      // Synchronous on purpose: this runs while the process is ending as well.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }

  /** Removes the empty group and the groups below it; the lab's own folder goes with the last run. */
  public remove(): void {
    for (const folder of this.folders) removeTree(folder);
    for (const hierarchy of hierarchies()) {
      const root = join(hierarchy.path, ROOT);
      try {
        rmdirSync(root);
      } catch {
        // Another run is there.
      }
    }
  }

  /** Limits the memory of all processes in it together, page cache included. */
  public limitMemory(bytes: number): void {
    this.write("memory", unifiedOnly() ? "memory.max" : "memory.limit_in_bytes", String(bytes));
  }

  /** Share of the processor when there is not enough for all; 100 is what a group has by default. */
  public setCpuWeight(weight: number): void {
    if (unifiedOnly()) this.write("cpu", "cpu.weight", String(weight));
    else this.write("cpu", "cpu.shares", String(Math.round((weight * 1024) / 100)));
  }

  /** What is in use now, page cache included. */
  public memoryInUse(): number {
    const file = unifiedOnly() ? "memory.current" : "memory.usage_in_bytes";
    return Number(readFileSync(join(this.folderOf("memory"), file), "utf8"));
  }

  private write(controller: string, file: string, value: string): void {
    writeFileSync(join(this.folderOf(controller), file), value);
  }

  private folderOf(controller: string): string {
    const index = hierarchies().findIndex(
      (hierarchy) => unifiedOnly() || (!hierarchy.unified && hierarchy.controllers.includes(controller)),
    );
    if (index < 0) throw new Error(`this host has no cgroup controller ${controller}`);
    return this.folders[index];
  }

  /** cgroup v2 hands controllers down level by level. */
  private enableControllers(): void {
    const [{ path }] = hierarchies();
    const parts = join(ROOT, this.path).split("/");
    for (let depth = 0; depth < parts.length; depth++) {
      writeFileSync(join(path, ...parts.slice(0, depth), "cgroup.subtree_control"), "+memory +pids +cpu");
    }
  }
}
