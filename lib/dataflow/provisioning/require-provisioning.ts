import { refuse } from "../../core/validation";

/** What the deploy does in a system; refuses to tell of it before `method` asked for it, as an output would be without a value. */
export function requireProvisioning<T>(provisioning: T | undefined, method: string): T {
  if (provisioning !== undefined) return provisioning;
  refuse({
    property: "provisioningReport",
    value: undefined,
    allowed: "read where the deploy makes something in the system",
    remedy: `call ${method} first, or leave the output out`,
  });
}
