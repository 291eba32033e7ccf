import { emptyPanels } from "./panel-answers";

const lines = (value: number) => ({ hits: { total: { value } } });

test("panels are empty without a line, without a bucket and without a value", () => {
  const answers = {
    "no line": lines(0),
    "a line": lines(1),
    "no bucket": { ...lines(1), aggregations: { 2: { buckets: [] } } },
    "a bucket": { ...lines(1), aggregations: { 2: { buckets: [{}] } } },
    "no value": { ...lines(1), aggregations: { 1: { value: null } } },
    "a value": { ...lines(1), aggregations: { 1: { value: 0 } } },
  };
  const panels = Object.keys(answers).map((title) => ({ title }));
  expect(emptyPanels(panels, Object.values(answers))).toEqual(["no line", "no bucket", "no value"]);
});
