import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { lookTheSame, toPng } from "../../support/pictures/png";
import { DOCS_PICTURES, drawDay, fillDay } from "../metric-overview/draw-day";
import { LoopbackPrometheus } from "./loopback-prometheus";

/** A day of a cluster is written first, on a machine that may be busy. */
const PREPARATION_MILLIS = 600_000;

let prometheus: LoopbackPrometheus;
beforeAll(async () => {
  prometheus = await LoopbackPrometheus.start("Bearer none");
  await fillDay(prometheus);
}, PREPARATION_MILLIS);
afterAll(() => prometheus?.stop());

test.each(DOCS_PICTURES.map(([file, dashboard]) => [basename(file), file, dashboard] as const))(
  "%s in docs is drawn of what a Prometheus answers to its dashboard: where it is not, run `make docs`",
  async (_, file, dashboard) => {
    const drawn = await toPng(await drawDay(dashboard, prometheus));
    expect(await lookTheSame(readFileSync(file), drawn)).toBe(true);
  },
  PREPARATION_MILLIS,
);
