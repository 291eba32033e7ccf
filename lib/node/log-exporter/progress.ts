import { readIfThere, writeFileAtomically } from "../agent/files";
import type { LogExporterConfiguration } from "../logs/log-exporter-configuration";
import { DeliveredLines, KeptLines } from "./delivered-lines";
import { LinesOnDisk } from "./lines-on-disk";
import type { LogEntry } from "./log-document";

const SCHEMA_VERSION = 1;
const MODE = 0o600;

/** As it is kept on the data volume. */
interface KeptProgress {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly delivered: number;
  readonly rejected: number;
  readonly processes: Readonly<Record<string, KeptLines>>;
}

/** What has been delivered, over restarts of the exporter and of the machine. */
export class Progress {
  public static async read(
    configuration: Pick<LogExporterConfiguration, "stateFile" | "journalCursorFile" | "processes">,
  ): Promise<Progress> {
    return new Progress(configuration, await readKept(configuration.stateFile));
  }

  public delivered: number;
  public rejected: number;
  private readonly processes: readonly {
    readonly role: string;
    readonly lines: DeliveredLines;
    readonly onDisk: LinesOnDisk;
  }[];
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly files: Pick<LogExporterConfiguration, "stateFile" | "journalCursorFile" | "processes">,
    kept: KeptProgress | undefined,
  ) {
    this.delivered = kept?.delivered ?? 0;
    this.rejected = kept?.rejected ?? 0;
    this.processes = files.processes.map((process) => ({
      role: process.role,
      lines: new DeliveredLines(kept?.processes[process.role]),
      onDisk: new LinesOnDisk(process),
    }));
  }

  /** Lines of Flink that are neither delivered nor on disk. */
  public get lost(): number {
    return this.processes.reduce((lost, { lines }) => lost + lines.lost, 0);
  }

  /** Looks at what is on disk: what is no more can be delivered no more. */
  public async look(): Promise<void> {
    for (const { lines, onDisk } of this.processes) lines.look(await onDisk.look());
  }

  /** Takes note of what is delivered, for good: when it returns, the collector may forget it. */
  public async note(entries: readonly LogEntry[], rejected: number): Promise<void> {
    this.delivered += entries.length - rejected;
    this.rejected += rejected;
    let isOfFiles = false;
    for (const { position } of entries) {
      const process = position && this.processes.find(({ role }) => role === position.role);
      if (!process) continue;
      process.lines.add(position.run, position.sequence);
      isOfFiles = true;
    }
    if (isOfFiles) await this.save();
    const cursor = entries
      .map((entry) => entry.cursor)
      .filter((each) => each !== undefined)
      .at(-1);
    if (cursor !== undefined) await this.write(this.files.journalCursorFile, () => cursor);
  }

  public async save(): Promise<void> {
    await this.write(this.files.stateFile, () => JSON.stringify(this.kept()));
  }

  /** One at a time: requests of the collector come side by side. */
  private async write(file: string, content: () => string): Promise<void> {
    const written = this.writing
      .catch(() => undefined)
      .then(async () => {
        await writeFileAtomically(file, content(), MODE);
      });
    this.writing = written;
    await written;
  }

  private kept(): KeptProgress {
    const processes = Object.fromEntries(this.processes.map(({ role, lines }) => [role, lines.toJSON()]));
    return { schemaVersion: SCHEMA_VERSION, delivered: this.delivered, rejected: this.rejected, processes };
  }
}

/** What a loss of power or a later version left is nothing to build on: then it begins anew. */
async function readKept(file: string): Promise<KeptProgress | undefined> {
  try {
    const kept = JSON.parse(String((await readIfThere(file)) ?? "{}")) as Partial<KeptProgress>;
    return kept.schemaVersion === SCHEMA_VERSION ? (kept as KeptProgress) : undefined;
  } catch {
    return undefined;
  }
}
