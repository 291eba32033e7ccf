import { Command } from "commander";

/**
 * Adds `complete`, which writes the script by which a shell completes commands and options, and answers that script; after
 * all other commands. Its library is a module of the newer kind, which only a bundle can do with.
 */
export async function addCompletion(cli: Command): Promise<Command> {
  const { default: tab } = await import("@bomb.sh/tab/commander");
  const descriptions = new Map(commandsBelow(cli).map((command) => [command, command.description()]));
  // Shells show these in one line.
  for (const command of descriptions.keys()) command.description(command.summary());
  tab(cli);
  for (const [command, description] of descriptions) command.description(description);
  cli.commands
    .find((command) => command.name() === "complete")
    ?.summary("write the script by which your shell completes commands and options")
    .description(
      "Writes a script to read in when your shell starts; bash needs its package bash-completion for it. The shell must know the command as cdktf-flink, as where the package is installed globally, or by a function of the name.",
    )
    .addHelpText("after", "\nExample:\n  source <(npx cdktf-flink complete bash)");
  return cli;
}

/** Of every depth, such as `jobs` and `jobs stop`. */
function commandsBelow(command: Command): readonly Command[] {
  return command.commands.flatMap((each) => [each, ...commandsBelow(each)]);
}
