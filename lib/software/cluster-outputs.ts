import { printable } from "../core/printable";
import { ValidationError } from "../core/validation";

/** What the output of a cluster says of where it is. */
export interface ClusterOutput {
  readonly cluster: string;
  readonly region: string;
  readonly bucket: string;
}

/** Which of several clusters is meant. */
export interface ClusterChoice {
  readonly cluster?: string;
  readonly stack?: string;
}

/** The output is at most so deep: below a stack, the constructs' names, and what `terraform output -json` adds. */
const DEEPEST = 12;

/**
 * The one cluster in what `cdktf deploy --outputs-file` wrote, or `terraform output -json`; refuses where there is none,
 * and where there are several and it is not said which.
 *
 * @param file its name, for messages
 */
export function clusterInOutputs(text: string, file: string, { cluster, stack }: ClusterChoice): ClusterOutput {
  const outputs = parse(text, file);
  const all = stack === undefined ? outputs : ofStack(outputs, file, stack);
  const found = clustersIn(all, DEEPEST);
  const chosen = cluster === undefined ? found : found.filter((each) => each.cluster === cluster);
  if (chosen.length === 1) return chosen[0];
  const names = found.map((each) => each.cluster).join(", ");
  if (found.length === 0) {
    throw new ValidationError(
      `${file} has no output of a cluster${stack === undefined ? "" : ` of the stack ${stack}`}: deploy the stack of the cluster with --outputs-file ${file}`,
    );
  }
  if (chosen.length === 0) {
    throw new ValidationError(`${file} has no cluster named ${cluster}, but ${names}: give one of them in --cluster`);
  }
  throw new ValidationError(
    cluster === undefined
      ? `${file} has several clusters (${names}): say in --cluster which is meant`
      : `${file} has several clusters named ${cluster}, in ${chosen.map(({ region }) => region).join(", ")}: say in --stack which is meant`,
  );
}

function parse(text: string, file: string): Readonly<Record<string, unknown>> {
  let outputs: unknown;
  try {
    outputs = JSON.parse(text);
  } catch {
    outputs = undefined;
  }
  if (isRecord(outputs)) return outputs;
  throw new ValidationError(`${file} is no JSON object: give the file that cdktf deploy --outputs-file wrote`);
}

function ofStack(outputs: Readonly<Record<string, unknown>>, file: string, stack: string): unknown {
  if (Object.hasOwn(outputs, stack)) return outputs[stack];
  const names = Object.keys(outputs).map(printable).join(", ") || "none";
  throw new ValidationError(`${file} has no stack named ${stack}: give one of those that it has (${names})`);
}

function clustersIn(value: unknown, depth: number): readonly ClusterOutput[] {
  if (!isRecord(value) || depth === 0) return [];
  const { cluster_name: cluster, region, checkpoint_bucket: bucket } = value;
  if (typeof cluster === "string" && typeof region === "string" && typeof bucket === "string") {
    return [{ cluster, region, bucket }];
  }
  return Object.values(value).flatMap((each) => clustersIn(each, depth - 1));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
