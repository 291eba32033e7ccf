import { spawn } from "child_process";

/** A held lock; the kernel releases it as well when this process dies. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Locks a file among processes: `exclusive` for one, `shared` for many. Gives undefined when it cannot be
 * had within the time.
 */
export function lockFile(
  path: string,
  mode: "exclusive" | "shared",
  timeoutSeconds: number,
): Promise<FileLock | undefined> {
  // The holder lives as long as its standard input is open, which ends with this process at the latest.
  const holder = spawn(
    "flock",
    [
      mode === "shared" ? "--shared" : "--exclusive",
      "--wait",
      String(timeoutSeconds),
      path,
      "sh",
      "-c",
      "echo held; exec cat",
    ],
    // Detached: a Ctrl-C at the terminal must not take the lock away before the clean-up is done.
    { stdio: ["pipe", "pipe", "ignore"], detached: true },
  );
  return new Promise((resolve, reject) => {
    let held = false;
    const ended = new Promise<void>((done) => holder.once("exit", () => done()));
    holder.once("error", reject);
    holder.once("exit", () => {
      if (!held) resolve(undefined);
    });
    holder.stdout.once("data", () => {
      held = true;
      // A lock that is forgotten shall not keep the process alive.
      holder.unref();
      (holder.stdout as unknown as { unref(): void }).unref();
      (holder.stdin as unknown as { unref(): void }).unref();
      resolve({
        release: () => {
          holder.ref();
          holder.stdin.end();
          return ended;
        },
      });
    });
  });
}
