import { randomBytes } from "crypto";
import * as fs from "fs/promises";
import * as path from "path";
import { Owner, readIfThere, writeFileAtomically } from "./files";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Whether a token of this boot is there: then processes may run that show it. */
export async function hasToken(file: string): Promise<boolean> {
  return (await tokenIn(file, "")) !== undefined;
}

/**
 * The token of this boot, in a file that a group may read. It stays as it is when the agent is started anew: processes
 * that read it as they started know no other.
 *
 * @param scheme what stands before it, such as `Bearer ` where the file holds the value of a header
 */
export async function ensureToken(file: string, readers: Owner, scheme = ""): Promise<string> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o755 });
  const token = (await tokenIn(file, scheme)) ?? randomBytes(32).toString("base64url");
  // No line end: clients send what the file holds.
  await writeFileAtomically(file, `${scheme}${token}`, 0o640, readers);
  return token;
}

async function tokenIn(file: string, scheme: string): Promise<string | undefined> {
  const found = (await readIfThere(file))?.toString() ?? "";
  const token = found.startsWith(scheme) ? found.slice(scheme.length) : "";
  return TOKEN.test(token) ? token : undefined;
}
