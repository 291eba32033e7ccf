import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutMissingModules } from "../../lib/local/module-flags";
import { FlinkVersion } from "../../lib";
import { moduleFlags } from "../../lib/settings/java-options";

const FLAGS = moduleFlags(FlinkVersion.V2_2);
let java: string;

beforeEach(() => void (java = mkdtempSync(join(tmpdir(), "java-"))));
afterEach(() => rmSync(java, { recursive: true, force: true }));

const madeOf = (modules: string): void =>
  writeFileSync(join(java, "release"), `JAVA_VERSION="17.0.18"\nMODULES="${modules}"\nOS_NAME="Linux"\n`);

test("a Java to run programs is not told of the compiler, and of all else that it has", () => {
  madeOf("java.base java.rmi java.security.jgss");
  const left = withoutMissingModules(FLAGS, java).split(" ");
  expect(FLAGS.split(" ").filter((flag) => !left.includes(flag))).toEqual(
    ["api", "file", "parser", "tree", "util"].map(
      (name) => `--add-exports=jdk.compiler/com.sun.tools.javac.${name}=ALL-UNNAMED`,
    ),
  );
});

test("other flags stay, and all of a Java that has a compiler or does not say what it has", () => {
  const flags = `-Dacme.mode=jdk.compiler/x ${FLAGS}`;
  expect(withoutMissingModules(flags, java)).toBe(flags);
  madeOf("java.base java.rmi java.security.jgss jdk.compiler");
  expect(withoutMissingModules(flags, java)).toBe(flags);
  madeOf("java.base");
  expect(withoutMissingModules(flags, java)).toMatch(/^-Dacme\.mode=jdk\.compiler\/x --add-opens=java\.base/);
});
