import { Command } from "commander";
import { toldFailure } from "./failure";

/** Runs a command line to its end; of a failure it tells one sentence, and leaves the exit code. */
export async function runToEnd(cli: Command, args: readonly string[]): Promise<void> {
  let region: string | undefined;
  cli.hook("preAction", (_, command) => {
    region = command.opts<{ readonly region?: string }>().region;
  });
  try {
    await cli.parseAsync(args, { from: "user" });
  } catch (failure) {
    const { sentence, exitCode } = await toldFailure(failure, region);
    console.error(`cdktf-flink: ${sentence}`);
    if (process.env.DEBUG) console.error(failure);
    process.exitCode = exitCode;
  }
}
