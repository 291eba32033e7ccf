import { stripVTControlCharacters } from "node:util";
import { origin, writePage } from "../record";
import type { CommandRun } from "./command-line";

/** Runs of the command line under one heading. */
export interface CommandChapter {
  readonly title: string;
  readonly runs: readonly CommandRun[];
}

/** The longest part of an output that a page shows, from its beginning and its end. */
const MOST_LINES = 40;

/** Writes the page of commands and what they print; gives its path. */
export function writeCommandsRecord(of: string, chapters: readonly CommandChapter[]): string {
  return writePage("commands.md", [
    "# The command line, as an operator ran it",
    "",
    ...origin(of),
    "",
    "Two nodes in the lab, where AWS's APIs are an emulator behind a judge that decides each call by the account's own policies.",
    "Who ran the commands had taken the role that `grantOperate` names, where nothing else is said. Tunnels went by stand-ins: of",
    "Session Manager, whose sessions were judged as IAM would, of its agent on a machine that is a client of the cluster and reaches what",
    "that machine's security groups let it reach, and of the plugin, with its arguments. None of this was shown against Session Manager itself.",
    "",
    ...chapters.flatMap(({ title, runs }) => [`## ${title}`, "", ...runs.flatMap(commandLines)]),
  ]);
}

/** A command with what it printed. */
export function commandLines({ about, command, exitCode, output }: CommandRun): string[] {
  const told = exitCode === 0 ? [] : [`(exit code ${exitCode})`];
  return [`### ${about}`, "", "```text", `$ ${command}`, ...shown(output), ...told, "```", ""];
}

function shown(output: string): string[] {
  // Flink's SQL client colours what it says wherever it says it.
  const all = stripVTControlCharacters(output)
    // They were good for one browser, once. Whoever looks for secrets in this repository shall find none.
    .replace(/(?<=http:\/\/127\.0\.0\.1:\d+\/)[\w-]{43}\/\?key=[\w-]+/g, "…/?key=…")
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
  if (all.length <= MOST_LINES) return all;
  const half = MOST_LINES / 2;
  return [...all.slice(0, half), `… ${all.length - MOST_LINES} lines more …`, ...all.slice(-half)];
}
