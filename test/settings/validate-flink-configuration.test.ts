import { FlinkVersion, validateFlinkConfiguration } from "../../lib/settings";

const check = (entries: Record<string, unknown>, version = FlinkVersion.V2_2): readonly string[] =>
  validateFlinkConfiguration(version, entries as Record<string, string>);
const global = "pipeline.global-job-parameters.text";

describe("validateFlinkConfiguration", () => {
  test.each([
    "rest.flamegraph.enabled",
    "table.exec.state.ttl",
    "execution.checkpointing.unaligned.enabled",
    "metrics.reporters",
    "metrics.reporter.prom.factory.class",
    "s3.connection.maximum",
    "fs.s3a.connection.maximum",
    "fs.s3.limit.total",
    "external-resource.gpu.amount",
    "sql-gateway.endpoint.rest.port",
    "pipeline.global-job-parameters",
    global,
  ])("%s is known", (key) => {
    for (const version of [FlinkVersion.V1_20, FlinkVersion.V2_2, FlinkVersion.V2_3]) {
      expect(check({ [key]: "1" }, version)).toEqual([]);
    }
  });

  test.each([
    ["execution.checkpointing.intervall", "execution.checkpointing.interval, set checkpointInterval"],
    ["rest.flamegraph.enable", "rest.flamegraph.enabled, use that"],
    ["taskmanager.registration.timout", "taskmanager.registration.timeout, use that"],
  ])("the unknown %s names the nearest", (key, nearest) => {
    expect(() => check({ [key]: "5 s" })).toThrow(
      `flinkConfiguration["${key}"] is "5 s", but must be under a key that Flink 2.2 reads: the nearest is ${nearest}`,
    );
  });

  test("an unknown key that is near to nothing", () => {
    expect(() => check({ "foo.bar": "1" })).toThrow("no key of Flink is near it");
  });

  test("keys differ by line", () => {
    const key = "high-availability.zookeeper.client.max-retry-wait";
    expect(() => check({ [key]: "1" }, FlinkVersion.V2_2)).toThrow("as the library sets it");
    const newer = "taskmanager.load-balance.mode";
    expect(check({ [newer]: "SLOTS" }, FlinkVersion.V1_20)).toEqual([]);
    const removed = "cluster.evenly-spread-out-slots";
    expect(() => check({ [removed]: "true" }, FlinkVersion.V2_2)).toThrow("under a key that Flink 2.2 reads");
  });

  test.each([
    ["taskmanager.numberOfTaskSlots", "set numberOfTaskSlots"],
    ["restart-strategy", "set restartStrategy"],
    ["restart-strategy.fixed-delay.attempts", "set restartStrategy"],
    ["state.checkpoints.dir", "set checkpointBucket"],
    ["akka.ask.timeout", "set pekkoAskTimeout"],
    ["high-availability", "high availability is always on"],
    ["state.backend.fs.checkpointdir", "set checkpointBucket"],
    ["recovery.mode", "high availability is always on"],
    ["taskmanager.memory.managed.fraction", "set instanceType"],
    ["jobmanager.heap.size", "set instanceType"],
    ["web.port", "port table"],
    ["env.java.home", "leave it out"],
    ["env.java.opts", "leave it out"],
    ["env.java.opts.all", "leave it out"],
    ["security.ssl.rest.enabled", "encryption is always on and the library's"],
    ["s3.secret-key", "role of its machine"],
    ["fs.s3a.access.key", "role of its machine"],
    ["kubernetes.cluster-id", "no effect on a cluster of virtual machines"],
    ["s3.sse.enabled", "encrypted under the checkpointBucket's key"],
    ["fs.s3a.encryption.algorithm", "encrypted under the checkpointBucket's key"],
    ["fs.s3a.server-side-encryption-algorithm", "encrypted under the checkpointBucket's key"],
  ])("%s is ours", (key, advice) => {
    expect(() => check({ [key]: "x" })).toThrow(advice);
    expect(() => check({ [key]: "x" }, FlinkVersion.of("2.9"))).toThrow(advice);
  });

  test.each([
    "presto.s3.session.token",
    "fs.s3.awsSecretAccessKey",
    "metrics.reporter.influx.password",
    "s3.access.key.of-mine",
    "security.ssl.rest.key-password",
    "security.delegation.token.provider.s3-hadoop.secret-key",
    "security.delegation.token.provider.s3-hadoop.access-key",
  ])("%s is refused, and its value is not shown", (key) => {
    const check = () => validateFlinkConfiguration(FlinkVersion.V2_2, { [key]: "hunter2" });
    expect(check).toThrow(/^flinkConfiguration\[.+\] is .+, but must be .+: .+$/);
    expect(check).not.toThrow(/hunter2/);
  });

  test.each(["security.delegation.tokens.enabled", "security.delegation.token.provider.hbase.enabled"])(
    "%s is about tokens, holds none, and is allowed",
    (key) => expect(check({ [key]: "false" })).toEqual([]),
  );

  test("a secret among flags for Java is refused, and not shown", () => {
    const check = () =>
      validateFlinkConfiguration(FlinkVersion.V2_2, {
        "env.java.opts.taskmanager": "-XX:+UseStringDeduplication -Ddb.password=hunter2",
      });
    expect(check).toThrow(
      'the system property db.password in flinkConfiguration["env.java.opts.taskmanager"] is "a value that is not shown", but must be absent',
    );
  });

  test("a line without a list warns of every key, and owned keys stay refused", () => {
    expect(check({ "foo.bar": "1" }, FlinkVersion.of("2.9.1"))).toEqual([
      'flinkConfiguration["foo.bar"] is not checked: the library has no list of the keys of Flink 2.9',
    ]);
  });

  test("a deprecated name is warned of", () => {
    expect(check({ "state.backend.local-recovery": "false" })).toEqual([
      expect.stringContaining('flinkConfiguration["state.backend.local-recovery"] is a deprecated name'),
    ]);
  });

  test.each([
    ["", '"" '],
    [" rest.port", '" rest.port"'],
    ["rest port", '"rest port"'],
    ["rest.port:", '"rest.port:"'],
    ["a\nb", '"a\\nb"'],
    ["č", '"č"'],
    ["${x}", '"${x}"'],
    ["#a", '"#a"'],
    ["x".repeat(256), '"xxx'],
  ])("the key %p is refused", (key, shown) => {
    for (const version of [FlinkVersion.V2_2, FlinkVersion.of("2.9")]) {
      expect(() => check({ [key]: "1" }, version)).toThrow(`a key of flinkConfiguration is ${shown.trim()}`);
    }
  });

  test.each([
    "",
    " ",
    "a\"b'c",
    "l1\nl2\r\n\tl3",
    "${x} %{x} $(id) `id`",
    "čeština 漢字 😀",
    "\u001b[0m",
    "# - : * & ! | >",
    "null",
  ])("the text %p is allowed", (value) => expect(check({ [global]: value })).toEqual([]));

  test.each([
    [10, "a text"],
    [true, "a text"],
    [null, "a text"],
    [undefined, "a text"],
    [["a"], "a text"],
    ["a\0b", "text without NUL characters"],
    ["\ud800", "valid Unicode"],
    ["\nBASH_JAVA_UTILS_EXEC_RESULT:env.java.opts.jobmanager: $(id)", "text without BASH_JAVA_UTILS_EXEC_RESULT:"],
    ["x".repeat(16_385), "at most 16384 characters"],
  ])("the value %p is refused", (value, allowed) => {
    expect(() => check({ [global]: value })).toThrow(allowed);
  });

  test("more lines than Flink's start scripts read", () => {
    expect(() => check({ [global]: "\n".repeat(600) })).toThrow("at most 500 lines");
  });

  test.each([null, "a", 1, [], new Map()])("%p is no configuration", (entries) => {
    expect(() => check(entries as never)).toThrow("flinkConfiguration is");
  });

  test("a map is written one way", () => {
    expect(() => check({ "pipeline.global-job-parameters": "a:b", [global]: "c" })).toThrow(
      "write the map one way only",
    );
  });

  describe("flags for Java", () => {
    test.each(["-Dfoo=bar", "-XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=/tmp/x", "-Dx=%p,1:2@3"])(
      "%p are allowed",
      (flags) => expect(check({ "env.java.opts.taskmanager": flags })).toEqual([]),
    );

    test.each([
      "$(id)",
      "-D`id`",
      "-Dx=$HOME",
      "-Dx=a;b",
      "-Dx='a'",
      '-Dx="a"',
      "-Dx=a|b",
      "-Dx=a>b",
      "-Dx=*",
      "-Dx=~",
      "-Da\n-Db",
      "-Da  -Db",
      "-Da #",
      "-Da: b",
      "x",
      "",
    ])("%p are refused", (flags) =>
      expect(() => check({ "env.java.opts.jobmanager": flags })).toThrow("flags that begin with a hyphen"),
    );

    test.each([
      "-Xmx2g",
      "-Da=b -Xms1g",
      "-XX:+UseZGC",
      "-XX:+UseSerialGC",
      "-XX:MaxMetaspaceSize=1g",
      "-XX:MaxDirectMemorySize=1",
    ])("%p contradict the split", (flags) =>
      expect(() => check({ "env.java.opts.client": flags })).toThrow("set instanceType, from which they follow"),
    );
  });
});
