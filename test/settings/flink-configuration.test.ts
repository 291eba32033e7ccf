import { Duration } from "../../lib/core/duration";
import { Size } from "../../lib/core/size";
import { allPorts, PORTS } from "../../lib/node/ports";
import {
  FlinkVersion,
  InstanceType,
  jobManagerOverrides,
  renderFlinkConfiguration,
  resolveFlinkSettings,
  RestartStrategy,
  taskManagerOverrides,
  validateFlinkConfiguration,
  type FlinkSettingsProps,
} from "../../lib/settings";
import { knownKeys } from "../../lib/settings/known-keys";

const surroundings = {
  cluster: "orders",
  checkpointsUri: "s3p://bucket/checkpoints/orders",
  savepointsUri: "s3p://bucket/savepoints/orders",
  highAvailabilityUri: "s3p://bucket/ha/orders",
  s3Endpoint: "https://s3.eu-west-1.amazonaws.com",
  zooKeeperConnect: "node-1.orders.flink.internal:2281",
};
const node = { name: "orders-node-1", host: "node-1.orders.flink.internal" };
const render = (props: FlinkSettingsProps, nodeCount = 3): Readonly<Record<string, string>> =>
  renderFlinkConfiguration(resolveFlinkSettings(props, nodeCount), surroundings, node);

describe("renderFlinkConfiguration", () => {
  const strategies = [
    RestartStrategy.failureRate(),
    RestartStrategy.fixedDelay(),
    RestartStrategy.exponentialDelay({ attemptsBeforeResetBackoff: 3 }),
    RestartStrategy.none(),
  ];

  test.each([FlinkVersion.V1_20, FlinkVersion.V2_2, FlinkVersion.V2_3])(
    "Flink %s reads every key that we set, and by its current name",
    (version) => {
      const known = knownKeys(version.line)!;
      for (const restartStrategy of strategies) {
        const keys = Object.keys({
          ...render({ version, restartStrategy }),
          ...jobManagerOverrides(),
          ...taskManagerOverrides({ instanceType: InstanceType.M7I_LARGE }),
        });
        expect(keys.filter((key) => !known.has(key))).toEqual([]);
        expect(keys.filter((key) => known.currentNames(key).length > 0)).toEqual([]);
      }
    },
  );

  test("every key that we set is refused to the user, with advice", () => {
    const free = [
      "execution.checkpointing.num-retained",
      "execution.checkpointing.tolerable-failed-checkpoints",
      "taskmanager.load-balance.mode",
      "resourcemanager.standalone.start-up-time",
      "web.timeout",
    ];
    for (const restartStrategy of strategies) {
      const ours = { ...render({ restartStrategy }), ...jobManagerOverrides() };
      for (const [key, value] of Object.entries(ours)) {
        if (free.includes(key)) continue;
        expect(() => validateFlinkConfiguration(FlinkVersion.V2_2, { [key]: value })).toThrow(
          /but must be absent, as the library sets it: (set|leave)/,
        );
      }
    }
  });

  test("the user's own keys stand beside ours and may replace the defaults that are free", () => {
    const configuration = render({
      flinkConfiguration: {
        "rest.flamegraph.enabled": "true",
        "execution.checkpointing.num-retained": "7",
        "taskmanager.load-balance.mode": "NONE",
        "web.timeout": "2 min",
      },
    });
    expect(configuration["web.timeout"]).toBe("2 min");
    expect(configuration["taskmanager.load-balance.mode"]).toBe("NONE");
    expect(configuration["rest.flamegraph.enabled"]).toBe("true");
    expect(configuration["execution.checkpointing.num-retained"]).toBe("7");
  });

  describe("where metrics are shipped", () => {
    const reporter = "metrics.reporter.cdktf-flink";
    const shipping = (props: FlinkSettingsProps = {}, operatorMetrics = false): Readonly<Record<string, string>> =>
      renderFlinkConfiguration(resolveFlinkSettings(props, 3), { ...surroundings, metrics: { operatorMetrics } }, node);

    test("Flink has one reporter more, without single operators", () => {
      const { [`${reporter}.factory.class`]: factory, ...added } = Object.fromEntries(
        Object.entries(shipping()).filter(([key]) => !(key in render({}))),
      );
      expect(factory).toBe("org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
      expect(added).toEqual({
        [`${reporter}.filterLabelValueCharacters`]: "false",
        [`${reporter}.filter.excludes`]: "*.operator;*.operator.*",
      });
      expect(shipping({}, true)).not.toHaveProperty([`${reporter}.filter.excludes`]);
    });

    test("it stands beside reporters of the user's, also where those that run are named", () => {
      const user = { "metrics.reporters": "theirs", "metrics.reporter.theirs.factory.class": "com.example.Theirs" };
      expect(shipping({ flinkConfiguration: user })).toMatchObject({
        ...user,
        "metrics.reporters": "theirs,cdktf-flink",
      });
      expect(shipping()).not.toHaveProperty(["metrics.reporters"]);
    });

    test.each([FlinkVersion.V1_20, FlinkVersion.V2_2, FlinkVersion.V2_3])("Flink %s reads its keys", (version) => {
      const known = knownKeys(version.line)!;
      expect(Object.keys(shipping({ version })).filter((key) => !known.has(key))).toEqual([]);
      expect(known.has(`${reporter}.port`)).toBe(true);
    });

    test("its keys are refused to the user", () => {
      expect(() => validateFlinkConfiguration(FlinkVersion.V2_2, { [`${reporter}.port`]: "9260" })).toThrow(
        /but must be absent, as the library sets it: leave it out: this reporter is the library's/,
      );
    });
  });

  test("typed props reach Flink", () => {
    expect(
      render({
        numberOfTaskSlots: 2,
        parallelism: 6,
        checkpointInterval: Duration.millis(100),
        checkpointTimeout: Duration.hours(24),
        pekkoAskTimeout: Duration.seconds(60),
        pekkoFrameSize: Size.mebibytes(50),
        instanceType: InstanceType.R7I_XLARGE,
      }),
    ).toMatchObject({
      "taskmanager.numberOfTaskSlots": "2",
      "parallelism.default": "6",
      "execution.checkpointing.interval": "100 ms",
      "execution.checkpointing.timeout": "1 d",
      "pekko.ask.timeout": "1 min",
      "pekko.framesize": "52428800b",
      "heartbeat.timeout": "23 s",
    });
  });

  test("defaults", () => {
    expect(render({})).toMatchObject({
      "taskmanager.numberOfTaskSlots": "1",
      "parallelism.default": "1",
      "execution.checkpointing.interval": "1 min",
      "execution.checkpointing.timeout": "10 min",
      "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
      "pekko.ask.timeout": "10 s",
      "pekko.framesize": "10485760b",
      "restart-strategy.type": "failure-rate",
      "state.backend.type": "hashmap",
      "taskmanager.memory.managed.size": "0m",
      "jobmanager.rpc.address": node.host,
      "rest.address": node.host,
      "taskmanager.host": node.host,
    });
  });

  test("Flink's ports are those of the port table, each listener on its own", () => {
    const all = { ...render({}), ...jobManagerOverrides() };
    const ports = Object.entries(all).filter(([key]) => /\bport$/.test(key));
    const table = new Set(allPorts().map((row) => String(row.port)));
    expect(ports.filter(([, port]) => !table.has(port))).toEqual([]);
    expect(jobManagerOverrides()["metrics.internal.query-service.port"]).not.toBe(
      taskManagerOverrides({ instanceType: InstanceType.M7I_LARGE })["metrics.internal.query-service.port"],
    );
    expect(all["high-availability.jobmanager.port"]).toBe(String(PORTS.jobManagerRpc.port));
  });

  test("the module flags are those of the line", () => {
    const flags = (version: FlinkVersion): string => render({ version })["env.java.opts.all"];
    expect(flags(FlinkVersion.V1_20).split(" ")).toHaveLength(20);
    expect(flags(FlinkVersion.V2_2).split(" ")).toHaveLength(19);
    expect(flags(FlinkVersion.V2_3)).toBe(flags(FlinkVersion.V2_2));
  });

  test("nothing that Flink's scripts evaluate means anything to a shell", () => {
    for (const [key, value] of Object.entries(render({ version: FlinkVersion.V1_20 }))) {
      if (key.startsWith("env.")) expect(value).toMatch(/^[A-Za-z0-9 ._/=:,+-]*$/);
    }
  });
});

describe("resolveFlinkSettings", () => {
  const any = (value: unknown): never => value as never;
  test.each<[FlinkSettingsProps, string]>([
    [{ version: any("2.2") }, 'version is "2.2"'],
    [{ instanceType: any("m7i.large") }, 'instanceType is "m7i.large"'],
    [{ numberOfTaskSlots: 0 }, "numberOfTaskSlots is 0, but must be a whole number from 1 to 1024"],
    [{ numberOfTaskSlots: 1025 }, "numberOfTaskSlots is 1025"],
    [{ numberOfTaskSlots: NaN }, "numberOfTaskSlots is NaN"],
    [{ numberOfTaskSlots: Infinity }, "numberOfTaskSlots is Infinity"],
    [{ numberOfTaskSlots: any("2") }, 'numberOfTaskSlots is "2"'],
    [{ numberOfTaskSlots: any("${x}") }, 'numberOfTaskSlots is "${x}"'],
    [{ numberOfTaskSlots: any(null), parallelism: any(true) }, "parallelism is true"],
    [{ parallelism: 129, numberOfTaskSlots: 1024 }, "parallelism is 129, but must be a whole number from 1 to 128"],
    [{ parallelism: 4 }, "parallelism is 4, but must be at most 3, the number of slots"],
    [{ restartStrategy: any("failure-rate") }, 'restartStrategy is "failure-rate"'],
    [
      { checkpointInterval: Duration.millis(99) },
      "checkpointInterval is 99 ms, but must be a Duration from 100 ms to 1 h",
    ],
    [{ checkpointInterval: Duration.minutes(61) }, "checkpointInterval is 61 min"],
    [{ checkpointInterval: any(60) }, "checkpointInterval is 60"],
    [{ checkpointTimeout: Duration.millis(0) }, "checkpointTimeout is 0 ms"],
    [{ checkpointTimeout: Duration.hours(25) }, "checkpointTimeout is 25 h"],
    [{ pekkoAskTimeout: Duration.seconds(4) }, "pekkoAskTimeout is 4 s"],
    [{ pekkoAskTimeout: Duration.seconds(61) }, "pekkoAskTimeout is 61 s"],
    [{ pekkoFrameSize: Size.bytes(1048575) }, "pekkoFrameSize is 1048575 bytes"],
    [{ pekkoFrameSize: Size.mebibytes(51) }, "pekkoFrameSize is 51 MiB"],
    [{ pekkoFrameSize: any("10m") }, 'pekkoFrameSize is "10m"'],
    [any(null), "the Flink settings is null"],
  ])("refuses %j", (props, message) => {
    let thrown: Error | undefined;
    try {
      resolveFlinkSettings(props, 3);
    } catch (error) {
      thrown = error as Error;
    }
    expect(thrown?.name).toBe("ValidationError");
    expect(thrown?.message).toContain(message);
  });
});
