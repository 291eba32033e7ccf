import { withoutMissingModules } from "../../local/module-flags";
import type { ClientFiles } from "../../software/client-files";
import { flinkClientConfiguration } from "../../software/client-files";
import type { FlinkConfiguration } from "../../settings";
import type { Way } from "../tunnel/way";

/**
 * What a job is given where it sets nothing itself, which Flink reads where the job is made and not where it runs.
 */
const OF_JOBS = [
  /^(parallelism\.default|execution\.(runtime-mode|buffer-timeout))$/,
  /^(execution\.checkpointing|pipeline|restart-strategy|state|table)\./,
];

/** What Java has to be told. */
const JAVA_FLAGS = "env.java.opts.all";

/** What Flink's command lines have to know of a cluster. */
export interface ClientConfigurationInput {
  /** That of the nodes. */
  readonly cluster: FlinkConfiguration;
  readonly way: Way;
  readonly files: ClientFiles;
  /** Folder of the Java that they run by. */
  readonly java: string;
  /** Folder for what they write meanwhile. */
  readonly temporary: string;
}

/** The configuration of Flink's command lines: the cluster's own of jobs, and the way to it. */
export function clientConfiguration(input: ClientConfigurationInput): FlinkConfiguration {
  const { cluster, way, files, java, temporary } = input;
  const flags = cluster[JAVA_FLAGS];
  const ofJobs = Object.entries(cluster).filter(([key]) => OF_JOBS.some((pattern) => pattern.test(key)));
  return {
    ...Object.fromEntries(ofJobs),
    ...(flags === undefined ? {} : { [JAVA_FLAGS]: withoutMissingModules(flags, java) }),
    "execution.target": "remote",
    "high-availability.type": "NONE",
    "rest.address": way.address,
    "rest.port": String(way.port),
    // The SQL client calls a gateway within itself.
    "rest.bind-address": "127.0.0.1",
    "io.tmp.dirs": temporary,
    // Else the gateway makes a folder of a fixed name in the system's, which nobody removes and no other user may write.
    "web.upload.dir": temporary,
    ...flinkClientConfiguration(files),
  };
}
