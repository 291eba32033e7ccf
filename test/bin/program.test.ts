import { Command } from "commander";
import { program } from "../../bin/program";

/** What `--help` shows of a command, with what stands below. */
function helpOf(command: Command): string {
  let shown = "";
  command.configureOutput({ writeOut: (text) => (shown += text) });
  command.outputHelp();
  return shown;
}

/** Commands that one calls, such as `jobs stop`; those that an apply alone runs are hidden. */
function called(command: Command, names: readonly string[] = []): readonly (readonly [string, Command])[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible
    .filter((each) => each.name() !== "help")
    .flatMap((each) => {
      const own = [...names, each.name()];
      return each.commands.length > 0 ? called(each, own) : [[own.join(" "), each] as const];
    });
}

const COMMANDS = called(program());

test.each(COMMANDS)("the help of %s has an example, and a sentence for lists", (name, command) => {
  const help = helpOf(command);
  expect(help).toMatch(new RegExp(`^ {2}.*npx cdktf-flink ${name}\\b`, "m"));
  expect(command.summary()).toMatch(/^\S.{4,120}$/);
});

test.each(["ui", "flink", "sql", "jobs stop", "jobs resume", "logs"])(
  "the help of %s says what the role needs to reach nodes",
  (name) => {
    const help = helpOf(new Map(COMMANDS).get(name)!);
    for (const action of ["kms:Sign", "ec2:DescribeInstances", "ssm:StartSession"]) expect(help).toContain(action);
  },
);

test("the help of all says with what commands end", () => {
  const help = helpOf(program());
  for (const code of [/^ {2}1 {2}.*\n.*local status/m, /^ {2}3 {2}plan/m, /^ {2}128 and the number of a signal/m]) {
    expect(help).toMatch(code);
  }
});
