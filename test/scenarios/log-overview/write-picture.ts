/** Writes the picture of the overview of logs that docs/ shows: `make docs`. */
import { writeFileSync } from "node:fs";
import { LoopbackOpenSearch } from "../../dataflow/provisioning/opensearch/loopback-opensearch";
import { toPng } from "../../support/pictures/png";
import { drawDay } from "./draw-day";
import { DOCS_PICTURE } from "./draw-overview";

async function main(): Promise<void> {
  const server = await LoopbackOpenSearch.start();
  try {
    writeFileSync(DOCS_PICTURE, await toPng(await drawDay(server)));
  } finally {
    await server.stop();
  }
  console.log(`wrote ${DOCS_PICTURE}`);
}

void main();
