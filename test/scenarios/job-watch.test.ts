import { readWatch, requireUnharmed, WatchedJobs } from "./job-watch";

describe("restores are counted", () => {
  const job = { jid: "a", name: "counting-1", states: ["RESTARTING", "RUNNING"], away: [[1, 2]] };
  const restoresIn = (restores: readonly (readonly [number, number])[]) =>
    readWatch(JSON.stringify({ jobs: [{ ...job, restores }], samples: 3, unanswered: 1 }), 1000).jobs[0].restores;

  test("but for those from before the watch", () => {
    const restores = [
      [900, 1],
      [1000, 2],
      [2000, 3],
    ];
    const output = JSON.stringify({ jobs: [{ ...job, restores }], samples: 3, unanswered: 1 });
    expect(readWatch(output, 1000)).toEqual({ jobs: [{ ...job, restores: 2 }], samples: 3, unanswered: 1 });
  });

  test.each([
    ["none", [], 0],
    [
      "two between two samples",
      [
        [900, 1],
        [2000, 3],
      ],
      2,
    ],
    [
      "those under another leader, which counts anew",
      [
        [1100, 2],
        [2000, 1],
      ],
      3,
    ],
    [
      "in whatever order they were listed",
      [
        [2000, 1],
        [1100, 2],
        [900, 1],
      ],
      2,
    ],
  ] as const)("%s", (_, restores, count) => {
    expect(restoresIn(restores)).toBe(count);
  });
});

describe("what a watch must say", () => {
  const seen = (more: Partial<WatchedJobs["jobs"][number]> = {}, samples = 100, unanswered = 10): WatchedJobs => ({
    jobs: [{ jid: "a", name: "counting-1", states: ["RUNNING"], restores: 3, away: [], ...more }],
    samples,
    unanswered,
  });
  const expected = { jids: ["a"], restarts: 3, everyNode: true };

  test("each job ran on, restored once at least and at most as often as nodes restarted", () => {
    requireUnharmed(seen(), expected);
    requireUnharmed(seen({ restores: 1 }), expected);
    requireUnharmed(seen({ restores: 0 }), { jids: ["a"], restarts: 0, everyNode: false });
  });

  test.each([
    ["a job failed", seen({ states: ["RUNNING", "FAILED"] }), /counting-1 failed/],
    ["a job restarted too often", seen({ restores: 4 }), /restored 4 times by 3 restarts/],
    ["a job noticed nothing", seen({ restores: 0 }), /never restored/],
    ["another job ran", seen({ jid: "b" }), /the jobs are b and not a/],
    ["nothing was seen", { ...seen(), jobs: [] }, /the jobs are {2}and not a/],
    ["nobody asked", seen({}, 0, 0), /0 of 0 samples/],
    ["hardly anybody answered", seen({}, 100, 50), /50 of 100 samples had no answer/],
  ])("else it fails: %s", (_, watched, problem) => {
    expect(() => requireUnharmed(watched, expected)).toThrow(problem);
  });
});
