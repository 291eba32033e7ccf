import { Command, CommanderError } from "commander";
import { toldFailure, WRONG_USAGE } from "./failure";

/** Runs a command line to its end; of a failure it tells one sentence, and leaves the exit code. */
export async function runToEnd(cli: Command, args: readonly string[]): Promise<void> {
  let region: string | undefined;
  cli.hook("preAction", (_, command) => {
    region = command.opts<{ readonly region?: string }>().region;
  });
  try {
    await cli.parseAsync(args, { from: "user" });
  } catch (failure) {
    if (failure instanceof CommanderError) {
      // It has said all. Help and version end with 0; everything else that ends the program there is a wrong command line.
      process.exitCode = failure.exitCode === 0 ? 0 : WRONG_USAGE;
      return;
    }
    const { sentence, exitCode } = await toldFailure(failure, region);
    console.error(`cdktf-flink: ${sentence}`);
    if (process.env.DEBUG) console.error(failure);
    process.exitCode = exitCode;
  }
}
