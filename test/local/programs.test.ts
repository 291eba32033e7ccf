import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { endPrograms, programsWith, runningPrograms, type RunningProgram } from "../../lib/local/programs";

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const UNTIL_KILLED = "console.log('up'); setInterval(() => 0, 60000)";
const DEAF = `process.on('SIGTERM', () => 0); ${UNTIL_KILLED}`;

/** A program whose command line has a word of its own; it has come so far that it would hear a signal. */
async function start(script: string, word: string = randomUUID()): Promise<{ child: ChildProcess; word: string }> {
  const child = spawn(process.execPath, ["-e", script, word], { stdio: ["ignore", "pipe", "ignore"], detached: true });
  children.push(child);
  await once(child.stdout, "data");
  return { child, word };
}

test.each(["linux", "darwin"] as const)(
  "as %s tells of it, a program has its number, its words and its beginning",
  async (platform) => {
    const { child, word } = await start(UNTIL_KILLED);
    const [found, ...others] = programsWith(word, runningPrograms(platform));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ pid: child.pid, parent: process.pid });
    expect(found.words).toContain(word);
    // Linux tells `ps` of times since the machine's start, and `ps` works out the rest anew each time.
    if (platform === process.platform) expect(programsWith(word, runningPrograms(platform))).toEqual([found]);
    expect(found.began).not.toBe("");
  },
);

test("of a program and those that it started, it alone is found", () => {
  const program = (pid: number, parent: number, ...words: string[]): RunningProgram => ({
    pid,
    parent,
    began: "1",
    words,
  });
  const programs = [
    program(10, 1, "bash", "mark"),
    program(11, 10, "bash", "mark"),
    program(12, 11, "java", "mark"),
    program(13, 1, "java", "mark-too"),
    program(14, 1, "vi", "a mark"),
  ];
  expect(programsWith("mark", programs).map(({ pid }) => pid)).toEqual([10]);
});

test("a program that is asked to end ends, with what it started", async () => {
  const word = randomUUID();
  const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(DEAF)}, '${word}-child'], { stdio: 'inherit' }); setInterval(() => 0, 60000)`;
  await start(script, word);
  expect(programsWith(`${word}-child`, runningPrograms())).toHaveLength(1);
  // The child is deaf: it ends with the group when the time is over.
  const both = [...programsWith(word, runningPrograms()), ...programsWith(`${word}-child`, runningPrograms())];
  await endPrograms(both, 200);
  expect(runningPrograms().filter(({ words }) => words.some((each) => each.startsWith(word)))).toEqual([]);
});

test("one that does not listen is killed when its time is over", async () => {
  const { child, word } = await start(DEAF);
  const ended = once(child, "exit");
  await endPrograms(programsWith(word, runningPrograms()), 100);
  expect(await ended).toEqual([null, "SIGKILL"]);
});

test("a number that has become another program's is left alone", async () => {
  const { child, word } = await start(UNTIL_KILLED);
  const [found] = programsWith(word, runningPrograms());
  await endPrograms([{ ...found, began: `${found.began}0` }], 100);
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

test("one that has ended already is no trouble", async () => {
  const { child, word } = await start(UNTIL_KILLED);
  const found = programsWith(word, runningPrograms());
  child.kill("SIGKILL");
  await once(child, "exit");
  await endPrograms(found, 100);
  expect(programsWith(word, runningPrograms())).toEqual([]);
});
