import { changeRecord, tellChange } from "./change-record";

test("a change tells how long each node was down, and what it took from the jobs at most", () => {
  const job = { jid: "a", states: ["RUNNING"], from: 0 };
  const change = changeRecord({
    what: "replace of the leader",
    seconds: 99.6,
    nodes: {
      down: new Map([
        [
          "lab-node-1",
          [
            [10, 70],
            [100, 130.4],
          ],
        ],
        ["lab-node-2", []],
      ]),
      ...{ samples: 80, mostDown: 1 },
    },
    jobs: {
      jobs: [
        { ...job, name: "counting-10", restores: 0, away: [] },
        {
          ...{ ...job, name: "counting-2", restores: 2 },
          away: [
            [10, 25],
            [100, 112],
          ],
        },
      ],
      ...{ samples: 90, unanswered: 3 },
    },
  });
  expect(change.jobs.map((each) => each.job)).toEqual(["counting-2", "counting-10"]);
  expect(tellChange(change)).toEqual({
    ...{ change: "replace of the leader", seconds: 100, "seconds of each node": "1: 60 + 30, 2: 0" },
    ...{ "longest of a job": "15", "most of a job, in all": "27", "restores of a job": "0 to 2" },
    ...{ samples: 80, "most nodes down at once": 1 },
  });
});
