/**
 * Downloads all that scanner, emulator and lab need, into the cache: after it nothing uses the network.
 *
 * Ends with code 3, and the reason on the last line, when all is there but this machine cannot run the lab.
 */
import { ensureEmulator } from "../test/emulator/python";
import { ensureBaseImage } from "../test/lab/base-image";
import { ensureTools, labUnavailableReason } from "../test/lab/host";
import { ensureCheckov } from "../test/scan/checkov";
import { ensureInfluxDb, ensurePrometheus, ensurePromtool } from "../test/scenarios/metrics/metrics-software";
import { ensureSoftware } from "../test/support/software";

const LAB_UNAVAILABLE = 3;

/** Awaits all, so that one failure leaves no download half-way behind the end of the program. */
async function all(steps: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(steps)).filter((step) => step.status === "rejected");
  for (const { reason } of failed) console.error(reason instanceof Error ? reason.message : reason);
  if (failed.length > 0) process.exit(1);
}

async function main(): Promise<void> {
  await ensureTools().catch((error: Error) => console.error(error.message));
  const reason = await labUnavailableReason();
  if (reason) {
    await all([ensureEmulator(), ensureCheckov()]);
    console.log(`The lab cannot run: ${reason}.`);
    process.exitCode = LAB_UNAVAILABLE;
    return;
  }
  await all([
    ...[ensureEmulator(), ensureCheckov(), ensureSoftware(), ensureBaseImage((line) => console.log(line))],
    ...[ensureInfluxDb(), ensurePrometheus(), ensurePromtool()],
  ]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
