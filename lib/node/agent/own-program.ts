import type { DesiredState } from "../desired-state";
import { softwareFolder } from "../paths";
import { mustRun } from "./command";

/** With it the agent says by its exit code that it starts on this machine, and does nothing. */
export const CHECK_OPTION = "--check";

/** As the bootstrap started it. */
export function ownProgram(): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1]];
}

/** An agent that cannot start on this machine could not go back either. */
export async function tryAgent({ nodeJs, agent }: DesiredState): Promise<void> {
  const program = `${softwareFolder(nodeJs)}/bin/node`;
  await mustRun(program, ["--use-system-ca", `${softwareFolder(agent)}/${agent.fileName}`, CHECK_OPTION], 60);
}
