import { awayByName, readWatch, requireUnharmed, WatchedJob, WatchedJobs } from "./job-watch";

describe("restores are counted", () => {
  const job = { jid: "a", name: "counting-1", states: ["RESTARTING", "RUNNING"], from: 1, away: [[1, 2]] };
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

describe("a job that goes on under another id is away", () => {
  const job = (jid: string, from: number, away: WatchedJob["away"], name = "counting-1"): WatchedJob => {
    return { ...{ jid, name, from, away }, states: ["RUNNING"], restores: 0 };
  };

  test("from when the first stopped until the next runs whole", () => {
    const jobs = [job("a", 10, [[50, 200]]), job("b", 90, [[89, 120]])];
    expect(awayByName(jobs)).toEqual(new Map([["counting-1", [[50, 120]]]]));
    expect(awayByName([...jobs].reverse())).toEqual(awayByName(jobs));
  });

  test("from when the first stopped until the next is there, where that is seen whole at once", () => {
    expect(awayByName([job("a", 10, [[50, 200]]), job("b", 90, [])]).get("counting-1")).toEqual([[50, 90]]);
  });

  test("each time, whoever of three was to run, and before and after that as well", () => {
    const first: WatchedJob["away"] = [
      [20, 25],
      [50, 300],
    ];
    const second: WatchedJob["away"] = [
      [89, 120],
      [130, 132],
      [150, 300],
    ];
    const jobs = [job("a", 10, first), job("b", 90, second), job("c", 170, [[169, 180]]), job("d", 10, [], "other")];
    expect(awayByName(jobs)).toEqual(
      new Map([
        [
          "counting-1",
          [
            [20, 25],
            [50, 120],
            [130, 132],
            [150, 180],
          ],
        ],
        ["other", []],
      ]),
    );
  });

  test("to the end of the watch, where nothing follows", () => {
    expect(awayByName([job("a", 10, [[50, 200]])]).get("counting-1")).toEqual([[50, 200]]);
  });
});

describe("what a watch must say", () => {
  const seen = (more: Partial<WatchedJobs["jobs"][number]> = {}, samples = 100, unanswered = 10): WatchedJobs => ({
    jobs: [{ jid: "a", name: "counting-1", states: ["RUNNING"], from: 0, restores: 3, away: [], ...more }],
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
