/**
 * Holds what a package exports to what jsii can give to every language, where jsii itself is lenient: no union
 * types, generics or overloads, and everything documented.
 *
 * Use it on the one file that re-exports the public API.
 */
const ts = require("typescript");

/** Where one exported thing breaks a rule. */
function problem(exported, node, text) {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return { exported, text, where: `${file.fileName}:${line + 1}` };
}

function hasModifier(node, kind) {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}

/** Whether users of another package can reach this member. */
function isPublicMember(member) {
  const hidden =
    hasModifier(member, ts.SyntaxKind.PrivateKeyword) ||
    (member.name && ts.isPrivateIdentifier(member.name)) ||
    isInternal(member);
  return !hidden && !ts.isClassStaticBlockDeclaration(member) && !ts.isSemicolonClassElement(member);
}

function isInternal(node) {
  return ts.getJSDocTags(node).some((tag) => tag.tagName.text === "internal");
}

function isDocumented(node) {
  return node.jsDoc?.some((doc) => doc.comment || doc.tags?.length) ?? false;
}

/** `x?: T` is how a struct says that x may be left out: its implied `undefined` is no union of ours. */
function isOnlyOptional(type) {
  const rest = type.types.filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword);
  return rest.length === 1;
}

/** Union types written anywhere in a type, such as in the element of an array. */
function* unionsIn(type) {
  if (!type) return;
  if (ts.isUnionTypeNode(type) && !isOnlyOptional(type)) yield type;
  else yield* type.getChildren().flatMap((child) => [...unionsIn(child)]);
}

/** Types that a declaration shows to its users: of itself, its parameters, its result. */
function shownTypes(member) {
  return [member.type, ...(member.parameters ?? []).map((parameter) => parameter.type)].filter(Boolean);
}

/** Whether a name in a type stands for a union: `type A = "x" | "y"` hides one. */
function* aliasesIn(checker, type) {
  if (ts.isTypeReferenceNode(type)) {
    let symbol = checker.getSymbolAtLocation(type.typeName);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    if (symbol && symbol.flags & ts.SymbolFlags.TypeAlias) yield type;
  }
  for (const child of type.getChildren()) yield* aliasesIn(checker, child);
}

function memberName(member) {
  return ts.isConstructorDeclaration(member) ? "constructor" : (member.name?.getText() ?? "a signature");
}

function* problemsOfMember(checker, exported, member, isOverride) {
  const name = `${exported}.${memberName(member)}`;
  if (member.typeParameters?.length) yield problem(name, member, "has type parameters");
  const isSelfExplaining = ts.isConstructorDeclaration(member) || isOverride;
  if (!isSelfExplaining && !isDocumented(member)) yield problem(name, member, "has no documentation");
  for (const type of shownTypes(member)) {
    for (const union of unionsIn(type)) yield problem(name, union, `shows the union type ${union.getText()}`);
    for (const alias of aliasesIn(checker, type)) yield problem(name, alias, `shows the type alias ${alias.getText()}`);
  }
}

/** Members of one name that are declared more than once without being the two halves of an accessor. */
function* overloads(exported, members) {
  const seen = new Map();
  for (const member of members) {
    if (ts.isAccessor(member)) continue;
    const key = `${hasModifier(member, ts.SyntaxKind.StaticKeyword)} ${memberName(member)}`;
    if (seen.has(key)) yield problem(`${exported}.${memberName(member)}`, member, "is overloaded");
    seen.set(key, member);
  }
}

/** Whether a base class or interface documents the member. */
function isInherited(checker, declaration, member) {
  if (!member.name || hasModifier(member, ts.SyntaxKind.StaticKeyword)) return false;
  const bases = (declaration.heritageClauses ?? []).flatMap((clause) => [...clause.types]);
  return bases.some((base) => checker.getTypeAtLocation(base).getProperty(member.name.getText()) !== undefined);
}

function* problemsOfDeclaration(checker, exported, declaration) {
  const isType =
    ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration) || ts.isEnumDeclaration(declaration);
  if (!isType) {
    yield problem(exported, declaration, "is neither class, interface nor enum");
    return;
  }
  if (isInternal(declaration)) return;
  if (!isDocumented(declaration)) yield problem(exported, declaration, "has no documentation");
  if (declaration.typeParameters?.length) yield problem(exported, declaration, "has type parameters");
  const members = declaration.members.filter(isPublicMember);
  yield* overloads(exported, members);
  for (const member of members) {
    yield* problemsOfMember(checker, exported, member, isInherited(checker, declaration, member));
  }
}

/** Every breach of the rules by what the file exports. */
function publicApiProblems(checker, sourceFile) {
  const module = checker.getSymbolAtLocation(sourceFile);
  if (!module) return [];
  const problems = [];
  for (const exportedSymbol of checker.getExportsOfModule(module)) {
    const symbol =
      exportedSymbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exportedSymbol) : exportedSymbol;
    for (const declaration of symbol.declarations ?? []) {
      problems.push(...problemsOfDeclaration(checker, exportedSymbol.name, declaration));
    }
  }
  return problems;
}

module.exports = {
  publicApiProblems,
  meta: {
    type: "problem",
    docs: { description: "no unions, generics, overloads or undocumented things in the public API" },
    messages: { breach: "{{exported}} {{text}} ({{where}})" },
    schema: [],
  },
  create(context) {
    return {
      Program(node) {
        const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
        const sourceFile = esTreeNodeToTSNodeMap.get(node);
        for (const data of publicApiProblems(program.getTypeChecker(), sourceFile)) {
          data.where = data.where.replace(`${context.cwd}/`, "");
          context.report({ node, messageId: "breach", data });
        }
      },
    };
  },
};
