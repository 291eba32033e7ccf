import { ChildProcess } from "node:child_process";
import { startProcess, stopProcess } from "../../support/process";

/** A server that a test has started. */
export class ServerProcess {
  private text = "";
  private readonly child: ChildProcess;

  public constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = startProcess(argv, { env });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.text += text));
    }
  }

  public get log(): string {
    return this.text;
  }

  public get pid(): number {
    return this.child.pid!;
  }

  /** Fails where it has ended. */
  public requireRunning(): void {
    if (this.child.exitCode !== null) throw new Error(`the server ended with ${this.child.exitCode}:\n${this.text}`);
  }

  public stop(): Promise<void> {
    return stopProcess(this.child);
  }
}
