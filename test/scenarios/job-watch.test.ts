import { readWatch } from "./job-watch";

test("a restore from before the watch does not count", () => {
  const job = { jid: "a", name: "counting-1", states: ["RESTARTING", "RUNNING"] };
  const output = JSON.stringify({ jobs: [{ ...job, restores: [900, 1000, 2000] }], samples: 3, unanswered: 1 });
  expect(readWatch(output, 1000)).toEqual({ jobs: [{ ...job, restores: 2 }], samples: 3, unanswered: 1 });
});
