import type { CommandResult } from "../../lab/command";
import type { ExecOptions } from "../../lab/machine";

/** A machine that has the classes of `KafkaProgram`. */
export interface KafkaClientHost {
  readonly name: string;
  exec(argv: readonly string[], options?: ExecOptions): Promise<CommandResult>;
}

export interface KafkaClientProps {
  readonly host: KafkaClientHost;
  /** Paths on that machine. */
  readonly java: string;
  readonly classPath: readonly string[];
  /** Settings of the Java machine, such as `-Dx=y`. */
  readonly javaOptions?: readonly string[];
  /** Properties of a client of Kafka. */
  readonly properties: string;
  /** Who runs it; default root. */
  readonly user?: string;
}

/** What a command came to: with `error` the broker, or the client itself, refused it. */
export interface KafkaAnswer {
  readonly said: string;
  /** Name of the exception, such as `TopicAuthorizationException`. */
  readonly error?: string;
}

const TIMEOUT = 120_000;

/** Commands to Kafka from a machine; see `KafkaProgram` for what there are. */
export class KafkaClient {
  public constructor(private readonly props: KafkaClientProps) {}

  /** Gives each command, in order; fails where one is not answered. */
  public async tell(...commands: readonly string[]): Promise<KafkaAnswer[]> {
    const { host, java, classPath, javaOptions = [], properties, user } = this.props;
    const argv = [java, "-Xmx128m", ...javaOptions, "-cp", classPath.join(":"), "KafkaProgram", properties];
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
export function parseAnswers(stdout: string): KafkaAnswer[] {
  return [...stdout.matchAll(/^answer: (done|failed) (.*)$/gm)].map(([, outcome, text]) => {
    if (outcome === "done") return { said: text };
    const [, error, said] = /^(\S+) ?(.*)$/.exec(text) ?? [];
    return { error, said };
  });
}

/** A file of Java properties: a backslash has a meaning there. */
export function propertiesFile(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replace(/\\/g, "\\\\")}\n`)
    .join("");
}
