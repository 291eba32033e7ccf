import { costs } from "./shipping-cost";

const UNIT = "flink-log-exporter.service";
const reading = { processorSeconds: 10, anonymous: 50e6, proportional: 60e6, resident: 90e6 };
const at = (more: Partial<typeof reading>) => ({ [UNIT]: { ...reading, ...more } });

test("processor time is told of one core, and the larger memory of two", () => {
  expect(costs(at({}), at({ processorSeconds: 11.5, anonymous: 52e6, resident: 80e6 }), 60)).toEqual([
    { unit: UNIT, corePercent: 2.5, anonymous: 52, proportional: 60, resident: 90 },
  ]);
});

test.each([
  ["is gone", at({ processorSeconds: 0, resident: 0 })],
  ["is another one", at({ processorSeconds: 1 })],
])("a unit whose process %s is not told of", (_, last) => {
  expect(() => costs(at({}), last, 60)).toThrow(`${UNIT} was not there all the time`);
});
