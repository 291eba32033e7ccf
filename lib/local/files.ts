import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { renderYaml, type FlinkConfiguration } from "../settings";
import { writeWhole } from "./cluster-file";
import { flinkEnvironment, type LocalProcess } from "./cluster-processes";
import { localLayout } from "./layout";
import type { LocalSoftware } from "./local-software";

/** All is its user's alone. */
const MINE = 0o700;
/** Programs that speak to a cluster, and those of Flink that they are. */
const CLIENTS = { flink: "flink", "sql-client": "sql-client.sh" };
const LOG4J_OF_CLIENTS = "log4j-cli.properties";

/** What a local cluster is laid out of. */
export interface LocalFiles {
  readonly configuration: FlinkConfiguration;
  readonly log4j: string;
  readonly software: LocalSoftware;
  readonly processes: readonly LocalProcess[];
}

/** Says of everything that processes read as they start whether it is the same. */
export function fingerprintOf({ configuration, log4j, software, processes }: LocalFiles): string {
  const commands = processes.map(({ command, environment }) => [command, { ...environment, PATH: "" }]);
  return createHash("sha256")
    .update(JSON.stringify([configuration, log4j, software, commands]))
    .digest("hex");
}

/** Lays out all that the processes of a cluster need, while none of them runs. Checkpoints and savepoints stay. */
export function layOut(folder: string, { configuration, log4j, software, processes }: LocalFiles): void {
  const layout = localLayout(folder);
  for (const each of [layout.conf, layout.lib, layout.plugins, layout.bin]) {
    rmSync(each, { recursive: true, force: true });
    makeMine(each);
  }
  [layout.connections, layout.checkpoints, layout.savepoints].forEach(makeMine);
  for (const { paths } of processes) {
    for (const each of [paths.tmp, paths.work, paths.systemTmp, paths.pid])
      rmSync(each, { recursive: true, force: true });
    [paths.home, paths.log, paths.tmp, paths.work, paths.systemTmp, paths.pid].forEach(makeMine);
  }
  writeWhole(join(layout.conf, "config.yaml"), renderYaml(configuration));
  writeWhole(join(layout.conf, "log4j-console.properties"), log4j);
  const log4jOfClients = join(software.flink, "conf", LOG4J_OF_CLIENTS);
  if (existsSync(log4jOfClients)) copyFileSync(log4jOfClients, join(layout.conf, LOG4J_OF_CLIENTS));
  for (const part of [software.flink, ...software.connectors.map((connector) => connector.folder)]) {
    linkAll(join(part, "lib"), layout.lib);
  }
  linkAll(join(software.flink, "plugins"), layout.plugins);
  software.plugins.forEach((plugin) => symlinkSync(plugin.folder, join(layout.plugins, plugin.name)));
  for (const [name, program] of Object.entries(CLIENTS)) {
    writeWhole(join(layout.bin, name), clientProgram(folder, software, program), MINE);
  }
}

function makeMine(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: MINE });
  chmodSync(folder, MINE);
}

function linkAll(from: string, to: string): void {
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(to, name));
}

/** One of Flink's own command lines, told which cluster is meant. */
function clientProgram(folder: string, software: LocalSoftware, program: string): string {
  const assignments = {
    ...flinkEnvironment(folder, software),
    FLINK_LOG_DIR: join(folder, "client-log"),
    FLINK_IDENT_STRING: "flink",
  };
  return [
    "#!/bin/sh",
    `# Flink's own ${program}, for the local cluster ${basename(folder)}. Made anew by cdktf-flink local up.`,
    ...Object.entries(assignments).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`),
    `mkdir -p "$FLINK_LOG_DIR" && exec '${software.flink}/bin/${program}' "$@"`,
    "",
  ].join("\n");
}
