import { join } from "node:path";
import { ensurePythonEnvironment } from "../support/python-environment";

/** The Python interpreter that has the emulator's packages. */
export function ensureEmulator(): Promise<string> {
  const requirements = join(__dirname, "moto", "requirements.txt");
  return ensurePythonEnvironment({ name: "emulator", title: "the AWS emulator", requirements });
}
