import path from "node:path";
import type { DesiredState, FileSpec, NodeSpec, SoftwareItem, UnitSpec } from "../node/desired-state";
import { CONNECTIONS } from "../node/paths";
import { isSame, SENSITIVE, shownChange, shownText } from "./shown-value";

/** One thing in which two desired states of a cluster differ. */
export interface StateDifference {
  /** Of what, such as `config.yaml` or `software`. */
  readonly of: string;
  /** What changes: one sentence without a full stop. */
  readonly what: string;
  /** Nodes that it is of; absent: of all. */
  readonly nodes?: readonly string[];
}

/** Files of settings of which each line is one, and what parts a name from its value. */
const SETTINGS: Readonly<Record<string, RegExp>> = {
  "config.yaml": /^([^\s#:][^:]*):\s*(.*)$/,
  "zoo.cfg": /^([^\s#=]+)\s*=\s*(.*)$/,
  "log4j-console.properties": /^([^\s#=]+)\s*=\s*(.*)$/,
};
/** Parts of a state that are compared piece by piece; all others are told as one. */
const TAKEN_APART = ["agent", "nodeJs", "software", "files", "units", "nodes", "certificates", "connectionCredentials"];

/**
 * In what two desired states differ, for people.
 *
 * @param hidesValues whether what they hold must not be shown: then only names are
 */
export function stateDifferences(
  before: DesiredState,
  after: DesiredState,
  hidesValues: boolean,
): readonly StateDifference[] {
  const tell = new Teller(hidesValues);
  const staying = after.nodes.filter(({ name }) => before.nodes.some((node) => node.name === name));
  return [
    ...softwareDifferences(before, after),
    ...tell.files(before.files, after.files),
    ...together(
      staying.flatMap((node) =>
        tell.node(
          before.nodes.find(({ name }) => name === node.name)!,
          node,
        ),
      ),
      staying.map(({ name }) => name),
    ),
    ...tell.units(before.units, after.units),
    ...tell.named("connections", before.connectionCredentials ?? [], after.connectionCredentials ?? []),
    ...tell.settings("certificates", { ...before.certificates }, { ...after.certificates }),
    ...tell.named("nodes", before.nodes.map(nameOnly), after.nodes.map(nameOnly)),
    ...tell.rest({ ...before }, { ...after }),
  ];
}

class Teller {
  public constructor(private readonly hidesValues: boolean) {}

  public files(before: readonly FileSpec[], after: readonly FileSpec[]): StateDifference[] {
    return pairs(before, after, ({ path: file }) => file).flatMap(([file, old, next]) => {
      const of = file.startsWith(`${CONNECTIONS}/`) ? `connection ${path.basename(file)}` : path.basename(file);
      const form = SETTINGS[path.basename(file)];
      if (old && next && form && old.content !== next.content) {
        const settings = this.settings(of, settingsIn(old.content, form), settingsIn(next.content, form));
        // What is no setting, such as a remark, differs too where nothing else does.
        if (settings.length > 0) return settings;
      }
      return [{ of, what: howItChanges(old, next) }];
    });
  }

  public units(before: readonly UnitSpec[], after: readonly UnitSpec[]): StateDifference[] {
    return pairs(before, after, ({ name }) => name).flatMap(([name, old, next]) => {
      if (!old || !next || old.content === next.content) return [{ of: name, what: howItChanges(old, next) }];
      const lines = this.lines(old.content.split("\n"), next.content.split("\n"));
      return lines.length > 0 ? lines.map((what) => ({ of: name, what })) : [{ of: name, what: "changes" }];
    });
  }

  public named(of: string, before: readonly { name: string }[], after: readonly { name: string }[]): StateDifference[] {
    return pairs(before, after, ({ name }) => name).map(([name, old, next]) => ({
      of,
      what: `${shownText(name)} ${howItChanges(old, next)}`,
    }));
  }

  public settings(
    of: string,
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
  ): StateDifference[] {
    return namesOf(before, after)
      .filter((name) => !isSame(before[name], after[name]))
      .map((name) => ({ of, what: this.change(name, before[name], after[name]) }));
  }

  public node(before: NodeSpec, after: NodeSpec): StateDifference[] {
    const { name: node } = after;
    const { files, ...others } = after;
    const { files: oldFiles, ...oldOthers } = before;
    return [...this.files(oldFiles, files), ...this.settings("node", { ...oldOthers }, { ...others })].map((one) => ({
      ...one,
      nodes: [node],
    }));
  }

  public rest(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): StateDifference[] {
    return namesOf(before, after)
      .filter((name) => !TAKEN_APART.includes(name) && !isSame(before[name], after[name]))
      .map((name) => ({ of: name, what: howItChanges(before[name], after[name]) }));
  }

  private change(name: string, before: unknown, after: unknown): string {
    if (!this.hidesValues) return `${shownText(name)}: ${shownChange(name, before, after)}`;
    const [was, is] = [before, after].map((value) => (value === undefined ? "none" : SENSITIVE));
    return `${shownText(name)}: ${was} -> ${is}`;
  }

  /** Lines of a unit that come and go, such as `MemoryMax=1073741824`; what is of one name alone is told as one change. */
  private lines(before: readonly string[], after: readonly string[]): readonly string[] {
    const gone = before.filter((line) => !after.includes(line)).map(assignment);
    const come = after.filter((line) => !before.includes(line)).map(assignment);
    const names = [...new Set([...gone, ...come].map(([name]) => name))];
    return names.flatMap((name) => {
      const [was, is] = [gone, come].map((lines) => lines.filter(([each]) => each === name).map(([, value]) => value));
      const pairs = Math.max(was.length, is.length);
      return Array.from({ length: pairs }, (_, index) => this.change(name, was[index], is[index]));
    });
  }
}

function assignment(line: string): readonly [string, string] {
  const [name, ...value] = line.split("=");
  // A variable of the environment has a name of its own, which may say that it is a secret.
  const [variable, ...text] = value;
  return name === "Environment" ? [`${name} ${variable.replace(/^"/, "")}`, text.join("=")] : [name, value.join("=")];
}

/** What all of these nodes say alike is said once, of all. */
function together(differences: readonly StateDifference[], all: readonly string[]): StateDifference[] {
  const nodes = new Map<string, string[]>();
  for (const { of, what, nodes: [node] = [] } of differences) {
    const key = JSON.stringify([of, what]);
    nodes.set(key, [...(nodes.get(key) ?? []), node]);
  }
  return [...nodes].map(([key, named]) => {
    const [of, what] = JSON.parse(key) as [string, string];
    return named.length === all.length ? { of, what } : { of, what, nodes: named };
  });
}

function softwareDifferences(before: DesiredState, after: DesiredState): StateDifference[] {
  const parts = ({ agent, nodeJs, software }: DesiredState): readonly SoftwareItem[] => [agent, nodeJs, ...software];
  return pairs(parts(before), parts(after), ({ name }) => name).map(([name, old, next]) => {
    const what =
      old && next
        ? old.version === next.version
          ? `${name} ${next.version}: another build`
          : `${name}: ${old.version} -> ${next.version}`
        : `${name} ${(old ?? next)!.version} ${howItChanges(old, next)}`;
    return { of: "software", what: shownText(what) };
  });
}

function settingsIn(text: string, form: RegExp): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [, name, value] = form.exec(line) ?? [];
      return name === undefined ? [] : [[name, unquoted(value)]];
    }),
  );
}

/** A value of YAML as our own files have it: in the quotes of JSON. */
function unquoted(value: string): string {
  try {
    const text: unknown = JSON.parse(value);
    return typeof text === "string" ? text : value;
  } catch {
    return value;
  }
}

/** Those of either side that are not the same on both, by their names. */
function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (one: T) => string,
): readonly (readonly [string, T | undefined, T | undefined])[] {
  const names = [...new Set([...before, ...after].map(nameOf))];
  const named = (all: readonly T[], name: string): T | undefined => all.find((one) => nameOf(one) === name);
  return names
    .map((name) => [name, named(before, name), named(after, name)] as const)
    .filter(([, old, next]) => !isSame(old, next));
}

function namesOf(...all: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
}

function nameOnly({ name }: NodeSpec): { name: string } {
  return { name };
}

function howItChanges(before: unknown, after: unknown): string {
  if (before === undefined) return "is new";
  return after === undefined ? "goes" : "changes";
}
