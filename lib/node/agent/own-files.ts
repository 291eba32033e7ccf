import * as fs from "fs/promises";
import { IDENTITY_FILE, STATE } from "../paths";

/**
 * Closes what is the agent's alone to all but root. User data and bootstrap, which are frozen, make them readable
 * for everybody; they hold no secret, but who looks from inside of a job learns the bucket's layout from them.
 */
export async function closeOwnFiles(stateFolder: string = STATE, identityFile: string = IDENTITY_FILE): Promise<void> {
  await fs.chmod(stateFolder, 0o700);
  await fs.chmod(identityFile, 0o600);
}
