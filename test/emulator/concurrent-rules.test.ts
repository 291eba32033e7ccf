import { join } from "node:path";
import { run } from "../support/process";
import { ensureEmulator } from "./python";

test("changes of a security group's rules that come at the same time all hold", async () => {
  const program = join(__dirname, "moto", "concurrent_rules.py");
  const { stdout } = await run([await ensureEmulator(), program], { env: { PYTHONDONTWRITEBYTECODE: "1" } });
  expect(JSON.parse(stdout)).toEqual({ lost: 0, cameBack: 0 });
});
