import * as fs from "fs/promises";
import * as path from "path";
import { METRICS_LOGIN, METRICS_RUNTIME, METRICS_STATUS } from "../../paths";
import { METRICS_USER } from "../../users";
import { Accounts } from "../accounts";
import { ensureFolder } from "../files";
import type { ShippingOwners } from "../shipping/shipping-owners";

export async function metricsOwners(): Promise<ShippingOwners> {
  const accounts = await Accounts.read();
  return { readable: accounts.owner("root", METRICS_USER), own: accounts.owner(METRICS_USER, METRICS_USER) };
}

/** The folders in memory. What is right already is not touched. */
export async function ensureMetricsMemory({ readable, own }: ShippingOwners, root = "/"): Promise<void> {
  for (const folder of [METRICS_RUNTIME, METRICS_LOGIN]) await ensureFolder(path.join(root, folder), 0o750, readable);
  await ensureFolder(path.join(root, METRICS_STATUS), 0o700, own);
}

/** Where nothing is shipped any more, nothing of it is left; to be called when nothing ships. */
export async function removeMetricsMemory(root = "/"): Promise<void> {
  await fs.rm(path.join(root, METRICS_RUNTIME), { recursive: true, force: true });
}
