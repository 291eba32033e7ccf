import { TerraformStack, TerraformVariable } from "cdktf";
import * as library from "../../lib";
import { TOKENS } from "../cluster/bad-input/values";
import { words } from "./words";

/**
 * A value as a program would write it. Constructs stand in a stack, so that what is generated says how a value is made
 * and not which one it is; and a reader can see what was tried.
 */
export type Described =
  | { readonly plain: unknown }
  | { readonly struct: string; readonly entries: Readonly<Record<string, Described>> }
  | { readonly list: readonly Described[] }
  /** A member of the library, such as `InstanceType.M7I_LARGE` or `LogLevel.WARN`. */
  | { readonly member: string }
  /** A call of the library, such as `new FlinkNetwork` or `Peer.cidr`. */
  | { readonly call: string; readonly arguments: readonly Described[] }
  /** A call of a method of what is described. */
  | {
      readonly of: Described;
      readonly method: string;
      readonly named: string;
      readonly arguments: readonly Described[];
    }
  /** What is made before is returned: calls on it have changed it. */
  | { readonly first: Described; readonly then: readonly MethodCall[] }
  /** One that all of a program share, as most programs have one network and one cluster. */
  | { readonly shared: string; readonly made: Described }
  /** Where a construct stands, and an id that nothing else has. */
  | { readonly place: "scope" | "id" };

export interface MethodCall {
  readonly method: string;
  /** As `publicInputs` names it, such as `FlinkCluster.readFrom`. */
  readonly named: string;
  readonly arguments: readonly Described[];
  /** What is called on what it gives. */
  readonly then: readonly MethodCall[];
}

/** Where values are made. */
export class Place {
  private readonly shared = new Map<string, unknown>();
  private ids = 0;

  private readonly references: References;

  public constructor(private readonly stack: TerraformStack) {
    this.references = new References(stack);
  }

  public make(described: Described): unknown {
    if ("plain" in described) return this.references.inPlaceOfTokens(described.plain);
    if ("place" in described) return described.place === "scope" ? this.stack : `part-${(this.ids += 1)}`;
    if ("list" in described) return described.list.map((one) => this.make(one));
    if ("entries" in described) {
      // As a program would write it: `__proto__` is a key like any other.
      const made = Object.entries(described.entries).map(([key, value]) => [key, this.make(value)] as const);
      return Object.fromEntries(made);
    }
    if ("member" in described) return memberOf(described.member);
    if ("shared" in described) {
      if (!this.shared.has(described.shared)) this.shared.set(described.shared, this.make(described.made));
      return this.shared.get(described.shared);
    }
    if ("first" in described) {
      const made = this.make(described.first);
      this.callAll(made, described.then);
      return made;
    }
    if ("of" in described) return this.call(this.make(described.of), described.method, described.arguments);
    return this.callLibrary(described.call, described.arguments);
  }

  private callAll(object: unknown, calls: readonly MethodCall[]): void {
    for (const { method, arguments: given, then } of calls) this.callAll(this.call(object, method, given), then);
  }

  private call(object: unknown, method: string, given: readonly Described[]): unknown {
    const values = given.map((one) => this.make(one));
    return (object as Record<string, (...values: unknown[]) => unknown>)[method](...values);
  }

  private callLibrary(call: string, given: readonly Described[]): unknown {
    const values = given.map((one) => this.make(one));
    if (call.startsWith("new ")) {
      const constructor = memberOf(call.slice("new ".length)) as new (...values: unknown[]) => unknown;
      return new constructor(...values);
    }
    const [owner, method] = call.split(".");
    return (memberOf(owner) as Record<string, (...values: unknown[]) => unknown>)[method](...values);
  }
}

/** What Terraform is told only when it runs: what stands for it in the table of inputs, Terraform could not find. */
class References {
  private readonly text: string;
  private readonly number: number;
  private readonly list: string[];
  private readonly any: unknown;

  public constructor(stack: TerraformStack) {
    const variable = (name: string, type: string) => new TerraformVariable(stack, name, { type });
    this.text = variable("text", "string").stringValue;
    this.number = variable("number", "number").numberValue;
    this.list = variable("list", "list(string)").listValue;
    this.any = variable("any", "any").value;
  }

  public inPlaceOfTokens(value: unknown): unknown {
    if (value === TOKENS.number) return this.number;
    if (value === TOKENS.list) return this.list;
    if (value === TOKENS.any) return this.any;
    if (typeof value === "string") return realKeys(value.replaceAll(TOKENS.text, this.text));
    if (Array.isArray(value)) return value.map((each) => this.inPlaceOfTokens(each));
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.inPlaceOfTokens(each)] as const));
  }
}

/** With ids that are in the form of those that AWS KMS makes: the provider takes no others. */
function realKeys(text: string): string {
  return text
    .replace(/(?<=:key\/)01234567-89ab-cdef-0123-456789abcdef/g, "01234567-89ab-4def-8123-456789abcdef")
    .replace(/(?<=:key\/)mrk-01234567-89ab-cdef-0123-456789abcdef/g, "mrk-0123456789ab4def8123456789abcdef");
}

function memberOf(name: string): unknown {
  const [owner, member] = name.split(".");
  const found = (library as unknown as Record<string, Record<string, unknown>>)[owner];
  return member === undefined ? found : found[member];
}

/** What is described, as a program. */
export function program(described: Described): string {
  if ("plain" in described) return words(described.plain);
  if ("place" in described) return described.place;
  if ("list" in described) return `[${described.list.map(program).join(", ")}]`;
  if ("entries" in described) {
    const entries = Object.entries(described.entries).map(
      ([key, value]) => `${JSON.stringify(key)}: ${program(value)}`,
    );
    return `{ ${entries.join(", ")} }`;
  }
  if ("member" in described) return described.member;
  if ("shared" in described) return `shared(${program(described.made)})`;
  if ("first" in described) {
    return [program(described.first), ...described.then.flatMap((call) => statements("it", call))].join("; ");
  }
  const given = described.arguments.map(program).join(", ");
  return "of" in described ? `${program(described.of)}.${described.method}(${given})` : `${described.call}(${given})`;
}

function statements(on: string, { method, arguments: given, then }: MethodCall): string[] {
  const call = `${on}.${method}(${given.map(program).join(", ")})`;
  return then.length === 0 ? [call] : then.flatMap((next) => statements(call, next));
}

/** What knows the names of what calls take. */
export interface Signatures {
  /** Each parameter of a call by its names: those of the classes that it comes from as well. */
  inputsOf(call: string): readonly (readonly string[])[];
}

/** The inputs that are given in it, as `publicInputs` names them. */
export function inputsIn(described: Described, signatures: Signatures): Set<string> {
  const found = new Set<string>();
  const ofCall = (named: string, given: readonly Described[]): void => {
    const inputs = signatures.inputsOf(named);
    given.forEach((one, index) => {
      // Of many that are one parameter, each is given to it.
      if (!isLeftOut(one)) inputs[Math.min(index, inputs.length - 1)].forEach((input) => found.add(input));
      walk(one);
    });
  };
  const ofMethod = ({ named, arguments: given, then }: MethodCall): void => {
    ofCall(named, given);
    then.forEach(ofMethod);
  };
  const walk = (each: Described): void => {
    if ("list" in each) each.list.forEach(walk);
    else if ("entries" in each) {
      for (const [key, value] of Object.entries(each.entries)) {
        if (each.struct && !isLeftOut(value)) found.add(`${each.struct}.${key}`);
        walk(value);
      }
    } else if ("shared" in each) walk(each.made);
    else if ("first" in each) {
      walk(each.first);
      each.then.forEach(ofMethod);
    } else if ("of" in each) {
      walk(each.of);
      ofCall(each.named, each.arguments);
    } else if ("call" in each) ofCall(each.call, each.arguments);
  };
  walk(described);
  return found;
}

function isLeftOut(described: Described): boolean {
  return "plain" in described && described.plain === undefined;
}
