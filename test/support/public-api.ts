import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const ROOT = path.resolve(__dirname, "..", "..");
const INDEX = path.join(ROOT, "lib", "index.ts");

/** What a value is declared as. A name is one of the public API, or of the framework of constructs. */
export type DeclaredType =
  | { readonly kind: "string" | "number" | "boolean" }
  | { readonly kind: "list" | "map"; readonly of: DeclaredType }
  | { readonly kind: "named"; readonly name: string };

/** A property of a struct or a parameter. */
export interface Declared {
  readonly name: string;
  readonly type: DeclaredType;
  readonly optional: boolean;
  readonly variadic: boolean;
}

export interface Callable {
  readonly name: string;
  readonly parameters: readonly Declared[];
  /** Undefined where nothing is returned. */
  readonly returns?: DeclaredType;
}

/** An interface of which callers give the values, such as `FlinkClusterProps`. */
export interface Struct {
  /** Everything that it extends, nearest first. */
  readonly ancestors: readonly string[];
  readonly properties: readonly Declared[];
}

/** A class or an interface of behaviour, such as `FlinkCluster` and `IFlinkCluster`. */
export interface Behaviour {
  /** Everything that it is besides itself, nearest first. */
  readonly ancestors: readonly string[];
  /** What `new` takes; undefined where it is not public. */
  readonly construction?: readonly Declared[];
  readonly methods: readonly Callable[];
  readonly factories: readonly Callable[];
}

/** What a user of the library can write, by names. */
export interface PublicApi {
  readonly structs: ReadonlyMap<string, Struct>;
  readonly behaviours: ReadonlyMap<string, Behaviour>;
  readonly enumerations: ReadonlySet<string>;
}

/** Reads the public API from the sources of the library, so that what is new in them is in it at once. */
export function readPublicApi(): PublicApi {
  const program = ts.createProgram([INDEX], { noLib: true, types: [], module: ts.ModuleKind.CommonJS }, ownFilesOnly());
  const reader = new Reader(program.getTypeChecker());
  const index = reader.checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!;
  const structs = new Map<string, Struct>();
  const behaviours = new Map<string, Behaviour>();
  const enumerations = new Set<string>();
  for (const symbol of reader.checker.getExportsOfModule(index)) {
    const declaration = reader
      .original(symbol)
      .declarations?.find(
        (each) => ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each) || ts.isEnumDeclaration(each),
      );
    if (!declaration) continue;
    if (ts.isEnumDeclaration(declaration)) enumerations.add(symbol.name);
    else if (ts.isClassDeclaration(declaration) || isBehaviour(symbol.name)) {
      behaviours.set(symbol.name, reader.behaviour(declaration));
    } else {
      const ancestors = reader.ancestors(declaration);
      structs.set(symbol.name, { ancestors, properties: reader.properties(declaration) });
    }
  }
  return { structs, behaviours, enumerations };
}

/** Interfaces of behaviour begin with an I, those of values do not: eslint-rules/public-api.cjs holds it. */
const isBehaviour = (name: string): boolean => /^I[A-Z]/.test(name);

type Declaration = ts.InterfaceDeclaration | ts.ClassDeclaration;

class Reader {
  public constructor(public readonly checker: ts.TypeChecker) {}

  public original(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  public properties(declaration: Declaration): Declared[] {
    const members = this.checker.getPropertiesOfType(this.checker.getTypeAtLocation(declaration));
    return members
      .map((member) => member.declarations?.find(ts.isPropertySignature))
      .filter((member) => member !== undefined)
      .map((member) => ({
        name: member.name.getText(),
        type: this.type(member.type!),
        optional: member.questionToken !== undefined,
        variadic: false,
      }));
  }

  public behaviour(declaration: Declaration): Behaviour {
    const own = declaration.members.filter(isPublic);
    const methods = this.lineage(declaration).flatMap(({ members }) =>
      [...members].filter(isPublic).filter((each) => ts.isMethodDeclaration(each) || ts.isMethodSignature(each)),
    );
    return {
      ancestors: this.ancestors(declaration),
      construction: this.construction(declaration),
      methods: unique(methods.filter((each) => !isStatic(each)).map((each) => this.callable(each))),
      factories: own
        .filter(ts.isMethodDeclaration)
        .filter(isStatic)
        .map((each) => this.callable(each)),
    };
  }

  /** What the nearest constructor takes: nothing where there is none, and undefined where nobody may call it. */
  private construction(declaration: Declaration): Declared[] | undefined {
    const isAbstract = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract) !== 0;
    if (ts.isInterfaceDeclaration(declaration) || isAbstract) return undefined;
    const all = this.lineage(declaration).flatMap(({ members }) => [...members].filter(ts.isConstructorDeclaration));
    if (all.length === 0) return [];
    return isPublic(all[0]) ? this.parameters(all[0]) : undefined;
  }

  public ancestors(declaration: Declaration): string[] {
    return this.lineage(declaration)
      .slice(1)
      .map((each) => each.name!.text);
  }

  /** The declaration and everything that it extends or implements, nearest first. */
  private lineage(declaration: Declaration): Declaration[] {
    const parents = (declaration.heritageClauses ?? [])
      .flatMap((clause) => [...clause.types])
      .flatMap((type) => this.checker.getTypeAtLocation(type).symbol?.declarations ?? [])
      .filter((each): each is Declaration => ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each));
    return [...new Set([declaration, ...parents.flatMap((each) => this.lineage(each))])];
  }

  private callable(method: ts.MethodDeclaration | ts.MethodSignature): Callable {
    const returned = method.type;
    const isNothing = returned === undefined || returned.kind === ts.SyntaxKind.VoidKeyword;
    return {
      name: method.name.getText(),
      parameters: this.parameters(method),
      returns: isNothing ? undefined : this.type(returned),
    };
  }

  private parameters(method: { readonly parameters: readonly ts.ParameterDeclaration[] }): Declared[] {
    return method.parameters.map((parameter) => {
      const variadic = parameter.dotDotDotToken !== undefined;
      const type = this.type(parameter.type!);
      return {
        name: parameter.name.getText(),
        type: variadic && type.kind === "list" ? type.of : type,
        optional: parameter.questionToken !== undefined || parameter.initializer !== undefined,
        variadic,
      };
    });
  }

  private type(node: ts.TypeNode): DeclaredType {
    if (node.kind === ts.SyntaxKind.StringKeyword) return { kind: "string" };
    if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "boolean" };
    if (ts.isTypeOperatorNode(node)) return this.type(node.type);
    if (ts.isArrayTypeNode(node)) return { kind: "list", of: this.type(node.elementType) };
    if (ts.isTypeLiteralNode(node) && ts.isIndexSignatureDeclaration(node.members[0])) {
      return { kind: "map", of: this.type(node.members[0].type) };
    }
    return { kind: "named", name: node.getText() };
  }
}

function isPublic(member: ts.Node): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isOurs = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "internal");
  return !isOurs && (ts.getCombinedModifierFlags(member as ts.Declaration) & hidden) === 0;
}

function isStatic(member: ts.Node): boolean {
  return (ts.getCombinedModifierFlags(member as ts.Declaration) & ts.ModifierFlags.Static) !== 0;
}

function unique(callables: readonly Callable[]): Callable[] {
  return [...new Map([...callables].reverse().map((each) => [each.name, each])).values()].reverse();
}

/** Only our own sources are read: what they import from elsewhere has no input of ours. */
function ownFilesOnly(): ts.CompilerHost {
  const host = ts.createCompilerHost({});
  return {
    ...host,
    getSourceFile: (file, version) =>
      existing(file) === undefined ? undefined : ts.createSourceFile(file, existing(file)!, version, true),
    resolveModuleNameLiterals: (literals, containing) =>
      literals.map(({ text }) => {
        const file = path.resolve(path.dirname(containing), `${text}.ts`);
        return text.startsWith(".") && existing(file) !== undefined
          ? { resolvedModule: { resolvedFileName: file, extension: ts.Extension.Ts } }
          : { resolvedModule: undefined };
      }),
  };
}

const sources = new Map<string, string | undefined>();

function existing(file: string): string | undefined {
  if (!sources.has(file)) {
    try {
      sources.set(file, readFileSync(file, "utf8"));
    } catch {
      sources.set(file, undefined);
    }
  }
  return sources.get(file);
}
