import { readFileSync } from "node:fs";
import path from "node:path";
import { Problem } from "../../software/problem";

/** A machine of a cluster, as the synthesized program has it. */
export interface ProgramNode {
  readonly cluster: string;
  /** Such as `orders-node-2`. */
  readonly name: string;
  /** Of its `aws_instance`. */
  readonly address: string;
  /** Addresses of what is made of the machine's own attributes: its volume's attachment, alarms. */
  readonly dependents: readonly string[];
}

/** As the CDK for Terraform calls what it synthesizes. */
export const PROGRAM_FILE = "cdk.tf.json";
/** As a cluster names its machines. */
const NODE = /^(.+)-node-\d+$/;

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The machines of clusters that the program of a folder has, in the order of their names. */
export function nodesOfProgram(dir: string): readonly ProgramNode[] {
  const resources = resourcesOf(dir);
  const all = Object.entries(resources).flatMap(([type, named]) =>
    Object.entries(named).map(([id, block]) => ({ address: `${type}.${id}`, type, block })),
  );
  return all
    .flatMap(({ address, type, block }) => {
      const { Name: name } = ((block as { readonly tags?: unknown }).tags ?? {}) as { readonly Name?: unknown };
      const [, cluster] = (typeof name === "string" && NODE.exec(name)) || [];
      if (type !== "aws_instance" || cluster === undefined) return [];
      // Not `depends_on`, which names the machine and none of its attributes: nothing of that changes with it. What runs a
      // command in an apply is none of what is made of it either.
      const dependents = all.filter(
        (other) => other.type !== "terraform_data" && JSON.stringify(other.block).includes(`${address}.`),
      );
      return [{ cluster, name: name as string, address, dependents: dependents.map((other) => other.address) }];
    })
    .sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
}

function resourcesOf(dir: string): Blocks {
  const file = path.join(dir, PROGRAM_FILE);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (failure) {
    throw new Problem(`${file} cannot be read (${(failure as Error).message}): run \`npx cdktf synth\` first`);
  }
  try {
    return (JSON.parse(text) as { readonly resource?: Blocks }).resource ?? {};
  } catch {
    throw new Problem(`${file} is no JSON: run \`npx cdktf synth\` again`);
  }
}
