import { ChildProcess, spawn } from "child_process";
import { join } from "path";
import { bundle } from "./bundle";

/**
 * A process beside a run that ends the run when its owner is gone, however it went: killed, crashed, or in a
 * test runner that passes no signals on.
 */
export class Guardian {
  public static async start(folder: string, run: string): Promise<Guardian> {
    const program = join(folder, "guardian.js");
    await bundle(join(__dirname, "guardian-end.ts"), program);
    // Detached, so that what is sent to the owner's whole process group does not end it, too.
    const child = spawn(process.execPath, [program, run], { stdio: ["pipe", "pipe", "ignore"], detached: true });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`the guardian of ${run} ended with ${code}`)));
    });
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    (child.stdout as unknown as { unref(): void }).unref();
    return new Guardian(child);
  }

  private constructor(private readonly child: ChildProcess) {}

  /** The run ends in order: there is nothing to guard any more. */
  public async dismiss(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    // Nothing else may be left that keeps this process waiting.
    this.child.ref();
    this.child.kill("SIGKILL");
    await ended;
  }
}
