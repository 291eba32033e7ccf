import { sweepRun } from "./sweep";

/** Waits until the owner of a run is gone, which closes this process's standard input, and then ends the run. */
const [run] = process.argv.slice(2);

process.stdin.resume().on("end", () => {
  sweepRun(run);
  process.exit(0);
});
process.stdout.on("error", () => undefined);
process.stdout.write("ready\n");
