import fc from "fast-check";
import * as library from "../../lib";
import { Callable, Declared, DeclaredType, PublicApi } from "../support/public-api";
import { Described, MethodCall, Signatures } from "./described";
import { odd, PlainValues, plainValues, takenBy } from "./plain-values";

/** How careless whoever writes the program is: how many in a hundred values are near, and how many are odd. */
export interface Care {
  readonly near: number;
  readonly odd: number;
}

export const CAREFUL: Care = { near: 0, odd: 0 };
export const CARELESS: Care = { near: 8, odd: 5 };

/** How deep values may be within values before only what must be said is said. */
const DEPTH = 3;
/** Types that stand for an amount: which amounts an input takes is its own to say, as with numbers. */
const AMOUNTS = ["Duration", "Size"];
/** Constructs that programs have one of, and hand to whatever needs one. */
const SHARED = ["IFlinkNetwork", "FlinkCluster", "ICheckpointBucket", "ISoftwareBucket", "IKey"];
/** Properties of which one must be given. */
const ALTERNATIVES = [
  ["securityGroupId", "egress"],
  ["vpcPeeringConnectionId", "transitGatewayId"],
];
/** What programs give, though they need not. */
const USUAL = ["FlinkNetworkAttributes.s3PrefixListId"];
/** What careful programs call before: whoever may use a schema can be told of those that there are alone. */
const PREPARATIONS: Readonly<Record<string, readonly MethodCall[]>> = {
  "PostgreSqlCluster.addUser": takenBy("PostgreSqlGrant.read(schema)").map((schema) => ({
    ...{ method: "addSchema", named: "PostgreSqlCluster.addSchema" },
    ...{ arguments: [{ plain: schema }], then: [] },
  })),
};
/** What may stand where something else belongs. */
const OTHERS = ["Peer", "Egress", "LogQuery", "KafkaVersion", "IKey", "ISoftwareBucket", "IReadWriteScope"];
const MOST_CALLS = 3;
const MOST_ENTRIES = 3;
/** Each node is a dozen resources, and one node more shows nothing that the third did not. */
const FEW_NODES = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 4, max: 64 }));

/** What a program begins with: one call of the library. */
export interface Subject {
  /** Such as `new FlinkCluster` or `Peer.cidr`. */
  readonly call: string;
  /** Whether it makes a construct, of which a stack is synthesized. */
  readonly isConstruct: boolean;
  /** How many properties it can be told of. */
  readonly properties: number;
  readonly programs: (care: Care) => fc.Arbitrary<Described>;
}

/** Programs that use the public API in every way that its types allow. */
export class Generators implements Signatures {
  /** Inputs for which the table has no value of their type. */
  public readonly withoutValues = new Set<string>();
  /** Everything that some program gives. */
  public readonly inputs = new Set<string>();
  private readonly plains = new Map<string, PlainValues | undefined>();
  private readonly known = new Map<string, fc.Arbitrary<Described>>();

  public constructor(private readonly api: PublicApi) {}

  public subjects(): Subject[] {
    return [...this.api.behaviours].flatMap(([name, { construction, factories }]) => [
      ...(construction ? [this.subject(`new ${name}`, { name, parameters: construction, returns: named(name) })] : []),
      ...factories.map((factory) => this.subject(`${name}.${factory.name}`, factory)),
    ]);
  }

  /** Where a construct stands is checked by the framework of constructs. */
  public inputsOf(call: string): string[][] {
    const [owner, method] = call.replace(/^new /, "").split(".");
    const { construction, factories, methods, ancestors } = this.api.behaviours.get(owner)!;
    if (method === undefined) return construction!.map(({ name }) => (name === "scope" ? [] : [`${call}(${name})`]));
    const { parameters } = [...factories, ...methods].find(({ name }) => name === method)!;
    const inherited = ancestors.filter((each) => this.methodsOf(each).some(({ name }) => name === method));
    const owners = factories.some(({ name }) => name === method) ? [owner] : [owner, ...inherited];
    return parameters.map(({ name }) => (name === "scope" ? [] : owners.map((each) => `${each}.${method}(${name})`)));
  }

  private subject(call: string, callable: Callable): Subject {
    const returned = callable.returns?.kind === "named" ? callable.returns.name : undefined;
    return {
      call,
      isConstruct: callable.parameters.some(({ name }) => name === "scope"),
      properties: callable.parameters.reduce((sum, { type }) => sum + this.propertiesOf(type).length, 0),
      programs: (care) =>
        fc.record({ first: this.call(call, callable.parameters, care, 0), then: this.methodCalls(returned, care) }),
    };
  }

  /** Some calls of what was made, and of what those give. */
  private methodCalls(name: string | undefined, care: Care): fc.Arbitrary<MethodCall[]> {
    const methods = name === undefined ? [] : this.methodsOf(name);
    if (methods.length === 0) return fc.constant([]);
    const calls = new Map<string, fc.Arbitrary<MethodCall[]>[]>();
    for (const { name: method, parameters, returns } of methods) {
      const called = `${name}.${method}`;
      const given = this.arguments(called, parameters, care, 1);
      for (const input of this.inputsOf(called).flat()) this.inputs.add(input);
      const then = returns?.kind === "named" && returns.name !== name ? returns.name : undefined;
      const before = care.odd === 0 ? (PREPARATIONS[called] ?? []) : [];
      const call = fc
        .record({ arguments: given, then: this.methodCalls(then, care) })
        .map((one): MethodCall[] => [...before, { method, named: called, ...one }]);
      // Of many that differ in what they give alone, one is as good as the other.
      const alike = JSON.stringify(parameters);
      calls.set(alike, [...(calls.get(alike) ?? []), call]);
    }
    const some = fc.oneof(...[...calls.values()].map((alike) => fc.oneof(...alike)));
    return fc.array(some, { maxLength: MOST_CALLS }).map((each) => each.flat());
  }

  private propertiesOf(type: DeclaredType): readonly Declared[] {
    return (type.kind === "named" ? this.api.structs.get(type.name)?.properties : undefined) ?? [];
  }

  private methodsOf(name: string): readonly Callable[] {
    return this.api.behaviours.get(name)?.methods ?? [];
  }

  /** The struct by which the table names the inputs of one that serves as a base of others. */
  private namedInTable(struct: string): string {
    return [...this.api.structs].find(([, { ancestors }]) => ancestors.includes(struct))?.[0] ?? struct;
  }

  private call(call: string, parameters: readonly Declared[], care: Care, depth: number): fc.Arbitrary<Described> {
    return this.arguments(call, parameters, care, depth).map((given) => ({ call, arguments: given }));
  }

  private arguments(
    call: string,
    parameters: readonly Declared[],
    care: Care,
    depth: number,
  ): fc.Arbitrary<Described[]> {
    const each = parameters.map((parameter): fc.Arbitrary<Described[]> => {
      if (parameter.name === "scope") return fc.constant([{ place: "scope" }]);
      const isNested = depth > 0;
      if (parameter.name === "id" && isNested) return fc.constant([{ place: "id" }]);
      // The framework of constructs refuses ids in words of its own.
      const own = parameter.name === "id" ? CAREFUL : care;
      const value = this.input(`${call}(${parameter.name})`, parameter, own, depth);
      if (parameter.variadic) return fc.array(value, { minLength: care.odd > 0 ? 0 : 1, maxLength: MOST_ENTRIES });
      const given = value.map((one) => [one]);
      return parameter.optional ? fc.oneof(fc.constant<Described[]>([{ plain: undefined }]), given) : given;
    });
    return fc.tuple(...each).map((lists) => lists.flat());
  }

  /** A value of an input, spoilt as often as care allows. */
  private input(input: string, declared: Declared, care: Care, depth: number): fc.Arbitrary<Described> {
    this.inputs.add(input);
    const plain = this.plain(input, declared);
    if (isPlain(declared.type) && plain === undefined) this.withoutValues.add(input);
    const good = input === "FlinkClusterProps.nodeCount" ? FEW_NODES : plain?.good;
    const fitting = good ? good.map((value): Described => ({ plain: value })) : this.typed(declared.type, care, depth);
    if (care.near + care.odd === 0) return fitting;
    const near = plain ? plain.near.map((value): Described => ({ plain: value })) : fitting;
    return fc.oneof(
      { weight: 100 - care.near - care.odd, arbitrary: fitting },
      { weight: care.near, arbitrary: near },
      { weight: care.odd, arbitrary: depth > DEPTH ? oddValue : fc.oneof(oddValue, this.other()) },
    );
  }

  private plain(input: string, { type, variadic }: Declared): PlainValues | undefined {
    if (!this.plains.has(input)) this.plains.set(input, isPlain(type) ? plainValues(input, type, variadic) : undefined);
    return this.plains.get(input);
  }

  private typed(type: DeclaredType, care: Care, depth: number): fc.Arbitrary<Described> {
    if (type.kind === "list" || type.kind === "map") {
      const minLength = care.odd === 0 ? 1 : 0;
      const list = fc.array(this.typed(type.of, care, depth + 1), { minLength, maxLength: MOST_ENTRIES });
      return list.map((list): Described => ({ list }));
    }
    // Where the table has no value of a type, any is as good: that there is none is told.
    if (type.kind !== "named") return odd.map((plain) => ({ plain }));
    if (this.api.enumerations.has(type.name)) return this.member(type.name);
    const struct = this.api.structs.get(type.name);
    if (struct) {
      const name = this.namedInTable(type.name);
      return this.once(type.name, care, depth, () => this.struct(name, struct.properties, care, depth));
    }
    return this.made(type.name, care, depth);
  }

  private member(owner: string): fc.Arbitrary<Described> {
    const names = Object.keys((library as unknown as Record<string, object>)[owner]);
    return fc.constantFrom(...names).map((name) => ({ member: `${owner}.${name}` }));
  }

  private struct(struct: string, properties: readonly Declared[], care: Care, depth: number): fc.Arbitrary<Described> {
    const required = properties.filter(({ name, optional }) => !optional || USUAL.includes(`${struct}.${name}`));
    const said = depth < DEPTH ? properties : required;
    const entries = Object.fromEntries(
      said.map((property) => {
        const input = `${struct}.${property.name}`;
        const value = this.input(input, property, care, depth + 1);
        const isGiven = !property.optional || (care.odd === 0 && USUAL.includes(input));
        return [property.name, isGiven ? value : perhaps(value, said.length - required.length)] as const;
      }),
    );
    return fc.tuple(fc.record(entries), this.alternatives(struct, properties, care, depth)).chain(([all, one]) => {
      const given = Object.entries({ ...all, ...one }).filter((entry) => entry[1] !== undefined) as [
        string,
        Described,
      ][];
      const whole = fc.constant<Described>({ struct, entries: Object.fromEntries(given) });
      if (care.odd === 0) return whole;
      const slipped = fc
        .tuple(fc.constantFrom(...properties.map(({ name }) => name), "__proto__", "x"), odd)
        .map(([name, value]): Described => {
          const entry = [`${name.slice(0, -1)}${name.at(-1)!.toUpperCase()}`, { plain: value }] as const;
          return { struct, entries: Object.fromEntries([...given, entry]) };
        });
      const without = fc.nat(Math.max(0, given.length - 1)).map((at): Described => ({
        struct,
        entries: Object.fromEntries(given.filter((_entry, index) => index !== at)),
      }));
      return fc.oneof(
        { weight: 94, arbitrary: whole },
        { weight: 3, arbitrary: slipped },
        { weight: 3, arbitrary: without },
      );
    });
  }

  /** Of properties that stand for each other, just one: with the careless, any of them. */
  private alternatives(
    struct: string,
    properties: readonly Declared[],
    care: Care,
    depth: number,
  ): fc.Arbitrary<Readonly<Record<string, Described | undefined>>> {
    const sets = ALTERNATIVES.map((names) => properties.filter(({ name }) => names.includes(name)));
    const complete = sets.filter((set, index) => set.length === ALTERNATIVES[index].length);
    const chosen = complete.map((set) => {
      const one = (kept: Declared) =>
        this.input(`${struct}.${kept.name}`, kept, care, depth + 1).map((value) =>
          Object.fromEntries(set.map((each) => [each.name, each === kept ? value : undefined])),
        );
      const just = fc.oneof(...set.map(one));
      return care.odd === 0 ? just : fc.oneof({ weight: 4, arbitrary: just }, fc.constant({}));
    });
    return fc.tuple(...chosen).map((each) => Object.assign({}, ...each) as Record<string, Described | undefined>);
  }

  private made(type: string, care: Care, depth: number): fc.Arbitrary<Described> {
    return this.once(type, care, depth, () => this.waysToMake(type, care, depth));
  }

  /** What is asked for twice is the same. */
  private once(type: string, care: Care, depth: number, make: () => fc.Arbitrary<Described>): fc.Arbitrary<Described> {
    const key = [type, care.near, care.odd, Math.min(depth, DEPTH + 1)].join(" ");
    const known = this.known.get(key) ?? make();
    this.known.set(key, known);
    return known;
  }

  /** Everything that gives a value of a type: constants, constructors, factories, and methods of what others give. */
  private waysToMake(type: string, care: Care, depth: number): fc.Arbitrary<Described> {
    const kinds = [...this.api.behaviours].filter(([name, { ancestors }]) => name === type || ancestors.includes(type));
    const isOfType = (returned?: DeclaredType) =>
      returned?.kind === "named" && kinds.some(([name]) => name === returned.name);
    const ways: fc.Arbitrary<Described>[] = [];
    for (const [name, { construction, factories, methods }] of this.api.behaviours) {
      const constants = constantsOf(
        name,
        kinds.map(([kind]) => kind),
      );
      if (constants.length > 0) ways.push(fc.constantFrom(...constants).map((member) => ({ member })));
      if (construction && isOfType(named(name))) ways.push(this.call(`new ${name}`, construction, care, depth + 1));
      for (const factory of factories.filter(({ returns }) => isOfType(returns))) {
        ways.push(this.call(`${name}.${factory.name}`, factory.parameters, care, depth + 1));
      }
      if (isOfType(named(name))) continue;
      for (const { name: method, parameters } of methods.filter((each) => isOfType(each.returns))) {
        const called = `${name}.${method}`;
        const of = this.made(name, care, depth + 1);
        const given = this.arguments(called, parameters, care, depth + 1);
        ways.push(fc.record({ of, given }).map(({ of, given }) => ({ of, method, named: called, arguments: given })));
      }
    }
    if (ways.length === 0) throw new Error(`nothing of the public API makes a ${type}`);
    const made = fc.oneof(...ways);
    if (!SHARED.includes(type)) return made;
    return fc.oneof({ weight: 4, arbitrary: made.map((made): Described => ({ shared: type, made })) }, made);
  }

  /** Something of the library that is something else. */
  private other(): fc.Arbitrary<Described> {
    return fc.oneof(...OTHERS.map((name) => this.made(name, CAREFUL, DEPTH + 1)));
  }
}

const oddValue = odd.map((plain): Described => ({ plain }));

function isPlain(type: DeclaredType): boolean {
  if (type.kind === "named") return AMOUNTS.includes(type.name);
  if (type.kind === "list") return type.of.kind === "string";
  // What a map's keys may be is its own to say.
  return true;
}

/** Programs say a few of many things. */
function perhaps<T>(value: fc.Arbitrary<T>, among: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: Math.ceil(among / 5), arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

function named(name: string): DeclaredType {
  return { kind: "named", name };
}

/** Values of such a kind that a class offers, such as `InstanceType.M7I_LARGE`. */
function constantsOf(owner: string, kinds: readonly string[]): string[] {
  const all = library as unknown as Record<string, Record<string, unknown> | undefined>;
  const classes = kinds.map((kind) => all[kind]).filter((kind) => typeof kind === "function");
  return Object.entries(all[owner] ?? {})
    .filter(([, value]) => classes.some((kind) => value instanceof (kind as unknown as new () => unknown)))
    .map(([name]) => `${owner}.${name}`);
}
