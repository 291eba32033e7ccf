import * as fs from "fs";
import * as path from "path";
import type { LogEntry } from "../../../lib/node/log-exporter/log-document";
import { LinesOnDisk } from "../../../lib/node/log-exporter/lines-on-disk";
import { Progress } from "../../../lib/node/log-exporter/progress";
import { temporaryFolder } from "../support/software";
import { flinkEntry, flinkLine } from "./support/entries";

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Writes a file of lines of one run. */
function write(name: string, run: string, sequences: readonly number[]): void {
  const lines = sequences.map((sequence) => `${flinkLine(sequence, { run })}\n`);
  fs.writeFileSync(path.join(folder, name), lines.join(""));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

describe("what lies on disk", () => {
  test("is known by where each file begins and ends, from the oldest to the newest", async () => {
    write("lines.9", "a", range(1, 1000));
    write("lines.10", "a", [1002, 1001, ...range(1003, 1099), 1101, 1100]);
    write("lines", "b", [1, 2]);
    write("lines.10.gz", "c", [1]);
    write("other", "c", [1]);
    expect(await new LinesOnDisk({ folder, fileName: "lines" }).look()).toEqual([
      { run: "a", first: 1, last: 1000 },
      { run: "a", first: 1001, last: 1101 },
      { run: "b", first: 1, last: 2 },
    ]);
  });

  test("is looked at again where it grows", async () => {
    const onDisk = new LinesOnDisk({ folder, fileName: "lines" });
    expect(await onDisk.look()).toEqual([]);
    write("lines", "a", range(1, 5));
    expect(await onDisk.look()).toEqual([{ run: "a", first: 1, last: 5 }]);
    fs.appendFileSync(path.join(folder, "lines"), `${flinkLine(6, { run: "a" })}\n{"half`);
    expect(await onDisk.look()).toEqual([{ run: "a", first: 1, last: 6 }]);
  });

  test("with a very long last line is known too", async () => {
    write("lines", "a", range(1, 3));
    fs.appendFileSync(path.join(folder, "lines"), `${flinkLine(4, { run: "a", message: "x".repeat(200_000) })}\n`);
    expect(await new LinesOnDisk({ folder, fileName: "lines" }).look()).toEqual([{ run: "a", first: 1, last: 4 }]);
  });

  test("is read where it is a file: a job may lay anything into the folder", async () => {
    const outside = path.join(folder, "outside");
    fs.writeFileSync(outside, flinkLine(1));
    fs.symlinkSync(outside, path.join(folder, "lines.1"));
    fs.mkdirSync(path.join(folder, "lines.2"));
    fs.writeFileSync(path.join(folder, "lines.3"), "no line of ours\n");
    write("lines", "a", [1]);
    expect(await new LinesOnDisk({ folder, fileName: "lines" }).look()).toEqual([{ run: "a", first: 1, last: 1 }]);
    expect(await new LinesOnDisk({ folder: `${folder}/none`, fileName: "lines" }).look()).toEqual([]);
  });
});

describe("what is delivered", () => {
  function progress(): Promise<Progress> {
    return Progress.read({
      stateFile: path.join(folder, "delivered.json"),
      journalCursorFile: path.join(folder, "cursor"),
      processes: [{ role: "taskmanager", unit: "flink-taskmanager.service", folder, fileName: "lines" }],
    });
  }

  test("is known after a restart, with what is lost", async () => {
    const first = await progress();
    await first.look();
    write("lines.1", "run-1", range(1, 10));
    await first.note(
      range(1, 4).map((sequence) => flinkEntry(sequence)),
      1,
    );
    fs.rmSync(path.join(folder, "lines.1"));
    write("lines.2", "run-1", range(11, 12));
    const second = await progress();
    expect([second.delivered, second.rejected]).toEqual([3, 1]);
    await second.look();
    expect(second.lost).toBe(6);
    await second.save();
    expect((await progress()).lost).toBe(6);
  });

  test("of the journal is noted by its place alone", async () => {
    const entry: LogEntry = { ...flinkEntry(1), position: undefined };
    await (
      await progress()
    ).note(
      [
        { ...entry, cursor: "s=1" },
        { ...entry, cursor: "s=2" },
      ],
      0,
    );
    expect(fs.readFileSync(path.join(folder, "cursor"), "utf8")).toBe("s=2");
    expect(fs.existsSync(path.join(folder, "delivered.json"))).toBe(false);
  });

  test.each(["", "{", "[]", '{"schemaVersion":2,"delivered":7}'])("begins anew with notes like %j", async (notes) => {
    fs.writeFileSync(path.join(folder, "delivered.json"), notes);
    write("lines", "run-1", range(5, 9));
    const anew = await progress();
    await anew.look();
    expect([anew.delivered, anew.lost]).toEqual([0, 0]);
  });

  test("is noted by one at a time", async () => {
    const noted = await progress();
    await Promise.all(range(1, 20).map((sequence) => noted.note([flinkEntry(sequence)], 0)));
    expect((await progress()).delivered).toBe(20);
  });
});
