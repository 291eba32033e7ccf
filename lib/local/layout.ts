import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { refuse, requireText } from "../core/validation";

/** What a local cluster may be called: it is the name of its folder. */
const NAME = /^[a-z][a-z0-9-]{0,30}$/;
/** Flink's scripts, lists of folders and flags of Java each give some other character a meaning. */
const PLAIN_PATH = /^\/[A-Za-z0-9_./@+-]*$/;

/** Where everything of one local cluster lies: all of it below one folder, which is its user's alone. */
export interface LocalLayout {
  readonly folder: string;
  /** What is known of the cluster that was started last. */
  readonly clusterFile: string;
  /** Flink's configuration. */
  readonly conf: string;
  /** Links to the jars of the class path. */
  readonly lib: string;
  /** Links to plugins. */
  readonly plugins: string;
  /** Programs that speak to this cluster. */
  readonly bin: string;
  /** Descriptions of connections, which the developer writes. */
  readonly connections: string;
  /** `pg_service.conf`, which the developer writes. */
  readonly postgresqlServices: string;
  readonly checkpoints: string;
  readonly savepoints: string;
}

/** Folders of one of the processes. */
export interface ProcessLayout {
  readonly home: string;
  readonly log: string;
  /** `io.tmp.dirs`; by it a process is known among all of the machine. */
  readonly tmp: string;
  readonly work: string;
  readonly systemTmp: string;
  /** Where Flink's scripts note their process, which nobody reads. */
  readonly pid: string;
}

/** The folder that the user named, or else the one of that name below the user's state. */
export function localFolder(name: string, folder?: string, environment: NodeJS.ProcessEnv = process.env): string {
  requireText("--name", name, NAME, "1 to 31 small letters, digits and hyphens that begin with a letter");
  if (folder === "") refuse({ property: "--dir", value: folder, allowed: "the name of a folder", remedy: "name one" });
  // The XDG specification says that a relative path there is to be ignored.
  const xdg = environment.XDG_STATE_HOME;
  const states = xdg && isAbsolute(xdg) ? xdg : join(homedir(), ".local", "state");
  const found = folder === undefined ? join(states, "cdktf-flink", name) : resolve(folder);
  if (!PLAIN_PATH.test(found)) {
    refuse({
      property: folder === undefined ? "the folder of the local cluster" : "--dir",
      value: found,
      allowed: "a path of letters, digits and _ . / @ + - alone, as Flink's scripts read others in ways of their own",
      remedy: "name another folder with --dir",
    });
  }
  return found;
}

/** What lies where in the folder of a local cluster. */
export function localLayout(folder: string): LocalLayout {
  return {
    folder,
    clusterFile: join(folder, "cluster.json"),
    conf: join(folder, "conf"),
    lib: join(folder, "lib"),
    plugins: join(folder, "plugins"),
    bin: join(folder, "bin"),
    connections: join(folder, "connections"),
    postgresqlServices: join(folder, "connections", "pg_service.conf"),
    checkpoints: join(folder, "checkpoints"),
    savepoints: join(folder, "savepoints"),
  };
}

/** What lies where in the folder of a process, such as `jobmanager`. */
export function processLayout(folder: string, process: string): ProcessLayout {
  const home = join(folder, process);
  return {
    home,
    log: join(home, "log"),
    tmp: join(home, "tmp"),
    work: join(home, "work"),
    systemTmp: join(home, "system-tmp"),
    pid: join(home, "pid"),
  };
}
