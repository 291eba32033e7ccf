import type { LogEntry } from "../../../lib/observability/log-search/log-entry";
import { entryAsJson, renderEntry } from "../../../lib/observability/log-search/render-entry";

const TIME = Date.parse("2026-11-29T22:51:00.123Z");
const render = (entry: LogEntry, colourful = false): string => renderEntry({ id: "a", time: TIME, entry }, colourful);

test("an entry is one line, with what belongs to it below", () => {
  const entry = {
    level: "ERROR",
    node: "orders-node-1",
    role: "taskmanager",
    logger: "org.apache.flink.runtime.taskmanager.Task",
    message: "Source switched to FAILED\nwith a second line\n",
    exception: "java.lang.IllegalStateException",
    stack_trace: "java.lang.IllegalStateException: boom\n\tat com.example.Orders.map(Orders.java:12)\n",
    job_id: "0123456789abcdef0123456789abcdef",
  };
  expect(render(entry)).toBe(
    [
      "2026-11-29T22:51:00.123Z ERROR orders-node-1 taskmanager org.apache.flink.runtime.taskmanager.Task: Source switched to FAILED [job 0123456789abcdef0123456789abcdef]",
      "    with a second line",
      "    java.lang.IllegalStateException: boom",
      "        at com.example.Orders.map(Orders.java:12)",
    ].join("\n"),
  );
});

test("a line of the journal is named by its unit; an exception without a stack trace is told", () => {
  expect(render({ level: "INFO", node: "n", role: "system", unit: "ssh.service", message: "hello" })).toBe(
    "2026-11-29T22:51:00.123Z INFO  n system ssh.service: hello",
  );
  expect(render({ message: "hello", exception: "java.io.IOException", stack_trace: "" })).toBe(
    "2026-11-29T22:51:00.123Z -      hello\n    java.io.IOException",
  );
  expect(render({ message: "{", refused: "mapper_parsing_exception" })).toContain(
    "\n    OpenSearch refused the whole document: mapper_parsing_exception",
  );
});

test("no control character of a line reaches the terminal, and no field that is no text breaks it", () => {
  const hostile = "\u001b[2J\u009b31m\u202e\rnode-9 is healthy";
  const shown = render({
    level: hostile,
    node: hostile,
    logger: hostile,
    message: `${hostile}\n${hostile}`,
    stack_trace: `\t${hostile}`,
    job_id: hostile,
  });
  expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
  expect(render({ message: 5, level: ["ERROR"], stack_trace: {} } as unknown as LogEntry)).toBe(
    "2026-11-29T22:51:00.123Z -      ",
  );
});

test("colours are of the level, and only where they are asked for", () => {
  expect(render({ level: "ERROR", message: "m" }, true)).toContain("\u001b[31mERROR");
  expect(render({ level: "WARN", message: "m" }, true)).toContain("\u001b[33mWARN");
  expect(render({ level: "ERROR", message: "m" })).not.toContain("\u001b");
});

test("as JSON it is the whole document, and nothing in it moves a terminal", () => {
  const entry = { message: "a\u009b31m\u007f\u202e\u001b[2J\n\u2028", stack_trace: "č漢😀", sequence: 7 };
  const text = entryAsJson({ id: "a", time: TIME, entry });
  expect(JSON.parse(text)).toEqual(entry);
  expect(text).toBe('{"message":"a\\u009b31m\\u007f\\u202e\\u001b[2J\\n\\u2028","stack_trace":"č漢😀","sequence":7}');
});
