import { Duration, FlinkClusterProps, FlinkVersion, InstanceType, LogLevel, RestartStrategy, Size } from "../../lib";
import { clusterOfState } from "../../lib/local/cluster-of-state";
import { defaultCluster } from "../../lib/local/default-cluster";
import { differenceOf, DIFFERENCES, localConfiguration, type LocalPlace } from "../../lib/local/differences";
import { localLog4j } from "../../lib/local/log4j";
import { localMemory } from "../../lib/local/memory";
import type { ProductionCluster } from "../../lib/local/production-cluster";
import { renderLog4jProperties } from "../../lib/settings";
import { cluster, desiredState } from "../cluster/support";
import { synthesize } from "../support/synth";

const MEMORY = localMemory(2560, 1);
const PLACE: LocalPlace = {
  restPort: 8085,
  jobManagerRpcPort: 40_001,
  checkpointsUri: "file:///home/dev/checkpoints",
  savepointsUri: "file:///home/dev/savepoints",
  jobManagerWork: "/home/dev/jobmanager/work",
  memory: MEMORY.configuration,
  jobManagerFlags: MEMORY.jobManagerFlags.join(" "),
  taskManagerFlags: MEMORY.taskManagerFlags.join(" "),
  moduleFlags: "--add-opens=java.base/java.lang=ALL-UNNAMED",
};

function productionOf(props: Partial<FlinkClusterProps>): ProductionCluster {
  return clusterOfState(desiredState(synthesize((stack) => cluster(stack, props))));
}

/** All keys, also those that one of both alone has, whose values are not the same. */
function differing(production: Readonly<Record<string, string>>): string[] {
  const local = localConfiguration(production, PLACE);
  const keys = new Set([...Object.keys(production), ...Object.keys(local)]);
  return [...keys].filter((key) => production[key] !== local[key]).sort();
}

const OF_ALL_KINDS: Partial<FlinkClusterProps> = {
  version: FlinkVersion.V2_3,
  nodeCount: 5,
  instanceType: InstanceType.M7I_2XLARGE,
  numberOfTaskSlots: 4,
  parallelism: 9,
  restartStrategy: RestartStrategy.exponentialDelay(),
  checkpointInterval: Duration.seconds(17),
  checkpointTimeout: Duration.minutes(3),
  pekkoAskTimeout: Duration.seconds(23),
  pekkoFrameSize: Size.mebibytes(11),
  logLevel: LogLevel.WARN,
  logLevels: { "com.acme": LogLevel.ERROR },
  flinkConfiguration: {
    "pipeline.object-reuse": "true",
    "execution.buffer-timeout.interval": "50 ms",
    "env.java.opts.taskmanager": "-Dacme.mode=x",
    "table.exec.mini-batch.enabled": "true",
    "metrics.reporters": "mine",
    "metrics.reporter.mine.factory.class": "com.acme.Reporter",
  },
};

test("the default cluster is the one that FlinkCluster makes", () => {
  const made = productionOf({});
  const own = defaultCluster("2.2");
  expect(localConfiguration(own.configuration, PLACE)).toEqual(localConfiguration(made.configuration, PLACE));
  expect(Object.keys(own.configuration)).toEqual(Object.keys(made.configuration));
  expect(own.jobManagerSettings).toEqual(made.jobManagerSettings);
  expect(own.taskManagerSettings).toEqual(made.taskManagerSettings);
  expect(own.log4j).toBe(made.log4j);
});

test.each([
  ["of defaults", {}],
  ["of everything that can be said", OF_ALL_KINDS],
])("a cluster %s differs in listed keys alone, and takes their values from this machine", (_, props) => {
  const { configuration } = productionOf(props);
  const local = localConfiguration(configuration, PLACE);
  expect(differing(configuration).filter((key) => differenceOf(key) === undefined)).toEqual([]);
  for (const [key, value] of Object.entries(local)) {
    if (differenceOf(key))
      expect(value).not.toMatch(/s3p?:|nowhere|\.internal|\/opt\/cdktf-flink|zookeeper|0\.0\.0\.0/);
    else expect(value).toBe(configuration[key]);
  }
});

test("these keys of a default cluster differ, and no other one", () => {
  expect(differing(defaultCluster("2.2").configuration)).toEqual([
    "blob.server.port",
    "env.java.default-opts.all",
    "env.java.default-opts.jobmanager",
    "env.java.default-opts.taskmanager",
    "env.java.opts.all",
    "execution.checkpointing.dir",
    "execution.checkpointing.savepoint-dir",
    "high-availability.cluster-id",
    "high-availability.jobmanager.port",
    "high-availability.storageDir",
    "high-availability.type",
    "high-availability.zookeeper.client.connection-timeout",
    "high-availability.zookeeper.client.ensemble-tracker",
    "high-availability.zookeeper.client.max-retry-attempts",
    "high-availability.zookeeper.client.retry-wait",
    "high-availability.zookeeper.client.session-timeout",
    "high-availability.zookeeper.client.tolerate-suspended-connections",
    "high-availability.zookeeper.quorum",
    "jobmanager.bind-host",
    "jobmanager.memory.process.size",
    "jobmanager.rpc.address",
    "jobmanager.rpc.port",
    "process.jobmanager.working-dir",
    "process.taskmanager.working-dir",
    "rest.address",
    "rest.bind-address",
    "rest.bind-port",
    "rest.port",
    "s3.endpoint",
    "security.ssl.algorithms",
    "security.ssl.internal.enabled",
    "security.ssl.internal.key-password",
    "security.ssl.internal.keystore-password",
    "security.ssl.internal.keystore-type",
    "security.ssl.internal.truststore",
    "security.ssl.internal.truststore-password",
    "security.ssl.internal.truststore-type",
    "security.ssl.protocol",
    "security.ssl.rest.authentication-enabled",
    "security.ssl.rest.enabled",
    "security.ssl.rest.key-password",
    "security.ssl.rest.keystore-password",
    "security.ssl.rest.keystore-type",
    "security.ssl.rest.truststore",
    "security.ssl.rest.truststore-password",
    "security.ssl.rest.truststore-type",
    "taskmanager.bind-host",
    "taskmanager.collect-sink.port",
    "taskmanager.data.port",
    "taskmanager.host",
    "taskmanager.memory.jvm-overhead.max",
    "taskmanager.memory.jvm-overhead.min",
    "taskmanager.memory.network.max",
    "taskmanager.memory.network.min",
    "taskmanager.memory.process.size",
    "taskmanager.memory.task.off-heap.size",
    "taskmanager.resource-id",
    "taskmanager.rpc.port",
    "web.access-control-allow-origin",
    "web.upload.dir",
    "zookeeper.sasl.disable",
  ]);
});

test("no page but its own may read its answers, whatever production lets", () => {
  const local = localConfiguration({ "web.access-control-allow-origin": "*" }, PLACE);
  expect(local).toEqual({ "web.access-control-allow-origin": "http://127.0.0.1:8085" });
});

test("each row is of use, and says to which kind it belongs", () => {
  const everywhere = [productionOf(OF_ALL_KINDS), defaultCluster("1.20")].flatMap((production) => [
    ...Object.keys(production.configuration),
    ...Object.keys(production.jobManagerSettings),
    ...Object.keys(production.taskManagerSettings),
    // Flink's own, which it shows among what it was told.
    "web.tmpdir",
    // Said of no node, and added.
    "web.access-control-allow-origin",
  ]);
  const unused = DIFFERENCES.filter((row) => !everywhere.some((key) => differenceOf(key) === row));
  expect(unused).toEqual([]);
  for (const { why } of DIFFERENCES) {
    expect(why).toMatch(/^(address|path|memory size( and key store)?|key store|high availability|S3|Java): /);
  }
});

test("what a process is told on a node and differs nowhere comes along", () => {
  const { jobManagerSettings, taskManagerSettings } = productionOf({});
  const told = [...Object.keys(jobManagerSettings), ...Object.keys(taskManagerSettings)];
  expect(told.length).toBeGreaterThan(4);
  expect(told.filter((key) => differenceOf(key) === undefined)).toEqual([]);
});

test("levels of logging are production's, and what jobs print is alone in the output", () => {
  const { log4j } = productionOf(OF_ALL_KINDS);
  const local = localLog4j(log4j);
  expect(local).toContain("rootLogger.level = WARN\n");
  expect(local).toMatch(/logger\.own0\.name = com\.acme\nlogger\.own0\.level = ERROR\n/);
  expect(local).toContain("rootLogger.appenderRef.rolling.ref = RollingFileAppender\n");
  expect(local).not.toMatch(/console/i);
  expect(log4j).toContain("ConsoleAppender");
  const shipped = localLog4j(
    renderLog4jProperties(LogLevel.WARN, { levels: { "com.acme": LogLevel.ERROR }, bufferBytes: 1 << 24 }),
  );
  expect(shipped).toBe(local);
});
