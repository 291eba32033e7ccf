import { printable } from "../../core/printable";
import { withoutSecrets } from "../../core/without-secrets";
import { writeFileAtomically } from "../agent/files";
import type { LogExporterStatus } from "../logs/log-exporter-status";
import type { Progress } from "./progress";

const MODE = 0o600;
/** What others answered is part of it. */
const LONGEST_PROBLEM = 500;

/** What the exporter says of itself, for the agent. */
export class StatusFile {
  /** By what they are about: lines of one process may come through while those of another do not. */
  private readonly problems = new Map<string, string>();
  private lastDeliveredAt?: string;

  public constructor(
    private readonly file: string,
    private readonly progress: Pick<Progress, "delivered" | "rejected" | "lost">,
    private readonly log: (line: string) => void,
  ) {}

  public setProblem(topic: string, problem: string): void {
    const text = printable(withoutSecrets(problem)).slice(0, LONGEST_PROBLEM);
    if (this.problems.get(topic) === text) return;
    this.problems.set(topic, text);
    this.log(`${topic}: ${text}`);
  }

  public solve(topic: string): void {
    if (this.problems.delete(topic)) this.log(`${topic}: it goes on`);
  }

  public delivered(): void {
    this.lastDeliveredAt = new Date().toISOString();
  }

  public async write(): Promise<void> {
    const [problem] = this.problems.values();
    const { delivered, lost, rejected } = this.progress;
    const status: LogExporterStatus = {
      schemaVersion: 1,
      updatedAt: new Date().toISOString(),
      ...(this.lastDeliveredAt !== undefined && { lastDeliveredAt: this.lastDeliveredAt }),
      ...{ delivered, lost, rejected },
      ...(problem !== undefined && { problem }),
    };
    await writeFileAtomically(this.file, JSON.stringify(status), MODE);
  }
}
