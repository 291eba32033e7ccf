import { Construct } from "constructs";
import { setting, SettingName, variableOf } from "../settings";

/** At most so long that AWS takes what is made of it: a domain of OpenSearch has 28 characters, `-sinks-search` among them. */
const NAME = /^(?=.{2,15}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Stacks of stacks/main.ts and of other pipelines, whose state lies in the same place. */
const NAME_OF_OTHERS = /^(storage|streaming)$|-(storage|network|sinks)$/;

/** What begins the names of all stacks, and so of what they make. */
export function pipelineName(scope: Construct): string {
  const name = setting(scope, "pipelineName") ?? "pipeline";
  if (NAME.test(name) && !NAME_OF_OTHERS.test(name)) return name;
  throw new Error(
    `${variableOf("pipelineName")} is "${name}", but must be 2 to 15 lower-case letters, digits and single hyphens between them, beginning with a letter, and not called as other stacks are: write for example orders`,
  );
}

/** What is of no use without something else. */
const NEEDED: readonly (readonly [SettingName, SettingName])[] = [
  ["sourceSecretKeyArn", "sourceSecretArn"],
  ["sourceVpc", "sourceCidrs"],
  ["sourceVpc", "sourceRouteTables"],
  ["sourceCidrs", "sourceVpc"],
  ["sourceRouteTables", "sourceVpc"],
  ["sinkDatabase", "sinkSchema"],
  ["sinkSchema", "sinkDatabase"],
  ["sinkTables", "sinkDatabase"],
  ["sinkTableAccess", "sinkDatabase"],
  ["sinkMappings", "sinkIndices"],
];
const SINKS: readonly SettingName[] = ["sinkTopics", "sinkDatabase", "sinkIndices", "sinkFiles"];

/** Refuses settings of which each may be right and something is missing. */
export function requireWholeSettings(scope: Construct): void {
  const isSet = (name: SettingName) => setting(scope, name) !== undefined;
  for (const [name, needed] of NEEDED) {
    if (!isSet(name) || isSet(needed)) continue;
    throw new Error(
      `${variableOf(name)} is set, but ${variableOf(needed)}, which belongs to it, is not: set that too, or take ${variableOf(name)} out`,
    );
  }
  if (SINKS.some(isSet)) return;
  throw new Error(
    `None of ${SINKS.map(variableOf).join(", ")} is set, but jobs must have somewhere to write: set one or more of them`,
  );
}

/** A setting, for whoever left it out or wrote it otherwise. */
export interface Explanation {
  readonly meaning: string;
  readonly example: string;
}

/** A setting without which there is no pipeline. */
export function required<T>(name: SettingName, value: T | undefined, { meaning, example }: Explanation): T {
  if (value !== undefined) return value;
  throw new Error(`${variableOf(name)} is not set, but must be ${meaning}: write for example ${example}`);
}

/** Refuses a setting of which one text has another form. */
export function requireForm(
  name: SettingName,
  texts: readonly string[],
  form: RegExp,
  { meaning, example }: Explanation,
): void {
  const other = texts.find((text) => !form.test(text));
  if (other === undefined) return;
  throw new Error(`${variableOf(name)} has "${other}", but must be ${meaning}: write for example ${example}`);
}
