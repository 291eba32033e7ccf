import { Construct } from "constructs";

/**
 * One setting of the ready stacks: from the environment, else from cdktf's context (cdktf.json), else undefined.
 * `nodeCount` is `FLINK_NODE_COUNT` in the environment.
 */
export function setting(scope: Construct, name: string): string | undefined {
  const variable = `FLINK_${name.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase()}`;
  const value: unknown = process.env[variable] ?? scope.node.tryGetContext(name);
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A setting that is a number. What is no number is handed on, and the construct refuses it with its name. */
export function numberSetting(scope: Construct, name: string): number | undefined {
  const value = setting(scope, name);
  return value === undefined ? undefined : Number(value);
}

/** A setting that is true or false. */
export function booleanSetting(scope: Construct, name: string): boolean | undefined {
  const value = setting(scope, name);
  if (value === undefined) return undefined;
  if (value !== "true" && value !== "false") throw new Error(`${name} is "${value}", but must be true or false`);
  return value === "true";
}
