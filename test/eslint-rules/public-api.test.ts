import ts from "typescript";

/* eslint-disable-next-line @typescript-eslint/no-require-imports -- lint rules are plain JavaScript */
const { publicApiProblems } = require("../../eslint-rules/public-api.cjs") as {
  publicApiProblems: (checker: ts.TypeChecker, file: ts.SourceFile) => { exported: string; text: string }[];
};

/** What the rule says of a public API that is written in one file. */
function problemsOf(source: string): string[] {
  const options: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, strict: true, noLib: true };
  const host = ts.createCompilerHost(options);
  const files: Record<string, string> = {
    "index.ts": `export * from "./api";`,
    "api.ts": source,
  };
  host.getSourceFile = (name, languageVersion) =>
    files[name] === undefined ? undefined : ts.createSourceFile(name, files[name], languageVersion, true);
  host.fileExists = (name) => name in files;
  host.readFile = (name) => files[name];
  host.getCurrentDirectory = () => "";
  const program = ts.createProgram(["index.ts"], options, host);
  return publicApiProblems(program.getTypeChecker(), program.getSourceFile("index.ts")!).map(
    ({ exported, text }) => `${exported} ${text}`,
  );
}

test("a plain documented API passes", () => {
  const source = `
    /** A base. */
    export interface IThing {
      /** Its name. */
      readonly name: string;
    }
    /** Props. */
    export interface ThingProps {
      /** How many, 1 to 5. */
      readonly count?: number;
      /** Names. */
      readonly names?: string[];
    }
    /** Kinds. */
    export enum Kind {
      /** The one. */
      ONE = "one",
    }
    /** A thing. */
    export class Thing implements IThing {
      /** Makes one. */
      public static of(props: ThingProps): Thing { return new Thing(props); }
      public readonly name: string = "";
      private readonly secret: string | number = 1;
      /** @internal */
      public readonly _hidden: "a" | "b" = "a";
      private constructor(props: ThingProps) {}
      /** Kind of it, if any. */
      public kind(): Kind | undefined { return undefined; }
    }`;
  expect(problemsOf(source)).toEqual([]);
});

test.each([
  [
    "a union property",
    `/** P */ export interface P { /** x */ readonly x: "a" | "b" }`,
    'P.x shows the union type "a" | "b"',
  ],
  [
    "a union in an array",
    `/** P */ export interface P { /** x */ readonly x: (string | number)[] }`,
    "P.x shows the union type string | number",
  ],
  [
    "a union parameter",
    `/** C */ export class C { /** m */ public m(a: string | number): void {} }`,
    "C.m shows the union type string | number",
  ],
  [
    "a union result",
    `/** C */ export class C { /** m */ public m(): string | number { return 1; } }`,
    "C.m shows the union type string | number",
  ],
  [
    "a union behind a name",
    `type U = "a" | "b"; /** P */ export interface P { /** x */ readonly x: U }`,
    "P.x shows the type alias U",
  ],
  ["a generic class", `/** C */ export class C<T> { /** x */ public x?: string; }`, "C has type parameters"],
  ["a generic method", `/** C */ export class C { /** m */ public m<T>(): void {} }`, "C.m has type parameters"],
  [
    "an overload",
    `/** C */ export class C { /** m */ public m(): void; /** m */ public m(a?: string): void {} }`,
    "C.m is overloaded",
  ],
  ["a type alias", `/** A */ export type A = string;`, "A is neither class, interface nor enum"],
  ["a function", `/** f */ export function f(): void {}`, "f is neither class, interface nor enum"],
  ["a constant", `/** c */ export const c = 1;`, "c is neither class, interface nor enum"],
  ["an undocumented class", `export class C {}`, "C has no documentation"],
  ["an undocumented property", `/** P */ export interface P { readonly x: string }`, "P.x has no documentation"],
  ["an undocumented enum member", `/** E */ export enum E { A = "a" }`, "E.A has no documentation"],
])("%s is refused", (_, source, expected) => {
  // A comment documents what follows it only when it begins a line.
  expect(problemsOf(source.replaceAll("/**", "\n/**"))).toEqual([expected]);
});
