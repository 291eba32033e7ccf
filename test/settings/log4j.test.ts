import { LogLevel, renderLog4jProperties } from "../../lib/settings";

test("log4j: what is written is bounded, and the file is the one that the web UI shows", () => {
  const properties = new Map(
    renderLog4jProperties(LogLevel.INFO)
      .trim()
      .split("\n")
      .map((line) => line.split(" = ") as [string, string]),
  );
  expect(properties.get("appender.rolling.fileName")).toBe("${sys:log.file}");
  expect(properties.get("appender.rolling.policies.size.size")).toBe("50MB");
  expect(Number(properties.get("appender.rolling.strategy.max"))).toBe(10);
  for (const [key, value] of properties) {
    if (key.endsWith(".ref")) expect([...properties.values()].filter((name) => name === value)).toHaveLength(2);
  }
});

test.each(Object.values(LogLevel))("log4j: %s is the level of everything that Flink is made of", (level) => {
  const lines = renderLog4jProperties(level).split("\n");
  for (const logger of ["rootLogger", "logger.pekko", "logger.zookeeper"]) {
    expect(lines).toContain(`${logger}.level = ${level}`);
  }
});

function properties(options?: Parameters<typeof renderLog4jProperties>[1]): Map<string, string> {
  const lines = renderLog4jProperties(LogLevel.INFO, options).trim().split("\n");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(" = ")), line.slice(line.indexOf(" = ") + 3)]));
}

function levelOf(found: Map<string, string>, name: string): string | undefined {
  const ids = [...found].filter(([, value]) => value === name).map(([key]) => key.replace(/\.name$/, ""));
  expect(ids.length).toBeLessThan(2);
  return found.get(`${ids[0]}.level`);
}

test("log4j: a logger has the level that is given to it, also one that Flink's own file names", () => {
  const levels = { "org.apache.kafka": LogLevel.ERROR, "com.example.orders": LogLevel.WARN };
  const found = properties({ levels });
  expect(levelOf(found, "org.apache.kafka")).toBe("ERROR");
  expect(levelOf(found, "com.example.orders")).toBe("WARN");
  expect(levelOf(found, "org.apache.pekko")).toBe("INFO");
  const netty = "org.jboss.netty.channel.DefaultChannelPipeline";
  expect(levelOf(found, netty)).toBe("OFF");
  expect(levelOf(properties({ levels: { [netty]: LogLevel.WARN } }), netty)).toBe("WARN");
  expect(renderLog4jProperties(LogLevel.INFO, { levels: {} })).toBe(renderLog4jProperties(LogLevel.INFO));
});

describe("log4j: lines that are shipped", () => {
  const bufferBytes = 64 << 20;
  const found = properties({ bufferBytes });

  test("take the console's place, beside the file that the web UI shows", () => {
    expect([...found.values()]).not.toContain("ConsoleAppender");
    const references = [...found].filter(([key]) => key.endsWith(".ref")).map(([, value]) => value);
    expect(references).toEqual(["LinesAppender", "RollingFileAppender"]);
    expect(found.get("appender.lines.name")).toBe("LinesAppender");
    expect(found.get("appender.rolling.fileName")).toBe("${sys:log.file}");
  });

  test("lie in the process's own folder, and take no more than their room", () => {
    expect(found.get("appender.lines.fileName")).toBe("${env:FLINK_LOG_LINES}/lines.json");
    expect(found.get("appender.lines.filePattern")).toBe("${env:FLINK_LOG_LINES}/lines.json.%i");
    const one = Number(found.get("appender.lines.policies.size.size"));
    const old = Number(found.get("appender.lines.strategy.delete.ifName.ifAny.bytes.exceeds"));
    expect(one + old).toBe(bufferBytes);
    expect(one).toBeLessThan(bufferBytes / 10);
  });

  test("are objects with the fields of documents, the ones that differ first", () => {
    const event = JSON.parse(found.get("appender.lines.layout.eventTemplate")!) as Record<string, unknown>;
    expect(Object.keys(event)).toEqual([
      ...["@timestamp", "sequence", "run", "level", "logger", "thread", "job_id"],
      ...["message", "exception", "stack_trace"],
    ]);
    // A pattern ends with the stack trace of its event unless it is told not to.
    expect(event.sequence).toEqual({ $resolver: "pattern", pattern: "%sn", stackTraceEnabled: false });
    expect(event.run).toBe("${env:INVOCATION_ID}");
  });
});
