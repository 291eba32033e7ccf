import { spawn } from "child_process";
import { existsSync, mkdirSync } from "fs";
import { dirname, join } from "path";
import { bundle } from "../bundle";
import { ControlGroup } from "../control-group";
import { waitFor } from "../wait-for";

export interface SessionAgentOptions {
  /** Folder for its program. */
  readonly folder: string;
  readonly group: ControlGroup;
  /** Makes the command line that runs another one in the machine's network. */
  readonly wrap: (argv: readonly string[]) => string[];
  /** Where it listens. */
  readonly socket: string;
}

/** Runs the agent of Session Manager of a machine, until this process ends. */
export async function startSessionAgent({ folder, group, wrap, socket }: SessionAgentOptions): Promise<void> {
  const program = join(folder, "session-agent.js");
  mkdirSync(dirname(socket), { recursive: true });
  await bundle(join(__dirname, "..", "fabric", "session-agent.ts"), program);
  const [command, ...args] = group.wrap(wrap([process.execPath, program, socket]));
  spawn(command, args, { stdio: ["pipe", "ignore", "inherit"], detached: true });
  await waitFor(() => existsSync(socket), { timeout: 10_000, what: `the agent of Session Manager at ${socket}` });
}
