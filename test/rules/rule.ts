import { Block, Synthesized } from "../support/synthesized";

/** What is wrong with one resource: its address, and the rest of a sentence that begins with it. */
export type Problem = readonly [address: string, problem: string];

/** A rule over what was synthesized. */
export interface Rule {
  /** As docs/waivers.md names it. */
  readonly name: string;
  /** What breaks it; nothing where it holds. */
  problems(stack: Synthesized): Iterable<Problem>;
}

/** Every resource of these types, with its address. */
export function* each(stack: Synthesized, ...types: readonly string[]): Iterable<readonly [string, Block]> {
  for (const type of types) {
    for (const [id, block] of Object.entries(stack.resources(type))) yield [`${type}.${id}`, block];
  }
}

/** Every resource of every type, with its address. */
export function everything(stack: Synthesized): Iterable<readonly [string, Block]> {
  return each(stack, ...Object.keys(stack.json.resource ?? {}));
}

/** A nested block as a list: Terraform's JSON takes one block as it is and several as a list. */
export function nested(block: unknown): Block[] {
  if (block === undefined || block === null) return [];
  return Array.isArray(block) ? (block as Block[]) : [block];
}

/** One value or a list of them as a list. */
export function listed(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as string[]) : [value as string];
}

/** The id of the resource of a type that a value refers to, such as `x` for `${aws_vpc.x.id}`. */
export function referredId(value: unknown, type: string): string | undefined {
  const match = /^\$\{(\w+)\.([\w-]+)\.\w+\}$/.exec(typeof value === "string" ? value : "");
  return match?.[1] === type ? match[2] : undefined;
}

/** Resources of one type whose property refers to a resource of another, such as the policies of one bucket. */
export function referringTo(stack: Synthesized, type: string, property: string, to: string): Block[] {
  const [toType, toId] = to.split(".");
  return stack.all(type).filter((block) => referredId(block[property], toType) === toId);
}
