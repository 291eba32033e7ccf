import { accessSync, constants, statSync } from "node:fs";
import { Command } from "commander";
import { clusterOfState } from "../lib/local/cluster-of-state";
import { localSoftware } from "../lib/local/local-software";
import { type FlinkProgram, runFlink } from "../lib/operate/flink-cli/run-flink";
import { openWay } from "../lib/operate/tunnel/open-way";
import { Problem } from "../lib/software/problem";
import { example } from "./arguments";
import { operatorOf, type OperatorFlags, withOperatorOptions } from "./operator-options";
import { type OwnSoftwareFlags, withOwnSoftwareOptions } from "./own-software-options";
import { withProgress } from "./with-progress";

/** Of a script that lies elsewhere, which is Flink's to find. */
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** A session of the SQL client may last a day's work. */
const VALIDITY_SECONDS = 12 * 3600;

interface FlinkFlags extends OperatorFlags, OwnSoftwareFlags {}

interface SqlFlags extends FlinkFlags {
  readonly file?: string;
  readonly init?: string;
}

/** Adds the command that is Flink's own command line. */
export function addFlink(cli: Command): void {
  withOwnSoftwareOptions(withOperatorOptions(cli.command("flink")))
    .summary("run Flink's own command line against the cluster")
    .description(
      "Runs the `flink` of the cluster's own Flink on this machine, through a tunnel, with the cluster's defaults of jobs. What stands after -- is " +
        "Flink's, as are what it prints and its exit code. Flink and Java 17 come from the cache, as the lock file names them; where the cached " +
        "Java does not run, that of JAVA_HOME or of the PATH does.",
    )
    .argument("<args...>", "what Flink is told, after --")
    .addHelpText("after", example("flink --cluster streaming-flink --region eu-west-1 -- run --detached job.jar"))
    .action((args: readonly string[], flags: FlinkFlags) => run(flags, { name: "flink", args }));
}

/** Adds the command that is Flink's SQL client. */
export function addSql(cli: Command): void {
  withOwnSoftwareOptions(withOperatorOptions(cli.command("sql")))
    .summary("run Flink's SQL client against the cluster")
    .description(
      "Runs the SQL client of the cluster's own Flink on this machine, through a tunnel, with the cluster's connectors and defaults of jobs. " +
        "Without --file it is a prompt. What it prints and its exit code are Flink's.",
    )
    .argument("[args...]", "what else Flink's SQL client is told, after --")
    .option("-f, --file <file>", "run the statements of a file, and end")
    .option("-i, --init <file>", "run the statements of a file first")
    .addHelpText("after", example("sql --cluster streaming-flink --region eu-west-1 --file jobs.sql"))
    .action((args: readonly string[], flags: SqlFlags) => {
      const { file, init } = flags;
      // Before credentials are looked for, the cluster is called and the software is fetched.
      requireScript("--init", init);
      requireScript("--file", file);
      const own = [...(init === undefined ? [] : ["-i", init]), ...(file === undefined ? [] : ["-f", file])];
      return run(flags, { name: "sql-client.sh", args: [...own, ...args] });
    });
}

/** Refuses a script that cannot be read. */
function requireScript(option: string, file: string | undefined): void {
  if (file === undefined || SCHEME.test(file)) return;
  try {
    if (statSync(file).isDirectory()) throw new Error("it is a folder");
    accessSync(file, constants.R_OK);
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    throw new Problem(`${file} cannot be read (${code ?? message}): name in ${option} the file of the statements`);
  }
}

async function run(flags: FlinkFlags, program: FlinkProgram): Promise<void> {
  const { cluster, identity, ways } = await operatorOf(flags, VALIDITY_SECONDS);
  const { flink, libraries, configuration } = clusterOfState(cluster.state);
  const software = await withProgress((progress) =>
    localSoftware({ lockFile: flags.lockFile, origin: flags.origin, flink, libraries, progress }),
  );
  const way = await openWay(ways, cluster.nodes, identity.tls);
  try {
    process.exitCode = await runFlink(program, { software, way, client: identity.certificate, configuration });
  } finally {
    await way.close();
  }
}
