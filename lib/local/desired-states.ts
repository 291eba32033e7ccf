import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DESIRED_STATE_PREFIX } from "../core/bucket-layout";
import { LARGEST_STATE_BYTES, type DesiredState } from "../node/desired-state";
import { Problem } from "../software/problem";

const SYNTHESIZED = "cdk.tf.json";

/** The desired state in a file, as a node keeps it or as it was taken out of the bucket. */
export function desiredStateOfFile(file: string): DesiredState {
  return stateOf(readText(file), `${file} holds no desired state of a cluster`);
}

/**
 * The desired state of a cluster in what a program synthesized: a folder such as `cdktf.out`, or that of one stack in it.
 *
 * @param cluster needed where several are found
 */
export function synthesizedState(folder: string, cluster?: string): DesiredState {
  const states = stackFolders(folder).flatMap((stack) => statesOfStack(join(stack, SYNTHESIZED)));
  const names = states.map((state) => state.cluster);
  const found = cluster === undefined ? states : states.filter((state) => state.cluster === cluster);
  if (states.length === 0) {
    throw new Problem(
      `${folder} holds no synthesized Flink cluster, or none whose software is known: run \`npx cdktf-flink fetch\`, then \`npx cdktf synth\`, and name its folder of output`,
    );
  }
  if (found.length === 1) return found[0];
  const list = [...new Set(names)].sort().join(", ");
  throw new Problem(
    cluster === undefined
      ? `${folder} holds more than one cluster: name one of ${list} with --cluster`
      : found.length > 1
        ? `${folder} holds several clusters named ${cluster}: name the folder of one stack`
        : `${folder} holds no cluster named ${cluster}: name one of ${list} with --cluster`,
  );
}

function stackFolders(folder: string): readonly string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Problem(`there is no folder ${folder}: run \`npx cdktf synth\`, or name the folder into which it writes`);
  }
  const all = join(folder, "stacks");
  const stacks = existsSync(all) ? readdirSync(all).map((name) => join(all, name)) : [];
  return [folder, ...stacks].filter((each) => existsSync(join(each, SYNTHESIZED)));
}

interface Synthesized {
  readonly resource?: { readonly aws_s3_object?: Readonly<Record<string, { key?: unknown; content?: unknown }>> };
}

function statesOfStack(file: string): readonly DesiredState[] {
  const objects = Object.values((parsed(readText(file)) as Synthesized | undefined)?.resource?.aws_s3_object ?? {});
  return objects.flatMap(({ key, content }) =>
    typeof key === "string" && key.startsWith(DESIRED_STATE_PREFIX) && typeof content === "string"
      ? [stateOf(fromTerraform(content), `${file} holds a cluster that this version of cdktf-flink does not know`)]
      : [],
  );
}

/** What Terraform makes of a text, apart from its expressions: these stand in values that are none of a local cluster's. */
function fromTerraform(text: string): string {
  return text.replace(/([$%])\1\{/g, "$1{");
}

function stateOf(text: string, otherwise: string): DesiredState {
  const state = parsed(text) as DesiredState | undefined;
  const isKnown =
    state?.schemaVersion === 1 &&
    typeof state.cluster === "string" &&
    [state.software, state.files, state.units, state.nodes, state.linkFolders].every((each) => Array.isArray(each)) &&
    state.software.some(({ name }) => name === "flink") &&
    state.nodes.length > 0;
  if (!isKnown) throw new Problem(`${otherwise}: take it from a stack that this version of cdktf-flink synthesized`);
  return state;
}

function readText(file: string): string {
  try {
    if (statSync(file).size > LARGEST_STATE_BYTES) throw new Problem(`${file} is too large for a desired state`);
    return readFileSync(file, "utf8");
  } catch (failure) {
    if (failure instanceof Problem) throw failure;
    throw new Problem(`${file} cannot be read: mend what the system says (${(failure as Error).message})`, {
      cause: failure,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
