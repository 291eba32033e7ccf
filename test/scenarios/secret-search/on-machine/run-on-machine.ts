import { readFileSync } from "fs";
import { Answers, Task } from "./task";

/** What runs a task: a machine of the lab; this one, in a test. */
export interface TaskHost {
  readonly name: string;
  /** Runs a command as root; rejects if it fails. */
  run(command: readonly string[], options: { readonly input: string; readonly timeout: number }): Promise<string>;
}

/** Takes program and task from standard input, so that neither a file nor a command line holds what is secret. */
const LOADER = `
const { program, task } = JSON.parse(require("fs").readFileSync(0, "utf8"));
globalThis.task = task;
new Function("require", "module", "exports", program)(require, { exports: {} }, {});
`;
const TIMEOUT = 180_000;

/** Carries out tasks on machines by a program that was bundled for it; nothing of it is left on them. */
export class TaskRunner {
  private readonly program: string;

  /** @param bundled path of the program, made of `program.ts` */
  public constructor(bundled: string) {
    this.program = readFileSync(bundled, "utf8");
  }

  /** @param node path of Node.js on the machine */
  public async run<T extends Task>(machine: TaskHost, node: string, task: T): Promise<Answers[T["task"]]> {
    const input = JSON.stringify({ program: this.program, task });
    const out = await machine.run(["nice", "-n", "19", node, "-e", LOADER], { input, timeout: TIMEOUT });
    try {
      return JSON.parse(out) as Answers[T["task"]];
    } catch {
      // The error itself would show what was answered.
      throw new Error(
        `${machine.name}: the task ${task.task} was not answered by JSON but by ${out.length} characters`,
      );
    }
  }
}
