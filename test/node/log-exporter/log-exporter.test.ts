import * as fs from "fs";
import * as path from "path";
import type { Destination } from "../../../lib/node/log-exporter/destination";
import { LogExporter } from "../../../lib/node/log-exporter/log-exporter";
import { NotDelivered } from "../../../lib/node/log-exporter/not-delivered";
import { Progress } from "../../../lib/node/log-exporter/progress";
import { StatusFile } from "../../../lib/node/log-exporter/status-file";
import type { LogExporterStatus } from "../../../lib/node/logs/log-exporter-status";
import { temporaryFolder } from "../support/software";
import { flinkRecord, NOW, ORIGIN } from "./support/entries";

const NEVER = new AbortController().signal;

describe("the log exporter", () => {
  let folder: string;
  let exporter: LogExporter;
  let status: StatusFile;
  let write: Destination["write"];
  let log: string[];

  beforeEach(async () => {
    folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, "state"));
    [write, log] = [() => Promise.resolve(0), []];
    const progress = await Progress.read({
      stateFile: path.join(folder, "state", "delivered.json"),
      journalCursorFile: path.join(folder, "state", "cursor"),
      processes: [{ role: "taskmanager", unit: "flink-taskmanager.service", folder, fileName: "lines" }],
    });
    status = new StatusFile(path.join(folder, "status.json"), progress, (line) => log.push(line));
    exporter = new LogExporter(ORIGIN, { write: (...given) => write(...given) }, progress, status);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  async function said(): Promise<LogExporterStatus> {
    await status.write();
    return JSON.parse(fs.readFileSync(path.join(folder, "status.json"), "utf8")) as LogExporterStatus;
  }

  const journal = { source: "journal", body: { MESSAGE: "x", __CURSOR: "s=1" }, timeMillis: NOW };

  test("says what it has delivered and what was refused, and when", async () => {
    const before = new Date().toISOString();
    expect(await said()).toEqual({
      ...{ schemaVersion: 1, delivered: 0, lost: 0, rejected: 0 },
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    write = () => Promise.resolve(1);
    await exporter.deliver([flinkRecord(1), flinkRecord(2), flinkRecord(3)], NEVER);
    const { lastDeliveredAt, ...rest } = await said();
    expect(rest).toMatchObject({ delivered: 2, rejected: 1, lost: 0 });
    expect(lastDeliveredAt! >= before).toBe(true);
  });

  test("says what is in the way until it is no more, once in its log, and hands the failure on", async () => {
    write = () => Promise.reject(new NotDelivered("the name search.example cannot be resolved"));
    for (let times = 0; times < 3; times++) {
      await expect(exporter.deliver([flinkRecord(1)], NEVER)).rejects.toThrow(NotDelivered);
    }
    expect(await said()).toMatchObject({ delivered: 0, problem: "the name search.example cannot be resolved" });
    write = () => Promise.resolve(0);
    // What comes through of others says nothing of these.
    await exporter.deliver([journal], NEVER);
    expect(await said()).toHaveProperty("problem");
    await exporter.deliver([flinkRecord(1)], NEVER);
    expect(await said()).not.toHaveProperty("problem");
    expect(log).toEqual([
      "lines of taskmanager: the name search.example cannot be resolved",
      "lines of taskmanager: it goes on",
    ]);
  });

  test("says of what others answered what may be shown, in one line of bounded length", async () => {
    write = () => Promise.reject(new NotDelivered(`HTTP 500: \u001b[2J\nhttps://a:hunter2@b/ ${"x".repeat(5_000)}`));
    await expect(exporter.deliver([flinkRecord(1)], NEVER)).rejects.toThrow(NotDelivered);
    const { problem } = await said();
    expect(problem).toMatch(/^HTTP 500: {2}\[2J https:\/\/a:…@b\/ x+$/);
    expect(problem).toHaveLength(500);
  });

  test("says nothing of a destination when the collector has gone", async () => {
    const gone = new AbortController();
    write = () => (gone.abort(), Promise.reject(new NotDelivered("aborted")));
    await expect(exporter.deliver([flinkRecord(1)], gone.signal)).rejects.toThrow(NotDelivered);
    expect(await said()).not.toHaveProperty("problem");
  });

  test("delivers also where it can note nothing, and says so until it can", async () => {
    // As a disk without room: nothing can be written there.
    fs.rmSync(path.join(folder, "state"), { recursive: true });
    fs.writeFileSync(path.join(folder, "state"), "");
    await exporter.deliver([flinkRecord(1)], NEVER);
    expect(await said()).toMatchObject({
      delivered: 1,
      problem: expect.stringMatching(/^what is delivered cannot be noted: /) as string,
    });
    fs.rmSync(path.join(folder, "state"));
    fs.mkdirSync(path.join(folder, "state"));
    await exporter.keepProgress();
    expect(await said()).not.toHaveProperty("problem");
    expect(fs.readdirSync(path.join(folder, "state"))).toEqual(["delivered.json"]);
  });

  test("keeps what it says to itself: the folder is its own, and so are the files", async () => {
    await exporter.deliver([flinkRecord(1), journal], NEVER);
    await said();
    const modes = ["status.json", "state/delivered.json", "state/cursor"].map(
      (file) => fs.statSync(path.join(folder, file)).mode & 0o777,
    );
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });
});
