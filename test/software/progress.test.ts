import { progressFor } from "../../lib/software/progress";

const CURSOR_HIDDEN = "\x1b[?25l";
/** Its cursor is shown, and what is wider than the terminal is not cut off. */
const RESTORED = /\x1b\[\?25h[^]*\x1b\[\?7h/i;

/** Of a stream that is one, what a terminal is written. */
function terminal(): { readonly stream: NodeJS.WriteStream; readonly written: () => string } {
  let written = "";
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  return { stream: { isTTY: true, columns: 80, write } as unknown as NodeJS.WriteStream, written: () => written };
}

test("on a terminal, lines are told before there is a bar, beside bars and after the last is full", () => {
  const { stream, written } = terminal();
  const progress = progressFor(stream);
  progress.line("waits for nodes");
  expect(written()).toBe("waits for nodes\n");
  const task = progress.task("flink 2.2.1");
  task.warn("its signature was not checked");
  task.done("in the cache");
  progress.line("ssm-agent: not fetched");
  progress.stop();
  for (const line of ["flink 2.2.1: its signature was not checked", "ssm-agent: not fetched"]) {
    expect(written().split(line)).toHaveLength(2);
  }
});

test("on a terminal, what has ended is a line, as more bars than it has rows would be drawn again and again", () => {
  const { stream, written } = terminal();
  const progress = progressFor(stream);
  const names = Array.from({ length: 60 }, (_, index) => `part-${index}`);
  const tasks = names.map((name) => progress.task(name));
  tasks.forEach((task, index) => (index % 2 ? task.failed("failed") : task.done("in the cache")));
  const before = written().length;
  progress.line("all is told");
  progress.stop();
  names.forEach((name, index) => {
    const line = `${name.padEnd(28)} ${index % 2 ? "failed" : "in the cache"}`;
    expect(written().split(line)).toHaveLength(2);
  });
  expect(written().slice(before)).not.toContain("part-");
});

test("a terminal has its cursor again, and goes on in the next row, also where the program ends in the midst of a task", () => {
  const { stream, written } = terminal();
  const before = process.listeners("exit");
  const progress = progressFor(stream);
  progress.task("flink 2.2.1").note("downloading");
  expect(written()).toContain(CURSOR_HIDDEN);
  const ends = process.listeners("exit").filter((each) => !before.includes(each));
  expect(ends).toHaveLength(1);
  ends[0](0);
  expect(written()).toMatch(RESTORED);
  progress.stop();
  expect(process.listeners("exit")).toEqual(before);
});

test("on a terminal, nothing is drawn where there was no task", () => {
  const { stream, written } = terminal();
  progressFor(stream).stop();
  expect(written()).toBe("");
});
