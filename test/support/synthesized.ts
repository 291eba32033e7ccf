/** One resource or data source as it stands in the synthesized JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of many shapes, which the tests look into
export type Block = Record<string, any>;

/** The synthesized JSON of one stack, and ways to look into it. */
export class Synthesized {
  public constructor(public readonly json: { resource?: Record<string, Record<string, Block>> } & Block) {}

  /** All resources of a type, by logical id. */
  public resources(type: string): Record<string, Block> {
    return this.json.resource?.[type] ?? {};
  }

  /** All resources of a type, in the order of their logical ids. */
  public all(type: string): Block[] {
    return Object.values(this.resources(type));
  }

  /** The only resource of a type. */
  public single(type: string): Block {
    const all = this.all(type);
    if (all.length !== 1) throw new Error(`expected one ${type} and found ${all.length}`);
    return all[0];
  }

  /** The only resource of a type whose logical id begins so. */
  public named(type: string, beginning: string): Block {
    const found = Object.entries(this.resources(type)).filter(([id]) => id.startsWith(beginning));
    if (found.length !== 1) throw new Error(`expected one ${type} named ${beginning} and found ${found.length}`);
    return found[0][1];
  }

  /** All data sources of a type. */
  public data(type: string): Block[] {
    return Object.values((this.json.data as Record<string, Record<string, Block>> | undefined)?.[type] ?? {});
  }

  /** The whole as text. */
  public get text(): string {
    return JSON.stringify(this.json);
  }
}
