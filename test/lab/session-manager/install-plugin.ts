import { mkdirSync, writeFileSync } from "fs";
import { join } from "path";
import { bundle } from "../bundle";

/** Lays the stand-in for `session-manager-plugin` down, which is found where the folder that it gives is on the PATH. */
export async function installLabPlugin(folder: string, agents: string): Promise<string> {
  const bin = join(folder, "session-manager");
  mkdirSync(bin, { recursive: true });
  const program = join(bin, "plugin.js");
  await bundle(join(__dirname, "plugin.ts"), program);
  const quoted = [process.execPath, program, agents].map((word) => `'${word}'`).join(" ");
  writeFileSync(join(bin, "session-manager-plugin"), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  return bin;
}
