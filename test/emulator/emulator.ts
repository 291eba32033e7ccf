import { ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { processEnd, startProcess, stopProcess } from "../support/process";
import { ensureEmulator } from "./python";

export interface EmulatorProps {
  /** Folder for the socket and the log; made if it is not there. */
  readonly dir: string;
  /** Network namespace the emulator runs in. The unix socket is reached from every namespace. Default: none. */
  readonly namespace?: string;
  /** Whether it also listens on a free port of 127.0.0.1 (of its namespace). Default: true. */
  readonly loopback?: boolean;
  /** Where a line is written for every call that changed something: a listening unix socket, a pipe or a file. */
  readonly events?: string;
  /** Unix socket of who plays the instances and answers questions about them (see moto/questions.py). */
  readonly questions?: string;
  /** File with images that are published while it runs, of the form of moto/images.json; it may be written at any time. */
  readonly images?: string;
}

const SECONDS_TO_START = 60;

/** An AWS emulator: moto with the repairs of moto/repairs. It holds no state after it is stopped. */
export class Emulator {
  /** Starts it; resolves when it answers. */
  public static async start(props: EmulatorProps): Promise<Emulator> {
    const python = await ensureEmulator();
    mkdirSync(props.dir, { recursive: true });
    const socketPath = join(props.dir, "aws.sock");
    const logFile = join(props.dir, "emulator.log");
    rmSync(socketPath, { force: true });
    const listen = ["--unix", socketPath, ...(props.loopback === false ? [] : ["--port", "0"])];
    const child = startProcess([python, "-u", join(__dirname, "moto", "server.py"), ...listen], {
      namespace: props.namespace,
      env: {
        EMULATOR_EVENTS: props.events,
        EMULATOR_QUESTIONS: props.questions,
        EMULATOR_IMAGES: props.images,
        PYTHONDONTWRITEBYTECODE: "1",
        // moto calls itself or AWS never; should a library try, no proxy and no credentials of this machine help it.
        ...Object.fromEntries(
          Object.keys(process.env)
            .filter(isForeign)
            .map((name) => [name, undefined]),
        ),
      },
    });
    child.stderr!.pipe(createWriteStream(logFile));
    try {
      const { port } = await firstLine(child);
      return new Emulator(child, socketPath, logFile, port === null ? undefined : `http://127.0.0.1:${port}`);
    } catch (error) {
      await stopProcess(child);
      throw new Error(
        `the AWS emulator did not start: ${(error as Error).message}; its log ends with:\n${tail(logFile)}`,
      );
    }
  }

  private constructor(
    private readonly child: ChildProcess,
    /** Unix socket that speaks HTTP. */
    public readonly socketPath: string,
    /** A line for each request, and what went wrong. */
    public readonly logFile: string,
    /** Address on loopback, such as `http://127.0.0.1:40123`, inside the namespace it runs in. */
    public readonly endpoint: string | undefined,
  ) {}

  public get pid(): number {
    return this.child.pid!;
  }

  /** Ends it; nothing but the log is left. */
  public async stop(): Promise<void> {
    await stopProcess(this.child);
    rmSync(this.socketPath, { force: true });
  }
}

function isForeign(variable: string): boolean {
  return /^AWS_|_proxy$/i.test(variable);
}

function firstLine(child: ChildProcess): Promise<{ readonly port: number | null }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${SECONDS_TO_START} s`)),
      SECONDS_TO_START * 1000,
    );
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    createInterface({ input: child.stdout! }).once("line", (line) => settle(() => resolve(JSON.parse(line))));
    processEnd(child).then(
      (code) => settle(() => reject(new Error(`it ended with exit code ${code}`))),
      (error: Error) => settle(() => reject(error)),
    );
  });
}

function tail(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n").slice(-20).join("\n");
  } catch {
    return "(no log)";
  }
}
