import { commandOfUnit, settingsOfCommand } from "../../lib/local/unit-text";
import { execArgument } from "../../lib/node/systemd-text";

test.each([
  "plain",
  "with blanks",
  'a "quoted" word',
  "back\\slash",
  "100 %",
  "$HOME and ${HOME}",
  "line\nbreak\tand tab",
  "%%$$",
])("a word comes back as it was: %j", (word) => {
  const content = `[Service]\nExecStart=/bin/program ${execArgument(word)} last\nRestart=always\n`;
  expect(commandOfUnit(content)).toEqual(["/bin/program", word, "last"]);
});

test("settings are what stands behind -D", () => {
  const command = ["jobmanager.sh", "start-foreground", "-D", "a.b=c=d", "-D", "e=", "x=y", "-D"];
  expect(settingsOfCommand(command)).toEqual({ "a.b": "c=d", e: "" });
});

test("a unit without a command has none", () => {
  expect(commandOfUnit("[Unit]\nDescription=x\n")).toEqual([]);
});
