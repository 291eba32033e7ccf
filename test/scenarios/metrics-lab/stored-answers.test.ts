import { agree, withLabels } from "./flink-values";
import { valuesOfInfluxDb } from "./influxdb-answer";
import { seriesOfPrometheus, valuesOfPrometheus } from "./prometheus-answer";

const NODE = "lab-node-1";

test("values of InfluxDB come in the order of their time, with the labels that they have", () => {
  const answer = {
    results: [
      {
        statement_id: 0,
        series: [
          {
            name: "flink_jobmanager_job",
            tags: { job_name: "b", node: NODE, path: "" },
            columns: ["time", "numRestarts"],
            values: [
              [20_000, 2],
              [30_000, null],
            ],
          },
          { tags: { job_name: "a", node: NODE }, columns: ["time", "numRestarts"], values: [[10_000, 1]] },
        ],
      },
    ],
  };
  expect(valuesOfInfluxDb(JSON.stringify(answer), "numRestarts")).toEqual([
    { at: 10_000, value: 1, labels: { node: NODE, job_name: "a" } },
    { at: 20_000, value: 2, labels: { node: NODE, job_name: "b" } },
  ]);
  expect(valuesOfInfluxDb('{"results":[{"statement_id":0}]}', "numRestarts")).toEqual([]);
});

test.each(['{"error":"authorization failed"}', '{"results":[{"error":"authorization failed"}]}'])(
  "what InfluxDB refuses fails: %s",
  (answer) => expect(() => valuesOfInfluxDb(answer, "value")).toThrow("InfluxDB: authorization failed"),
);

test("values of Prometheus are those of a range, or of one moment", () => {
  const metric = { __name__: "disk_used_percent", node: NODE, path: "/", environment: "lab" };
  const labels = { node: NODE, path: "/" };
  const answer = (result: object) => JSON.stringify({ data: { result: [{ metric, ...result }] } });
  const range = [
    [10.5, "99.5"],
    [20.5, "1e2"],
  ];
  expect(valuesOfPrometheus(answer({ values: range }))).toEqual([
    { at: 10_500, value: 99.5, labels },
    { at: 20_500, value: 100, labels },
  ]);
  expect(valuesOfPrometheus(answer({ value: [30, "7"] }))).toEqual([{ at: 30_000, value: 7, labels }]);
  expect(seriesOfPrometheus(answer({ values: range }))).toEqual([{ metric, values: range }]);
  expect(() => valuesOfPrometheus('{"status":"error","error":"bad query"}')).toThrow("Prometheus: bad query");
});

test("only values with all wanted labels count", () => {
  const values = ["a", "b"].map((name, value) => ({ at: 0, value, labels: { job_name: name, node: NODE } }));
  expect(withLabels(values, { job_name: "b", node: NODE }).map(({ value }) => value)).toEqual([1]);
  expect(withLabels(values, { job_name: "b", path: "/" })).toEqual([]);
  expect(withLabels(values, {})).toHaveLength(2);
});

test.each<[Parameters<typeof agree>[0], number, number, number, boolean]>([
  ["same", 1, 1, 1, true],
  ["same", 1, 2, 1, false],
  ["same", 1, 1, 2, false],
  ["rising", 3, 4, 5, true],
  ["rising", 3, 3, 3, true],
  ["rising", 3, 2, 5, false],
  ["rising", 3, 6, 5, false],
  ["bounded", 512, 300, 512, true],
  ["bounded", 512, 513, 512, false],
  ["bounded", 512, 0, 512, false],
  ["same", NaN, NaN, NaN, false],
])("a value that must be %s: before %d, stored %d, after %d agree: %s", (how, before, stored, after, does) => {
  expect(agree(how, before, stored, after)).toBe(does);
});
