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
