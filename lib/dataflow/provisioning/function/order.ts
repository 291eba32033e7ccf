import { createHash } from "node:crypto";
import { ProvisioningProblem } from "./problem";

/** Where the function's configuration says what its deploy ordered: SHA-256 of the text that it is called with, in hexadecimal digits. */
export const ORDER_VARIABLE = "ORDER_SHA256";

/**
 * Refuses what the deploy did not order. The function may do more in a system than those who may call it: what it does is
 * up to whoever may change it, and to nobody else.
 */
export function requireOrdered(request: object, environment: NodeJS.ProcessEnv = process.env): void {
  // Lambda hands over the text that was read as JSON; the deploy wrote it by the same function, which writes it the same way.
  requireOrderedText(JSON.stringify(request), environment);
}

/** The same of an order that is handed over as text. */
export function requireOrderedText(text: string, environment: NodeJS.ProcessEnv = process.env): void {
  const hash = createHash("sha256").update(text).digest("hex");
  if (hash === environment[ORDER_VARIABLE]) return;
  throw new ProvisioningProblem(
    "this is not what the deploy ordered: change the program that made this function, and apply it",
  );
}
