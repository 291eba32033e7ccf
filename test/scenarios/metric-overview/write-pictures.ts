/** Writes the pictures of dashboards of metrics that docs/ shows: `make docs`. */
import { writeFileSync } from "node:fs";
import { toPng } from "../../support/pictures/png";
import { LoopbackPrometheus } from "../metrics/loopback-prometheus";
import { DOCS_PICTURES, drawDay, fillDay } from "./draw-day";

async function main(): Promise<void> {
  const prometheus = await LoopbackPrometheus.start("Bearer none");
  try {
    await fillDay(prometheus);
    for (const [file, dashboard] of DOCS_PICTURES) {
      writeFileSync(file, await toPng(await drawDay(dashboard, prometheus)));
      console.log(`wrote ${file}`);
    }
  } finally {
    await prometheus.stop();
  }
}

void main();
