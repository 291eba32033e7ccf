import { StepOptions, steps } from "./steps";

const FAILS = new Error("it fails");

/** What became of steps, each of which fails where it says so; in their order. */
async function outcomesOf(all: readonly (StepOptions & { readonly fails?: true })[]): Promise<string[]> {
  const acts: (() => Promise<void>)[] = [];
  const original = global.test;
  global.test = ((_: string, act: () => Promise<void>) => void acts.push(act)) as unknown as jest.It;
  try {
    const step = steps();
    all.forEach(({ fails, ...options }, n) =>
      step(`step ${n}`, () => (fails ? Promise.reject(FAILS) : Promise.resolve()), options),
    );
  } finally {
    global.test = original;
  }
  const outcomes: string[] = [];
  for (const act of acts) {
    outcomes.push(
      await act().then(
        () => "done",
        (error: Error) => error.message,
      ),
    );
  }
  return outcomes;
}

beforeEach(() => {
  jest.spyOn(process.stderr, "write").mockImplementation(() => true);
});

const notReached = (failed: string) => `not reached, because this failed before: ${failed}`;

test("after a step that failed no other is reached", async () => {
  expect(await outcomesOf([{}, { fails: true }, {}, { isLeaf: true }])).toEqual([
    ...["done", FAILS.message],
    ...[notReached("step 1"), notReached("step 1")],
  ]);
});

test("others go on where nothing builds on what failed, but for one that needs all", async () => {
  const all = [{ isLeaf: true, fails: true }, {}, { isLeaf: true, fails: true }, { needsAll: true }, {}] as const;
  expect(await outcomesOf(all)).toEqual([
    ...[FAILS.message, "done", FAILS.message, notReached("step 0")],
    // What was not reached has not failed itself.
    "done",
  ]);
});

test("one that needs all is reached where none failed", async () => {
  expect(await outcomesOf([{ isLeaf: true }, {}, { needsAll: true }])).toEqual(["done", "done", "done"]);
});
