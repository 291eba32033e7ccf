import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import path from "node:path";
import type { LocalSoftware } from "../../local/local-software";
import { renderYaml, type FlinkConfiguration } from "../../settings";
import type { ClientCertificate } from "../../software/client-certificate";
import { writeClientFiles } from "../../software/client-files";
import type { Way } from "../tunnel/way";
import { signalsAreAwaited } from "../../core/undone-at-end";
import { clientConfiguration } from "./client-configuration";
import { withPrivateFolder } from "./private-folder";

/** One of Flink's own command lines. */
export interface FlinkProgram {
  /** In Flink's folder `bin`. */
  readonly name: "flink" | "sql-client.sh";
  readonly args: readonly string[];
}

/** What it runs with. */
export interface FlinkProgramSurroundings {
  readonly software: LocalSoftware;
  readonly way: Way;
  readonly client: ClientCertificate;
  /** That of the cluster's nodes. */
  readonly configuration: FlinkConfiguration;
  /** What this one program is told beside it. */
  readonly own?: FlinkConfiguration;
}

const LOG4J = "log4j-cli.properties";
/** Asked of this program alone, and not of the whole terminal as Ctrl-C is. */
const PASSED_ON = ["SIGTERM", "SIGHUP"] as const;
/** Of a shell: a program that a signal ended. */
const ENDED_BY_SIGNAL = 128;

/**
 * Runs one of Flink's own command lines on this machine against a cluster; what it reads and says, and its exit code, are
 * Flink's. What is secret lies in a folder of this user alone for as long as it runs.
 */
export function runFlink(program: FlinkProgram, surroundings: FlinkProgramSurroundings): Promise<number> {
  return withPrivateFolder(async (folder) => {
    const environment = await layOut(folder, surroundings);
    return run(path.join(surroundings.software.flink, "bin", program.name), program.args, environment);
  });
}

async function layOut(
  folder: string,
  { software, way, client, configuration: cluster, own }: FlinkProgramSurroundings,
): Promise<NodeJS.ProcessEnv> {
  const at = (name: string): string => path.join(folder, name);
  for (const name of ["conf", "lib", "plugins", "log", "tmp", "tls"]) await mkdir(at(name));
  const files = writeClientFiles(at("tls"), client);
  const temporary = at("tmp");
  const configuration = { ...clientConfiguration({ cluster, way, files, java: software.java, temporary }), ...own };
  await writeFile(at("conf/config.yaml"), renderYaml(configuration), { mode: 0o600 });
  await copyFile(path.join(software.flink, "conf", LOG4J), at(`conf/${LOG4J}`));
  for (const part of [software.flink, ...software.connectors.map((each) => each.folder)]) {
    await linkAll(path.join(part, "lib"), at("lib"));
  }
  for (const plugin of software.plugins) await symlink(plugin.folder, path.join(at("plugins"), plugin.name));
  return {
    ...process.env,
    JAVA_HOME: software.java,
    FLINK_HOME: software.flink,
    FLINK_CONF_DIR: at("conf"),
    FLINK_LIB_DIR: at("lib"),
    FLINK_PLUGINS_DIR: at("plugins"),
    FLINK_LOG_DIR: at("log"),
    FLINK_IDENT_STRING: "operator",
  };
}

async function linkAll(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await symlink(path.join(from, name), path.join(to, name));
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit", env });
  const passOn = PASSED_ON.map((signal) => [signal, () => void child.kill(signal)] as const);
  // Whoever is at the terminal asks Flink's program, which ends or, in the midst of a query, does not.
  const ignore = (): void => undefined;
  const awaited = signalsAreAwaited();
  process.on("SIGINT", ignore);
  for (const [signal, act] of passOn) process.on(signal, act);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve(code ?? ENDED_BY_SIGNAL + (signal === null ? 0 : constants.signals[signal])),
    );
  }).finally(() => {
    awaited();
    process.off("SIGINT", ignore);
    for (const [signal, act] of passOn) process.off(signal, act);
  });
}
