import { logDashboards } from "../../examples/log-dashboards/dashboards";
import { FlinkLogDashboards, LogPanel, OpenSearchDashboard } from "../../lib";

const { objects } = logDashboards("payments");

test("it holds all that the library brings, with one panel more on its overview", () => {
  const ours = new FlinkLogDashboards({ indexPrefix: "payments" });
  const ids = objects.map(({ objectId }) => objectId);
  expect(ids).toEqual(expect.arrayContaining(ours.objects.map(({ objectId }) => objectId)));
  const overview = objects.find(({ objectId }) => objectId === ours.overview.objectId) as OpenSearchDashboard;
  const added = overview.panels.slice(ours.overview.panels.length);
  expect(added.map(({ title, query }) => [title, query.toString()])).toEqual([
    ["Kafka: warnings", '(logger:org.apache.kafka.*) AND level:("WARN" OR "ERROR")'],
  ]);
});

test("it has a dashboard of its own, whose panels are of the same indices", () => {
  const payments = objects.find(({ title }) => title === "Payments") as OpenSearchDashboard;
  expect(payments.panels).toHaveLength(6);
  const patterns = objects.flatMap((object) => (object instanceof LogPanel ? [object.indexPattern.title] : []));
  expect(new Set(patterns)).toEqual(new Set(["payments-*"]));
});
