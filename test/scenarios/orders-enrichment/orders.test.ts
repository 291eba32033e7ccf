import { CUSTOMERS, ENRICHED, everyOrderOnce, expectedRevenue, filled, ORDER, OrderRows } from "./orders";

const ORDERS = 2500;
const row = (n: number) => filled(ENRICHED, n);

function examined(rows: readonly string[]) {
  const found = new OrderRows(ORDERS);
  rows.forEach((one) => found.add(one));
  return found.contents();
}

const all = Array.from({ length: ORDERS }, (_, index) => row(index + 1));

test("an order's number says all of it", () => {
  expect(JSON.parse(filled(ORDER, 1801))).toEqual({ order_id: 1801, customer_id: 1801 % CUSTOMERS, amount: 1.25 });
  expect(JSON.parse(row(1801))).toEqual({ order_id: 1801, customer_id: 801, country: "country-1", amount: 1.25 });
});

test("finds every order once, in any order", () => {
  expect(examined([...all].reverse())).toEqual(everyOrderOnce(ORDERS));
});

test.each([
  ["a missing one", all.slice(1), { rows: ORDERS - 1, missing: 1 }],
  ["one that is there twice", [...all, row(7)], { rows: ORDERS + 1, duplicates: 1 }],
  ["one of another country", [row(1).replace("country-1", "country-2"), ...all.slice(1)], { missing: 1, wrong: 1 }],
  ["one that there is not", [...all, row(ORDERS + 1)], { rows: ORDERS + 1, wrong: 1 }],
  ["what is no order", [...all, "{}"], { rows: ORDERS + 1, wrong: 1 }],
])("finds %s", (_, rows, difference) => {
  expect(examined(rows)).toEqual({ ...everyOrderOnce(ORDERS), ...difference });
});

test("sums up what each country brought", () => {
  expect(expectedRevenue(21).slice(0, 3)).toEqual([
    ["country-0", 1, "20.25"],
    ["country-1", 2, "22.50"],
    ["country-10", 1, "10.25"],
  ]);
  const revenue = expectedRevenue(ORDERS);
  expect(revenue).toHaveLength(20);
  expect(revenue.reduce((sum, [, orders]) => sum + orders, 0)).toBe(ORDERS);
});
