import type { NodeReport } from "../../lib/node/report";
import { LeaderWatch } from "./leader-watch";

const reports = (...leading: readonly string[]): NodeReport[] =>
  ["n-1", "n-2", "n-3"].map((node) => ({ node, leads: leading.includes(node) }) as unknown as NodeReport);

describe("who leads, by the reports", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test("is told in its order; while two or none say so, nobody is", async () => {
    const said = [["n-1"], ["n-1"], ["n-1", "n-2"], [], ["n-2"], ["n-2"], ["n-1"]];
    const read = jest.fn(() => Promise.resolve(reports(...(said.length > 1 ? said.shift()! : said[0]))));
    const watch = await LeaderWatch.start(read);
    while (said.length > 1) await jest.advanceTimersByTimeAsync(1000);
    const leaders = watch.stop();
    await jest.advanceTimersByTimeAsync(2000);
    expect(await leaders).toEqual(["n-1", "n-2", "n-1"]);
  });

  test("and a watch that could not read fails", async () => {
    const read = jest.fn(() => Promise.resolve(reports("n-1")));
    const watch = await LeaderWatch.start(read);
    read.mockRejectedValue(new Error("no bucket"));
    await jest.advanceTimersByTimeAsync(2000);
    await expect(watch.stop()).rejects.toThrow("no bucket");
  });
});
