import * as fc from "fast-check";
import { DeliveredLines } from "../../../lib/node/log-exporter/delivered-lines";
import { IntervalSet } from "../../../lib/node/log-exporter/interval-set";
import { MOST_FILES } from "../../../lib/node/log-exporter/lines-on-disk";

describe("a set of intervals", () => {
  test("is the set of what was added, in the fewest intervals", () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 60 }), (added, from, length) => {
        const set = new IntervalSet();
        added.forEach((number) => set.add(number));
        const has = new Set(added);
        const range = Array.from({ length }, (_, at) => from + at);
        expect(set.missing(from, from + length - 1)).toBe(range.filter((number) => !has.has(number)).length);
        expect(set.last).toBe(Math.max(0, ...added));
        expect(set.toJSON()).toHaveLength([...has].filter((number) => !has.has(number - 1)).length);
        expect(new IntervalSet(JSON.parse(JSON.stringify(set)))).toEqual(set);
      }),
    );
  });

  test("closes its lowest holes first, and tells how large they were", () => {
    const set = new IntervalSet([
      [1, 2],
      [5, 5],
      [7, 9],
    ]);
    expect(set.closeLowestHoles(2)).toBe(2);
    expect(set.toJSON()).toEqual([
      [1, 5],
      [7, 9],
    ]);
    expect(set.closeLowestHoles(2)).toBe(0);
  });
});

describe("lines of a process", () => {
  function deliver(lines: DeliveredLines, run: string, first: number, last: number): void {
    for (let number = first; number <= last; number++) lines.add(run, number);
  }

  let lines: DeliveredLines;
  beforeEach(() => {
    lines = new DeliveredLines();
    lines.look([]);
  });

  test("that are on disk are not lost, whatever is delivered", () => {
    lines.look([{ run: "a", first: 1, last: 100 }]);
    deliver(lines, "a", 50, 60);
    expect(lines.lost).toBe(0);
  });

  test("that are gone and were not delivered are lost, and no others", () => {
    deliver(lines, "a", 1, 10);
    lines.look([
      { run: "a", first: 31, last: 60 },
      { run: "a", first: 61, last: 70 },
    ]);
    expect(lines.lost).toBe(20);
    deliver(lines, "a", 31, 70);
    expect(lines.lost).toBe(20);
  });

  test("that come late after all are lost no longer", () => {
    lines.look([{ run: "a", first: 11, last: 20 }]);
    expect(lines.lost).toBe(10);
    deliver(lines, "a", 1, 4);
    expect(lines.lost).toBe(6);
  });

  test("of a run that is over are lost up to the last one that was seen", () => {
    lines.look([{ run: "a", first: 1, last: 30 }]);
    deliver(lines, "a", 1, 5);
    lines.look([
      { run: "a", first: 1, last: 40 },
      { run: "b", first: 1, last: 7 },
    ]);
    lines.look([{ run: "b", first: 1, last: 9 }]);
    expect(lines.lost).toBe(35);
  });

  test("are known after a restart", () => {
    lines.look([{ run: "a", first: 1, last: 30 }]);
    deliver(lines, "a", 1, 5);
    lines.look([{ run: "b", first: 4, last: 9 }]);
    const again = new DeliveredLines(JSON.parse(JSON.stringify(lines)));
    expect(again.lost).toBe(28);
    again.look([{ run: "b", first: 8, last: 9 }]);
    expect(again.lost).toBe(32);
  });

  test("that were there before anything was known are nobody's loss", () => {
    const anew = new DeliveredLines();
    anew.look([
      { run: "a", first: 20, last: 30 },
      { run: "b", first: 1, last: 5 },
    ]);
    anew.look([{ run: "b", first: 11, last: 12 }]);
    // Of b, 6 to 10 were written after the first look.
    expect(anew.lost).toBe(5);
  });

  test("that were there before anything was known are nobody's loss in any file of a run", () => {
    const anew = new DeliveredLines();
    anew.look([
      { run: "a", first: 1, last: 10 },
      { run: "a", first: 11, last: 20 },
    ]);
    anew.look([{ run: "a", first: 31, last: 40 }]);
    // 21 to 30 were written after the first look.
    expect(anew.lost).toBe(10);
  });

  test("of a process that starts again and again take bounded room, and are counted still", () => {
    for (let run = 0; run < 1000; run++) {
      lines.look([{ run: `r${run}`, first: 2, last: 3 }]);
      lines.add(`r${run}`, 3);
    }
    expect(lines.toJSON().runs).toHaveLength(2 * MOST_FILES);
    // Of each the first; and of each but the last also the second.
    expect(lines.lost).toBe(1000 + 999);
  });

  test("of as many runs as there are files on disk are not lost, delivered or not", () => {
    const files = Array.from({ length: MOST_FILES + 1 }, (_, run) => ({ run: `r${run}`, first: 1, last: 2 }));
    for (let look = 0; look < 2; look++) {
      lines.look(files);
      for (const { run } of files) lines.add(run, 1);
      expect(lines.lost).toBe(0);
    }
    lines.look(files.slice(1));
    expect(lines.lost).toBe(1);
  });

  test("of more runs than are kept, as a job may write them, stop no look", () => {
    lines.look([{ run: "oldest", first: 1, last: 1 }]);
    for (let run = 1; run < 2 * MOST_FILES; run++) lines.add(`forged ${run}`, 1);
    const files = ["oldest", "new"].map((run) => ({ run, first: 1, last: 1 }));
    expect(() => lines.look(files)).not.toThrow();
    expect(lines.lost).toBe(0);
  });

  test("with more holes than can be kept are counted still", () => {
    for (let number = 1; number <= 6001; number += 2) lines.add("a", number);
    expect(lines.toJSON().runs[0].delivered.length).toBeLessThanOrEqual(1000);
    lines.look([{ run: "a", first: 6002, last: 6003 }]);
    expect(lines.lost).toBe(3000);
  });
});
