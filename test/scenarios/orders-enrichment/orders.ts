/**
 * Known orders, by their numbers from 1 on, and what becomes of them. In a template `{n}` stands for the number and
 * `{n%7}` for its remainder; the client of Kafka fills them too (KafkaProgram.java).
 */

export const CUSTOMERS = 1000;
/** Divides the number of customers, so that an order's number alone says its country. */
export const COUNTRIES = 20;
const AMOUNTS = 900;

export const CUSTOMER = `{"customer_id": {n}, "country": "country-{n%${COUNTRIES}}"}`;
export const ORDER = `{"order_id": {n}, "customer_id": {n%${CUSTOMERS}}, "amount": {n%${AMOUNTS}}.25}`;
/** As Flink writes JSON. */
export const ENRICHED = `{"order_id":{n},"customer_id":{n%${CUSTOMERS}},"country":"country-{n%${COUNTRIES}}","amount":{n%${AMOUNTS}}.25}`;

/** A template with a number in it. */
export function filled(template: string, n: number): string {
  return template.replace(/\{n(?:%(\d+))?\}/g, (_, divisor?: string) =>
    String(divisor === undefined ? n : n % Number(divisor)),
  );
}

/** What a sink holds of the orders that it must hold each once. */
export interface SinkContents {
  readonly rows: number;
  readonly missing: number;
  readonly duplicates: number;
  /** Rows that no order leads to. */
  readonly wrong: number;
}

/** What a sink holds if all is well. */
export function everyOrderOnce(orders: number): SinkContents {
  return { rows: orders, missing: 0, duplicates: 0, wrong: 0 };
}

/** Compares rows, in any order, with those of the orders from 1 to the last. */
export class OrderRows {
  private readonly seen: Uint8Array;
  private rows = 0;
  private duplicates = 0;
  private wrong = 0;

  public constructor(private readonly orders: number) {
    this.seen = new Uint8Array(orders + 1);
  }

  /** @param row as in the template ENRICHED */
  public add(row: string): void {
    this.rows += 1;
    const n = Number(/^\{"order_id":(\d+),/.exec(row)?.[1] ?? 0);
    if (n < 1 || n > this.orders || row !== filled(ENRICHED, n)) this.wrong += 1;
    else if (this.seen[n]) this.duplicates += 1;
    else this.seen[n] = 1;
  }

  public contents(): SinkContents {
    const { rows, duplicates, wrong, orders } = this;
    const found = this.seen.reduce((sum, one) => sum + one, 0);
    return { rows, missing: orders - found, duplicates, wrong };
  }
}

/** Country, number of orders and what they brought, with two digits behind the point. */
export type Revenue = readonly [country: string, orders: number, revenue: string];

/** What the orders from 1 to the last brought in each country, by its name. */
export function expectedRevenue(orders: number): Revenue[] {
  const sums = Array.from({ length: COUNTRIES }, () => ({ orders: 0, cents: 0 }));
  for (let n = 1; n <= orders; n++) {
    const country = sums[n % COUNTRIES];
    country.orders += 1;
    country.cents += (n % AMOUNTS) * 100 + 25;
  }
  return sums
    .map(({ orders: count, cents }, country): Revenue => [`country-${country}`, count, (cents / 100).toFixed(2)])
    .filter(([, count]) => count > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
