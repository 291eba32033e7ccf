import { execFileSync, spawnSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { sha256, temporaryFolder } from "./support/software";

const SCRIPT = path.resolve(__dirname, "../../scripts/bundle-log-exporter.mjs");
/** What every node fetches with a new release. */
const MOST_BYTES = 400 << 10;

describe("the bundle of the log exporter", () => {
  let folder: string;

  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function bundle(name: string): string {
    const file = path.join(folder, name, "log-exporter.js");
    const program = `import(process.argv[1]).then(({ bundleLogExporter }) => bundleLogExporter(process.argv[2]))`;
    execFileSync("node", ["-e", program, SCRIPT, file]);
    return file;
  }

  test("is the same whenever and wherever it is made, and knows no path of this machine", () => {
    const [one, other] = [bundle("one"), bundle("other")].map((file) => fs.readFileSync(file));
    expect(sha256(one)).toBe(sha256(other));
    expect(one.length).toBeLessThan(MOST_BYTES);
    expect(String(one)).not.toContain(path.resolve(__dirname, "../.."));
  });

  test("holds no search for another identity than the role of logs", () => {
    expect(fs.readFileSync(bundle("one"), "utf8")).not.toMatch(/AWS_WEB_IDENTITY_TOKEN_FILE|AWS_SECRET_ACCESS_KEY/);
  });

  test("starts only where it is told what to do", () => {
    const { status, stderr, stdout } = spawnSync("node", [bundle("one")], {
      encoding: "utf8",
      env: { PATH: process.env.PATH },
      timeout: 30_000,
    });
    expect(status).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/^log-exporter: .*no such file/);
  });
});
