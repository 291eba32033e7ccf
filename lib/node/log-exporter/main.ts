import * as fs from "fs/promises";
import { readIfThere } from "../agent/files";
import { describeError } from "../agent/log";
import type { LogExporterConfiguration } from "../logs/log-exporter-configuration";
import { destinationOf } from "./destination-of";
import { LogExporter } from "./log-exporter";
import { OtlpReceiver } from "./otlp-receiver";
import { Progress } from "./progress";
import { StatusFile } from "./status-file";

const SCHEMA_VERSION = 1;
/** How often it looks at what is on disk. */
const LOOK_MILLIS = 10_000;
/** How often it says how it is. */
const STATUS_MILLIS = 2_000;

async function main(): Promise<void> {
  process.umask(0o077);
  const configuration = await readConfiguration(process.env.LOG_EXPORTER_CONFIGURATION ?? "");
  const progress = await Progress.read(configuration);
  const status = new StatusFile(configuration.statusFile, progress, log);
  const exporter = new LogExporter(configuration, destinationOf(configuration, process.env), progress, status);
  const receiver = new OtlpReceiver(
    async () => (await readIfThere(configuration.tokenFile))?.toString() ?? "",
    (records, signal) => exporter.deliver(records, signal),
    log,
  );
  const report = () => status.write().catch((error: unknown) => log(`no status: ${describeError(error)}`));

  // Before the first line comes: what is on disk tells which of them are new.
  await exporter.keepProgress();
  await receiver.listen(configuration.listen);
  await report();
  const timers = [
    setInterval(() => void exporter.keepProgress(), LOOK_MILLIS),
    setInterval(() => void report(), STATUS_MILLIS),
  ];
  await new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
  timers.forEach(clearInterval);
  await receiver.close();
  await exporter.keepProgress();
  await report();
  process.exit(0);
}

async function readConfiguration(file: string): Promise<LogExporterConfiguration> {
  const found = JSON.parse(await fs.readFile(file, "utf8")) as { readonly schemaVersion?: unknown };
  if (found.schemaVersion !== SCHEMA_VERSION) {
    throw new Error(`${file} has format ${String(found.schemaVersion)}: this exporter knows ${SCHEMA_VERSION}`);
  }
  return found as LogExporterConfiguration;
}

/** To the journal; lines of this unit are not shipped. */
function log(line: string): void {
  process.stdout.write(`log-exporter: ${line}\n`);
}

main().catch((error: unknown) => {
  log(`ends: ${describeError(error)}`);
  process.exit(1);
});
