import * as fs from "fs/promises";
import * as path from "path";
import { LOG_COLLECTOR_TOKEN_FILE, LOG_SECRETS, LOG_STATUS, LOGS_RUNTIME } from "../../paths";
import { LOGS_USER } from "../../users";
import { Accounts } from "../accounts";
import { ensureFolder } from "../files";
import type { ShippingOwners } from "../shipping/shipping-owners";
import { ensureToken } from "../token";

export async function shippingOwners(): Promise<ShippingOwners> {
  const accounts = await Accounts.read();
  return { readable: accounts.owner("root", LOGS_USER), own: accounts.owner(LOGS_USER, LOGS_USER) };
}

/** The folders in memory, and what the collector shows to the exporter. What is right already is not touched. */
export async function ensureShippingMemory({ readable, own }: ShippingOwners, root = "/"): Promise<void> {
  for (const folder of [LOGS_RUNTIME, LOG_SECRETS]) await ensureFolder(path.join(root, folder), 0o750, readable);
  await ensureFolder(path.join(root, LOG_STATUS), 0o700, own);
  await ensureToken(path.join(root, LOG_COLLECTOR_TOKEN_FILE), readable, "Bearer ");
}

/** Where nothing is shipped any more, nothing of it is left; to be called when none of the shippers runs. */
export async function removeShippingMemory(root = "/"): Promise<void> {
  await fs.rm(path.join(root, LOGS_RUNTIME), { recursive: true, force: true });
}
