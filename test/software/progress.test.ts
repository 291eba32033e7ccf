import { progressFor } from "../../lib/software/progress";

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

test("on a terminal, nothing is drawn where there was no task", () => {
  const { stream, written } = terminal();
  progressFor(stream).stop();
  expect(written()).toBe("");
});
