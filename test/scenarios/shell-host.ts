/** A machine on which a test runs commands. */
export interface ShellHost {
  readonly name: string;
  /** Runs a command as root; rejects if it fails, with what it printed. */
  run(command: readonly string[], options?: ShellOptions): Promise<string>;
}

export interface ShellOptions {
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}
