import { randomBytes } from "crypto";
import * as fs from "fs/promises";
import * as path from "path";
import { JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE, JOB_CREDENTIALS_TOKEN_FILE, RUNTIME } from "../paths";
import { TOKEN_VARIABLE } from "../served-credentials";
import { Owner, readIfThere, writeFileAtomically } from "./files";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Whether a token of this boot is there: then processes may run that show it. */
export async function hasToken(folder: string = RUNTIME): Promise<boolean> {
  return TOKEN.test(await readToken(folder));
}

/**
 * The token of this boot, in a file that a group may read and in one for systemd alone. It stays as it is when the
 * agent is started anew: processes that took it from their environment know no other.
 */
export async function ensureToken(readers: Owner, folder: string = RUNTIME): Promise<string> {
  const file = path.join(folder, path.basename(JOB_CREDENTIALS_TOKEN_FILE));
  const environmentFile = path.join(folder, path.basename(JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE));
  await fs.mkdir(folder, { recursive: true, mode: 0o755 });
  const found = await readToken(folder);
  const token = TOKEN.test(found) ? found : randomBytes(32).toString("base64url");
  // No line end: clients send what the file holds.
  await writeFileAtomically(file, token, 0o640, readers);
  await writeFileAtomically(environmentFile, `${TOKEN_VARIABLE}=${token}\n`, 0o600);
  return token;
}

async function readToken(folder: string): Promise<string> {
  return (await readIfThere(path.join(folder, path.basename(JOB_CREDENTIALS_TOKEN_FILE))))?.toString() ?? "";
}
