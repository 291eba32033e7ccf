import { createReadStream, readdirSync, readFileSync } from "fs";
import * as path from "path";
import { fromBufferPromise } from "yauzl";
import { Matcher } from "./matcher";
import { PlaceSearch, PlaceSearcher } from "./place";

/** Programs of Terraform's providers. */
const NOT_OURS = ".terraform";

const STATES = "Terraform's states";
const PLANS = "plan files, unzipped";
const OTHERS = "synthesized files and Terraform's output";
export const TERRAFORM_PLACES = [STATES, PLANS, OTHERS] as const;

/** Everything below a folder in which Terraform ran: states, plans unzipped, what was synthesized, and what it said. */
export async function searchTerraformFiles(folder: string, matcher: Matcher): Promise<PlaceSearch[]> {
  const states = new PlaceSearcher(STATES, matcher);
  const plans = new PlaceSearcher(PLANS, matcher);
  const others = new PlaceSearcher(OTHERS, matcher);
  for (const file of filesBelow(folder)) {
    const where = path.relative(folder, file);
    if (file.endsWith(".tfplan")) await searchZip(where, readFileSync(file), plans);
    else await (/\.tfstate(\.|$)/.test(file) ? states : others).search(where, createReadStream(file));
  }
  return [states.result, plans.result, others.result];
}

async function searchZip(where: string, zipped: Buffer, searcher: PlaceSearcher): Promise<void> {
  const zip = await fromBufferPromise(zipped, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    await searcher.search(`${where}: ${entry.fileName}`, await zip.openReadStreamPromise(entry));
  }
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== NOT_OURS) yield* filesBelow(file);
    } else if (entry.isFile()) yield file;
  }
}
