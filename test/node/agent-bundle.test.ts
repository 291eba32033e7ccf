import { execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { sha256, temporaryFolder } from "./support/software";

const SCRIPT = path.resolve(__dirname, "../../scripts/bundle-agent.mjs");

// Two bundles, on a machine that may be busy.
jest.setTimeout(60_000);

describe("the bundle of the agent", () => {
  let folder: string;

  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function bundle(name: string): string {
    const file = path.join(folder, name, "agent.js");
    const program = `import(process.argv[1]).then(({ bundleAgent }) => bundleAgent(process.argv[2]))`;
    execFileSync("node", ["-e", program, SCRIPT, file]);
    return file;
  }

  test("is the same whenever and wherever it is made, and knows no path of this machine", () => {
    const [one, other] = [bundle("one"), bundle("other")].map((file) => fs.readFileSync(file));
    expect(sha256(one)).toBe(sha256(other));
    expect(one.length).toBeLessThan(1 << 20);
    expect(String(one)).not.toContain(path.resolve(__dirname, "../.."));
  });

  test("starts only with the lock that the bootstrap holds", () => {
    const file = bundle("one");
    const run = () =>
      execFileSync("node", [file], { encoding: "utf8", stdio: "pipe", env: { PATH: process.env.PATH } });
    expect(run).toThrow(
      expect.objectContaining({
        status: 1,
        stdout: expect.stringContaining("by its bootstrap only") as string,
      }) as Error,
    );
  });
});
