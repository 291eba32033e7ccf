import * as fs from "fs";
import * as path from "path";
import { run } from "../lab/command";
import { parse } from "yaml";
import { clientFiles } from "../../lib/software/client-files";
import type { ConnectorName } from "../../lib/core/connector-name";
import { Machine } from "../lab/machine";
import { QUICK_JAVA_FLAG } from "../lab/quick-java";
import { CLIENT_CERTIFICATE_FOLDER } from "./credentials";
import { SessionNode } from "./flink-session";
import { cachedPart, releaseSoftware, unpackPart } from "./release-software";
import { buildSqlProgram } from "./sql-program/sql-program";

const HOME = "/opt/flink-client";
const SQL_PROGRAM = `${HOME}/sql-program.jar`;

/** Flink's own SQL client on a user's machine: the way a user submits a job from outside the cluster. */
export class SqlClient {
  /** Lays Flink and Java out on a machine, as a user does who unpacks the distribution and adds connectors' jars. */
  public static async install(
    machine: Machine,
    flinkVersion: string,
    connectors: readonly ConnectorName[] = [],
  ): Promise<SqlClient> {
    const items = releaseSoftware(flinkVersion, connectors);
    const target = path.join(machine.root, HOME);
    await unpackPart(items.flink, path.join(target, "flink"));
    await unpackPart(items.java, path.join(target, "java"));
    for (const plugin of [items.presto, items.hadoop]) {
      const folder = path.join(target, "flink", "plugins", plugin.name);
      await run(["mkdir", "-p", folder]);
      await run(["cp", cachedPart(plugin), path.join(folder, plugin.fileName)]);
    }
    for (const connector of items.connectors) await unpackPart(connector, path.join(target, "flink"));
    const flinkHome = path.join(target, "flink");
    const hasSqlGateway = fs
      .readdirSync(path.join(flinkHome, "opt"))
      .some((jar) => jar.startsWith("flink-sql-gateway"));
    if (!hasSqlGateway) await buildSqlProgram(flinkHome, path.join(machine.root, SQL_PROGRAM));
    return new SqlClient(machine, hasSqlGateway);
  }

  private constructor(
    private readonly machine: Machine,
    /** Without it the client does not start, and a program of ours submits what the script says. */
    private readonly hasSqlGateway: boolean,
  ) {}

  /** What `cdktf-flink certificate` says that Flink's command lines have to know. */
  private tlsOptions(): string[] {
    const file = path.join(this.machine.root, clientFiles(CLIENT_CERTIFICATE_FOLDER).flinkConfiguration);
    const entries = parse(fs.readFileSync(file, "utf8")) as Record<string, string>;
    // Written by a program of the host, for which the machine's files lie below its folder.
    return Object.entries(entries).map(([key, value]) => `-D${key}=${value.replace(this.machine.root, "")}`);
  }

  /** Submits the jobs of a script to the cluster that a node belongs to; gives the ids of the jobs. */
  public async submit(script: string, node: SessionNode): Promise<string[]> {
    const output = await this.run(script, node);
    const ids = [...output.matchAll(/Job ID: ([0-9a-f]{32})/g)].map((match) => match[1]);
    if (ids.length === 0) throw new Error(`the SQL client started no job:\n${output}`);
    return ids;
  }

  /** Runs a script and gives what the client printed. */
  public async run(script: string, node: SessionNode): Promise<string> {
    const file = `/tmp/script-${process.hrtime.bigint()}.sql`;
    await this.machine.run(["sh", "-c", `cat > ${file}`], { input: script });
    const cluster = [
      ...["-Dexecution.target=remote", "-Dhigh-availability.type=NONE"],
      ...this.tlsOptions(),
      ...[`-Drest.address=${node.host}`, `-Drest.port=${new URL(node.restAddress).port}`],
    ];
    const command = this.hasSqlGateway
      ? // The embedded gateway of the client listens where its own configuration says.
        ["bin/sql-client.sh", ...cluster, "-Drest.bind-address=127.0.0.1", "-f", file]
      : ["bin/flink", "run", "--detached", ...cluster, SQL_PROGRAM, file];
    const environment = [`--chdir=${HOME}/flink`, `JAVA_HOME=${HOME}/java`, `JVM_ARGS=${QUICK_JAVA_FLAG}`];
    const output = await this.machine.run(["env", ...environment, ...command], { timeout: 240_000 });
    if (/\[ERROR\]/.test(output)) throw new Error(`the SQL client failed:\n${output}`);
    return output;
  }
}
