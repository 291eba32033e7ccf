import { readRecord } from "../../../lib/node/log-exporter/collected-record";
import { entryOfRecord } from "../../../lib/node/log-exporter/entry-of-record";
import { flinkEntry, flinkLine, flinkRecord, NOW, ORIGIN } from "./support/entries";

describe("a document of a line of Flink", () => {
  test("has what the line says, who wrote it and where", () => {
    const more = { job_id: "0a1b", exception: "java.io.IOException", stack_trace: "java.io.IOException: x\n\tat A.b" };
    expect(flinkEntry(7, more).document).toEqual({
      "@timestamp": "2026-11-29T11:59:58.123Z",
      ...{ level: "INFO", logger: "org.apache.flink.Something", thread: "main", message: "line 7" },
      ...more,
      ...{ run: "run-1", sequence: 7, cluster: "orders", node: "orders-node-1", host: "node-1.orders.flink.internal" },
      ...{ role: "taskmanager", unit: "flink-taskmanager.service" },
    });
    expect(flinkEntry(7).position).toEqual({ role: "taskmanager", run: "run-1", sequence: 7 });
  });

  test("has the same id whenever it is read, and another one than any other line", () => {
    const again = entryOfRecord({ ...flinkRecord(1), timeMillis: NOW + 5 }, ORIGIN, NOW + 9);
    const ofOther = entryOfRecord({ ...flinkRecord(1), source: "jobmanager" }, ORIGIN, NOW);
    const onOther = entryOfRecord(flinkRecord(1), { ...ORIGIN, node: "orders-node-2" }, NOW);
    expect(again.id).toBe(flinkEntry(1).id);
    expect(new Set([flinkEntry(1), flinkEntry(2), ofOther, onOther].map(({ id }) => id)).size).toBe(4);
    expect(flinkEntry(1).id).toMatch(/^[A-Za-z0-9_-]{27}$/);
  });

  test("leaves out what is empty: most lines are no job's", () => {
    expect(flinkEntry(1, { job_id: "", exception: null }).document).not.toHaveProperty("job_id");
    expect(flinkEntry(1, { exception: null }).document).not.toHaveProperty("exception");
  });

  test("shows no password, in neither of its texts nor in the line itself", () => {
    const login = "jdbc:postgresql://orders:hunter2@db.internal/orders";
    const entry = flinkEntry(1, { message: `cannot reach ${login}`, stack_trace: `x: ${login}\n\tat A.b` });
    expect(JSON.stringify(entry)).not.toContain("hunter2");
    expect(entry.document.message).toBe("cannot reach jdbc:postgresql://orders:…@db.internal/orders");
  });

  test("has the fields that are selected, and always its time and message", () => {
    const { document } = entryOfRecord(flinkRecord(1), { ...ORIGIN, fields: ["level", "node"] }, NOW);
    expect(Object.keys(document).sort()).toEqual(["@timestamp", "level", "message", "node"]);
  });

  test.each([
    ["longer ago than anything lies on a disk", "2026-10-01T00:00:00.000Z"],
    ["of days to come", "2027-01-01T00:00:00.000Z"],
    ["no time", "yesterday"],
  ])("is not believed a time that is %s: each day is an index more", (_, time) => {
    expect(flinkEntry(1, { "@timestamp": time }).document["@timestamp"]).toBe("2026-11-29T12:00:00.000Z");
  });

  test.each(["Exception in thread main", "{}", '{"message":7}', "[1]", "{broken", ""])(
    "of another form is a message: %j",
    (body) => {
      const { document, position } = entryOfRecord({ source: "taskmanager", body, timeMillis: NOW }, ORIGIN, NOW);
      expect(document).toMatchObject({ message: body, role: "taskmanager", "@timestamp": "2026-11-29T12:00:00.000Z" });
      expect(position).toBeUndefined();
    },
  );

  test("that the collector cut has its number, and as message all that there is of it", () => {
    const cut = flinkLine(9, { message: "x".repeat(1000) }).slice(0, 500);
    const { document, position } = entryOfRecord({ source: "taskmanager", body: cut, timeMillis: NOW }, ORIGIN, NOW);
    expect(position).toEqual({ role: "taskmanager", run: "run-1", sequence: 9 });
    expect(document).toMatchObject({ level: "INFO", message: cut });
  });
});

describe("a document of an entry of the journal", () => {
  function entryOf(fields: Readonly<Record<string, unknown>>) {
    return entryOfRecord({ source: "journal", body: fields, timeMillis: NOW }, ORIGIN, NOW);
  }

  test("says which program wrote it, in which unit, and how urgent it is", () => {
    const fields = { MESSAGE: "agent: node orders-node-1", PRIORITY: "6", SYSLOG_IDENTIFIER: "python3" };
    const entry = entryOf({
      ...fields,
      ...{ _SYSTEMD_UNIT: "agent.service", _SYSTEMD_INVOCATION_ID: "i-1", _TRANSPORT: "stdout", __CURSOR: "s=1" },
    });
    expect(entry.document).toEqual({
      "@timestamp": "2026-11-29T12:00:00.000Z",
      ...{ message: "agent: node orders-node-1", level: "INFO", logger: "python3", role: "agent" },
      ...{ unit: "agent.service", run: "i-1", cluster: "orders", node: "orders-node-1" },
      host: "node-1.orders.flink.internal",
    });
    expect(entry.cursor).toBe("s=1");
  });

  test.each([
    [{ _TRANSPORT: "kernel", MESSAGE: "Out of memory: Killed process 1" }, "kernel", undefined],
    [{ _TRANSPORT: "audit", MESSAGE: "AVC", _SYSTEMD_UNIT: "agent.service" }, "audit", "agent.service"],
    [{ _TRANSPORT: "syslog", MESSAGE: "x", _SYSTEMD_UNIT: "sshd.service" }, "system", "sshd.service"],
    [
      { MESSAGE: "Main process exited", UNIT: "zookeeper.service", _SYSTEMD_UNIT: "init.scope" },
      "system",
      "zookeeper.service",
    ],
    // What anybody may write says nothing of who wrote it.
    [{ MESSAGE: "x", UNIT: "agent.service", _SYSTEMD_UNIT: "sshd.service" }, "system", "sshd.service"],
    [{ MESSAGE: "x", _SYSTEMD_UNIT: "toString" }, "system", "toString"],
  ])("%j has its role", (fields, role, unit) => {
    const { document } = entryOf(fields);
    expect([document.role, document.unit]).toEqual([role, unit]);
  });

  test.each([
    ["0", "FATAL"],
    ["3", "ERROR"],
    ["4", "WARN"],
    ["7", "DEBUG"],
    ["8", undefined],
  ])("priority %s is level %s", (PRIORITY, level) => {
    expect(entryOf({ MESSAGE: "x", PRIORITY }).document.level).toBe(level);
  });

  test("has bytes that are no text as a text", () => {
    expect(entryOf({ MESSAGE: [104, 105, 255] }).document.message).toBe("hi\ufffd");
    expect(entryOf({ MESSAGE: null }).document.message).toBe("");
    expect(entryOf({ MESSAGE: ["one", "two"] }).document.message).toBe("one\ntwo");
  });

  test("is told from another one with the same words by its place", () => {
    expect(entryOf({ MESSAGE: "x", __CURSOR: "1" }).id).not.toBe(entryOf({ MESSAGE: "x", __CURSOR: "2" }).id);
    expect(entryOf({ MESSAGE: "x", __CURSOR: "1" }).id).toBe(entryOf({ MESSAGE: "x", __CURSOR: "1" }).id);
  });

  test("of ZooKeeper has its event in fields, and its stack trace as it was", () => {
    const thread = "QuorumPeer[myid=1](plain=disabled)(secure=0.0.0.0:2281)";
    const stack = "java.io.IOException: C:\\\\new\\n\\tat A.b(A.java:1)\\n";
    const MESSAGE = `WARN  [${thread}] org.apache.zookeeper.server.Quorum - two\\nlines\t${stack}`;
    expect(entryOf({ MESSAGE, _SYSTEMD_UNIT: "zookeeper.service" }).document).toMatchObject({
      ...{ level: "WARN", thread, logger: "org.apache.zookeeper.server.Quorum", message: "two\nlines" },
      ...{ exception: "java.io.IOException", stack_trace: "java.io.IOException: C:\\new\n\tat A.b(A.java:1)" },
    });
  });

  test("of ZooKeeper without an exception has none, and one of another form is a message", () => {
    const { document } = entryOf({ MESSAGE: "INFO  [main] a.B - started\t", _SYSTEMD_UNIT: "zookeeper.service" });
    expect(document).toMatchObject({ level: "INFO", message: "started" });
    expect(document).not.toHaveProperty("stack_trace");
    const other = entryOf({ MESSAGE: "SLF4J: no provider", PRIORITY: "6", _SYSTEMD_UNIT: "zookeeper.service" });
    expect(other.document).toMatchObject({ message: "SLF4J: no provider", level: "INFO" });
  });
});

describe("a record of OTLP", () => {
  test("is read with all kinds of values", () => {
    const values = [
      { key: "text", value: { stringValue: "a" } },
      { key: "whole", value: { intValue: "9007199254740991" } },
      { key: "real", value: { doubleValue: 1.5 } },
      { key: "truth", value: { boolValue: true } },
      { key: "list", value: { arrayValue: { values: [{ doubleValue: 1 }, { stringValue: "b" }] } } },
      { key: "none", value: {} },
    ];
    const record = readRecord({
      timeUnixNano: "1796040000123456789",
      observedTimeUnixNano: "1",
      body: { kvlistValue: { values } },
      attributes: [{ key: "source", value: { stringValue: "journal" } }],
    });
    const body = { text: "a", whole: 9007199254740991, real: 1.5, truth: true, list: [1, "b"], none: undefined };
    expect(record).toEqual({ source: "journal", timeMillis: 1796040000123, body });
  });

  test.each([undefined, null, 1, {}, { body: null, attributes: 3 }])("of no form is not lost: %j", (record) => {
    expect(readRecord(record)).toMatchObject({ source: "", body: '""' });
  });
});
