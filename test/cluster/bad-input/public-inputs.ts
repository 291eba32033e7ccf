import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const ROOT = path.resolve(__dirname, "..", "..", "..");
const INDEX = path.join(ROOT, "lib", "index.ts");

/** An interface of behaviour, such as `IFlinkCluster`: its properties are no inputs, its methods' parameters are. */
const isBehaviour = (name: string): boolean => /^I[A-Z]/.test(name);
/** Where a construct stands is checked by the framework of constructs. */
const FRAMEWORK = new Set(["scope"]);

/**
 * Everything that a user can hand to the library, read from its sources: each property of each struct, as
 * `FlinkClusterProps.nodeCount`, and each parameter of each public method and constructor, as `Peer.cidr(cidr)`.
 * Structs and interfaces that only serve others as a base are named as those others.
 */
export function publicInputs(): string[] {
  const program = ts.createProgram([INDEX], { noLib: true, types: [], module: ts.ModuleKind.CommonJS }, ownFilesOnly());
  const checker = program.getTypeChecker();
  const index = checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!;
  const exported = checker
    .getExportsOfModule(index)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  const interfaces = exported.flatMap((symbol) => symbol.declarations?.filter(ts.isInterfaceDeclaration) ?? []);
  const classes = exported.flatMap((symbol) => symbol.declarations?.filter(ts.isClassDeclaration) ?? []);
  const bases = new Set(interfaces.flatMap((each) => basesOf(checker, each)));

  const inputs: string[] = [];
  for (const each of interfaces.filter((one) => !bases.has(one))) {
    const type = checker.getTypeAtLocation(each);
    for (const member of checker.getPropertiesOfType(type)) {
      const [declaration] = member.declarations ?? [];
      if (declaration && ts.isMethodSignature(declaration)) inputs.push(...parameters(each.name.text, declaration));
      else if (!isBehaviour(each.name.text)) inputs.push(`${each.name.text}.${member.name}`);
    }
  }
  for (const each of classes) {
    const name = each.name!.text;
    for (const member of membersOf(checker, each)) inputs.push(...parameters(name, member));
  }
  return [...new Set(inputs)].sort();
}

function parameters(owner: string, method: ts.SignatureDeclaration): string[] {
  const call = ts.isConstructorDeclaration(method) ? `new ${owner}` : `${owner}.${method.name!.getText()}`;
  return method.parameters
    .map((parameter) => parameter.name.getText())
    .filter((name) => !FRAMEWORK.has(name))
    .map((name) => `${call}(${name})`);
}

/** Public methods and the public constructor of a class and of its bases. */
function membersOf(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): ts.SignatureDeclaration[] {
  const own = declaration.members.filter(
    (member): member is ts.MethodDeclaration | ts.ConstructorDeclaration =>
      (ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member)) &&
      !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) &&
      !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "internal"),
  );
  return [
    ...own,
    ...basesOf(checker, declaration).flatMap((base) => (ts.isClassDeclaration(base) ? membersOf(checker, base) : [])),
  ];
}

function basesOf(
  checker: ts.TypeChecker,
  declaration: ts.InterfaceDeclaration | ts.ClassDeclaration,
): (ts.InterfaceDeclaration | ts.ClassDeclaration)[] {
  const clauses = declaration.heritageClauses ?? [];
  return clauses
    .filter((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
    .flatMap((clause) => clause.types)
    .flatMap((type) => checker.getTypeAtLocation(type).symbol?.declarations ?? [])
    .filter((base) => ts.isInterfaceDeclaration(base) || ts.isClassDeclaration(base));
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
