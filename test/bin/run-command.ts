import { program } from "../../bin/program";
import { runToEnd } from "../../bin/run";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in this process, with nothing of the environment but what is given: what it writes, and how it ends. */
export async function runCommand(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  const before = { env: process.env, exitCode: process.exitCode };
  process.env = {
    PATH: before.env.PATH,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...environment,
  };
  process.exitCode = undefined;
  const written = { stdout: "", stderr: "" };
  // A node's agent of another test may go on in this process.
  const isForeign = (text: string): boolean => text.startsWith("agent: ");
  const listen = (stream: "stdout" | "stderr") =>
    jest.spyOn(process[stream], "write").mockImplementation((text) => {
      if (!isForeign(String(text))) written[stream] += String(text);
      return true;
    });
  const spies = [
    listen("stdout"),
    listen("stderr"),
    jest.spyOn(console, "log").mockImplementation((text) => void (written.stdout += `${text}\n`)),
    jest.spyOn(console, "error").mockImplementation((text) => void (written.stderr += `${text}\n`)),
  ];
  try {
    await runToEnd(program(), args);
    return { code: Number(process.exitCode ?? 0), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = before.exitCode;
    process.env = before.env;
  }
}
