import { Duration } from "../../lib";

test.each([
  [() => Duration.millis(863_999_999_999), 863_999_999_999],
  [() => Duration.days(0.1), 8_640_000],
  [() => Duration.seconds(0.001), 1],
  [() => Duration.hours(0.07), 252_000],
])("a length of time in whole milliseconds is taken, however long: %#", (make, millis) => {
  expect(make().toMilliseconds()).toBe(millis);
});

test("a fraction of a millisecond is refused", () => {
  expect(() => Duration.millis(863_999_999_999.5)).toThrow(/^Duration\.millis is 863999999999\.5, but must be /);
});
