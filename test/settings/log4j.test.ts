import { renderLog4jProperties } from "../../lib/settings";

test("log4j: what is written is bounded, and the file is the one that the web UI shows", () => {
  const properties = new Map(
    renderLog4jProperties()
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
