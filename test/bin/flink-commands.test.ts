import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "./run-command";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flink-commands-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command where nobody has credentials: each file that AWS's tools look into is not there. */
function sql(...args: readonly string[]) {
  const nowhere = path.join(folder, "nothing");
  const environment = {
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return runCommand(["sql", "--cluster", "orders", "--region", "eu-west-1", ...args], environment);
}

test.each(["--file", "--init"])(
  "of sql, a script of %s that cannot be read is told before all else",
  async (option) => {
    const missing = path.join(folder, "nope.sql");
    const told = (file: string, why: string) => ({
      ...{ code: 1, stdout: "" },
      stderr: `cdktf-flink: ${file} cannot be read (${why}): name in ${option} the file of the statements\n`,
    });
    expect(await sql(option, missing)).toEqual(told(missing, "ENOENT"));
    expect(await sql(option, folder)).toEqual(told(folder, "it is a folder"));
  },
);

test("of sql, a script that lies elsewhere is left to Flink", async () => {
  const { stderr } = await sql("--file", "https://example.com/jobs.sql");
  expect(stderr).toContain("credentials");
});
