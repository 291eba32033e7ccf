import type { CommandResult } from "../../lab/command";
import type { ExecOptions } from "../../lab/machine";

/** A machine that has the classes of a program. */
export interface JavaHost {
  readonly name: string;
  exec(argv: readonly string[], options?: ExecOptions): Promise<CommandResult>;
}

/** Where a program of the tests runs. */
export interface JavaPlace {
  readonly host: JavaHost;
  /** Paths on that machine. */
  readonly java: string;
  readonly classPath: readonly string[];
  /** Settings of the Java machine, such as `-Dx=y`. */
  readonly javaOptions?: readonly string[];
  /** Who runs it; default root. */
  readonly user?: string;
}

/** What a command came to: with `error` the server, or the client itself, refused it. */
export interface ProgramAnswer {
  readonly said: string;
  /** Name of the error, such as `TopicAuthorizationException`. */
  readonly error?: string;
}

const TIMEOUT = 120_000;

/**
 * A program that reads commands from standard input, a line each, and answers each with a line: "answer: done ..." or
 * "answer: failed " with the error's name. So what is said to it, passwords too, is in no list of processes.
 */
export class JavaProgram {
  public constructor(
    private readonly place: JavaPlace,
    private readonly mainClass: string,
    private readonly parameters: readonly string[],
  ) {}

  /** Gives each command, in order; fails where one is not answered. */
  public async tell(...commands: readonly string[]): Promise<ProgramAnswer[]> {
    const { host, java, classPath, javaOptions = [], user } = this.place;
    const argv = [java, "-Xmx128m", ...javaOptions, "-cp", classPath.join(":"), this.mainClass, ...this.parameters];
    const input = commands.map((command) => `${command}\n`).join("");
    const { stdout, stderr } = await host.exec(argv, { input, timeout: TIMEOUT, ...(user !== undefined && { user }) });
    const answers = parseAnswers(stdout);
    if (answers.length === commands.length) return answers;
    // Passwords are among the commands.
    throw new Error(`${host.name} answered ${answers.length} of ${commands.length} commands:\n${stdout}${stderr}`);
  }

  /** The same, of commands that must succeed; gives what was said to the last. */
  public async run(...commands: readonly string[]): Promise<string> {
    const answers = await this.tell(...commands);
    const failed = answers.findIndex(({ error }) => error !== undefined);
    if (failed < 0) return answers[answers.length - 1].said;
    throw new Error(`${commands[failed].split(" ")[0]} failed: ${answers[failed].error} ${answers[failed].said}`);
  }
}

/** The answers among what the program printed; its libraries print as well. */
export function parseAnswers(stdout: string): ProgramAnswer[] {
  return [...stdout.matchAll(/^answer: (done|failed) (.*)$/gm)].map(([, outcome, text]) => {
    if (outcome === "done") return { said: text };
    const [, error, said] = /^(\S+) ?(.*)$/.exec(text) ?? [];
    return { error, said };
  });
}
