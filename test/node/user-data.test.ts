import { execFileSync } from "child_process";
import { readFileSync } from "fs";
import { join } from "path";
import { renderUserData } from "../../lib/node/user-data";

const identity = {
  cluster: "orders",
  node: "orders-node-1",
  bucket: "the-bucket",
  softwareBucket: "the-bucket",
  region: "eu-west-1",
  dnsSuffix: "amazonaws.com",
  dataVolumeId: "vol-0123456789abcdef0",
};

/** What Python takes the script's constants for, without running what follows them. */
function constants(script: string): Record<string, string> {
  const program = `
import ast, json, sys
tree = ast.parse(sys.stdin.read())
print(json.dumps({node.targets[0].id: node.value.value for node in tree.body if isinstance(node, ast.Assign)}))`;
  return JSON.parse(execFileSync("python3", ["-c", program], { input: script, encoding: "utf8" })) as Record<
    string,
    string
  >;
}

/** A program as Python takes it, without what it says of itself. */
function programOf(source: string): string {
  const program = `
import ast, sys
tree = ast.parse(sys.stdin.read())
for node in ast.walk(tree):
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
        del node.body[0]
print(ast.dump(tree))`;
  return execFileSync("python3", ["-c", program], { input: source, encoding: "utf8" });
}

describe("user data", () => {
  test("is a Python script that holds the identity, the bootstrap and its unit", () => {
    const script = renderUserData(identity);
    expect(script.startsWith("#!/usr/bin/python3\n")).toBe(true);
    const found = constants(script);
    expect(JSON.parse(found.IDENTITY)).toEqual(identity);
    expect(found.BOOTSTRAP).toContain("Bootstrap().run()");
    expect(found.UNIT).toContain("ExecStart=/usr/bin/python3 -I /opt/cdktf-flink/bootstrap.py");
  });

  test("holds all of the bootstrap but what it says of itself", () => {
    const source = readFileSync(join(__dirname, "../../lib/node/bootstrap/bootstrap.py"), "utf8");
    const { BOOTSTRAP } = constants(renderUserData(identity));
    expect(BOOTSTRAP).not.toContain('"""');
    expect(programOf(BOOTSTRAP)).toBe(programOf(source));
  });

  test("is small, and Terraform finds nothing in it to evaluate", () => {
    const script = renderUserData(identity);
    expect(Buffer.byteLength(script)).toBeLessThan(12 * 1024);
    expect(script).not.toMatch(/[$%]\{/);
  });

  test("keeps tokens as they are, for Terraform to fill in", () => {
    const token = "${TfToken[TOKEN.12]}";
    const script = renderUserData({ ...identity, dataVolumeId: token, bucket: token });
    const filled = constants(script.replaceAll(token, "vol-1"));
    expect(JSON.parse(filled.IDENTITY)).toEqual({ ...identity, dataVolumeId: "vol-1", bucket: "vol-1" });
  });

  // A change here changes the user data of every machine that ever was: it must be wanted.
  test("is frozen", () => {
    expect(renderUserData(identity)).toMatchSnapshot();
  });

  test.each(["", " ", "a'''b", "a\nb", "ä", "${x}", "%{x}", "-a", 'a"b', "x".repeat(129)])("refuses %j", (value) => {
    expect(() => renderUserData({ ...identity, cluster: value })).toThrow(
      /^identity\.cluster is .*, but must be 1 to 128/,
    );
  });
});
