import { FlinkLogDashboards, LogMetric, LogQuery, OpenSearchDashboard, SavedObjects } from "../../../lib";

const panel = new LogMetric({ title: "Errors" });
const given = <T>(value: unknown): T => value as T;

test.each<[string, () => unknown, string]>([
  [
    "a panel without its object",
    () => new OpenSearchDashboard({ title: "x" }).add(given(panel)),
    'the argument of OpenSearchDashboard.add is "Errors", but must be a panel within an object that can tell its size too: write { panel: … } around it',
  ],
  [
    "one in a list of panels",
    () => new OpenSearchDashboard({ title: "x", panels: [given(panel)] }),
    'panels of OpenSearchDashboard is "Errors", but must be a panel within an object that can tell its size too: write { panel: … } around it',
  ],
  [
    "a list of values",
    () => LogQuery.where("level", given(["WARN", "ERROR"])),
    'the values of LogQuery.where is ["WARN","ERROR"], but must be texts and no list of them: write them one after the other, as LogQuery.where("level", ...values)',
  ],
  ["a list of objects", () => SavedObjects.of(given([panel])), ": use for example SavedObjects.of(...objects)"],
  [
    "what holds objects",
    () => SavedObjects.of(given(new FlinkLogDashboards())),
    ": use for example SavedObjects.of(...dashboards.objects)",
  ],
])("%s is told how it is written", (_, make, sentence) => {
  expect(make).toThrow(sentence);
});
