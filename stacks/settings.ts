import { readFileSync } from "node:fs";
import { Construct } from "constructs";

/** What can be set of a cluster, by its name in the context. docs/stacks.md says what each means. */
const CLUSTER_SETTINGS = [
  "region",
  "stateBucket",
  "bucketName",
  "removalPolicy",
  "cidr",
  "clusterName",
  "flinkVersion",
  "allowStateLoss",
  "nodeCount",
  "instanceType",
  "numberOfTaskSlots",
  "checkpointIntervalSeconds",
  "terminationProtection",
  "rollout",
  "softwareOrigin",
  "softwarePublished",
] as const;

/** What stacks/pipeline takes beside these. */
const PIPELINE_SETTINGS = [
  "pipelineName",
  "sourceBrokers",
  "sourceTopics",
  "sourceSecurityGroup",
  "sourceClusterArn",
  "sourceSecretArn",
  "sourceSecretKeyArn",
  "sourceAuthorities",
  "sourceVpc",
  "sourceCidrs",
  "sourceRouteTables",
  "sinkTopics",
  "sinkDatabase",
  "sinkSchema",
  "sinkTables",
  "sinkTableAccess",
  "sinkIndices",
  "sinkMappings",
  "sinkFiles",
] as const;

export type SettingName = (typeof CLUSTER_SETTINGS)[number] | (typeof PIPELINE_SETTINGS)[number];

/** The programs that are configured so: stacks/main.ts and stacks/pipeline/main.ts. */
export type Program = "cluster" | "pipeline";

/** What each of them takes. */
export const SETTINGS_OF: Readonly<Record<Program, readonly SettingName[]>> = {
  cluster: CLUSTER_SETTINGS,
  pipeline: [...CLUSTER_SETTINGS, ...PIPELINE_SETTINGS],
};

/** Variables of Flink's own scripts, which a machine with Flink's client may have set. */
const OF_FLINK_ITSELF =
  /^FLINK_(HOME|PROPERTIES|CLASSPATH|IDENT_STRING|SSH_OPTS|ENV_JAVA_OPTS.*|LOG_PREFIX|(BIN|CONF|LIB|LOG|OPT|PID|PLUGINS)_DIR)$/;

/** `nodeCount` is `FLINK_NODE_COUNT` in the environment. */
export function variableOf(name: SettingName): string {
  return `FLINK_${name.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase()}`;
}

/**
 * One setting of the ready stacks: from the environment, else from cdktf's context (cdktf.json), else undefined.
 */
export function setting(scope: Construct, name: SettingName): string | undefined {
  const value = givenValue(scope, name);
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}

function givenValue(scope: Construct, name: SettingName): unknown {
  const value: unknown = process.env[variableOf(name)] ?? scope.node.tryGetContext(name);
  return value === null || value === "" ? undefined : value;
}

/** A setting of several texts: parted by commas, or a list in the context. */
export function listSetting(scope: Construct, name: SettingName): string[] | undefined {
  const value = givenValue(scope, name);
  if (value === undefined) return undefined;
  const entries: unknown[] = Array.isArray(value) ? value : setting(scope, name)!.split(",");
  const texts = entries.map((entry) => (typeof entry === "string" ? entry.trim() : ""));
  const faulty = texts.find((text) => text === "" || /\s/.test(text));
  if (texts.length > 0 && faulty === undefined) return texts;
  const remedy = faulty
    ? `put commas where there are blanks in "${faulty}"`
    : "take out what is empty, or the last comma";
  throw new Error(
    `${variableOf(name)} is "${setting(scope, name)}", but must be texts parted by commas, or a list of texts in the context: ${remedy}`,
  );
}

/** What is in the file that a setting names. */
export function fileSetting(scope: Construct, name: SettingName): string | undefined {
  const file = setting(scope, name);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `${variableOf(name)} is "${file}", but must be a file that can be read (${(error as NodeJS.ErrnoException).code}): write its path from the folder of cdktf.json`,
    );
  }
}

/** A setting that is a number. What is no number is handed on as it is, and the construct refuses it with its name. */
export function numberSetting(scope: Construct, name: SettingName): number | undefined {
  const value = setting(scope, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? (value as unknown as number) : number;
}

/** A setting that is true or false. */
export function booleanSetting(scope: Construct, name: SettingName): boolean | undefined {
  const value = choiceSetting(scope, name, ["true", "false"]);
  return value === undefined ? undefined : value === "true";
}

/** A setting that is one of a few words. */
export function choiceSetting<T extends string>(
  scope: Construct,
  name: SettingName,
  choices: readonly T[],
): T | undefined {
  const value = setting(scope, name);
  const choice = choices.find((each) => each === value);
  if (value === undefined || choice !== undefined) return choice;
  const meant = choices.find((each) => each === value.trim().toLowerCase().replace(/[_ ]/g, "-"));
  const allowed = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  throw new Error(`${variableOf(name)} is "${value}", but must be ${allowed}: write ${meant ?? "one of these"}`);
}

const REGION = /^[a-z]{2,4}(-[a-z]+)+-[1-9]$/;

/** The region of everything: the setting, else `AWS_REGION` as for every tool of AWS, else `eu-west-1`. */
export function regionSetting(scope: Construct): string {
  const own = setting(scope, "region");
  const region = own ?? (process.env.AWS_REGION || "eu-west-1");
  if (REGION.test(region)) return region;
  throw new Error(
    `${own === undefined ? "AWS_REGION" : variableOf("region")} is "${region}", but must be the name of a region: write for example eu-west-1`,
  );
}

/** Refuses variables that look like settings and are none, for a slip of the pen is no silent default. */
export function requireKnownSettings(scope: Construct, program: Program = "cluster"): void {
  const variables = SETTINGS_OF[program].map(variableOf);
  const others = PIPELINE_SETTINGS.map(variableOf);
  for (const variable of Object.keys(process.env)) {
    if (!variable.startsWith("FLINK_") || OF_FLINK_ITSELF.test(variable) || variables.includes(variable)) continue;
    if (!others.includes(variable)) throw unknown(variable, variables);
    throw new Error(
      `${variable} is set, but is a setting of stacks/pipeline alone: deploy that program (docs/stacks.md), or take it out`,
    );
  }
  // Others keep context of their own there, so only what is one of ours but for its case and its plural is a slip.
  for (const key of Object.keys((scope.node.getAllContext() ?? {}) as object)) {
    const meant = SETTINGS_OF.pipeline.find((name) => name !== key && bare(name) === bare(key));
    if (meant) throw unknown(key, [meant]);
  }
}

function bare(name: string): string {
  return name.toLowerCase().replace(/s$/, "");
}

function unknown(name: string, known: readonly string[]): Error {
  return new Error(`${name} is set, but is no setting of these stacks: write ${closest(name, known)}, or take it out`);
}

/** The name that shares the most pairs of letters. */
function closest(word: string, names: readonly string[]): string {
  const pairs = (text: string): Set<string> => new Set([...text].map((_, at) => text.slice(at, at + 2)));
  const wanted = pairs(word);
  const shared = (name: string): number => {
    const own = [...pairs(name)];
    return (2 * own.filter((pair) => wanted.has(pair)).length) / (own.length + wanted.size);
  };
  return [...names].sort((left, right) => shared(right) - shared(left))[0];
}
