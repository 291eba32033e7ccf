import { requireText } from "../core/validation";

/** IAM User Guide, "IAM and AWS STS quotas". */
const ROLE_NAME = /^[A-Za-z0-9+=,.@_-]{1,64}$/;

/** Refuses what cannot be the name of a role. */
export function requireRoleName(property: string, name: unknown): void {
  requireText(property, name, ROLE_NAME, "the name of an IAM role: 1 to 64 letters, digits and +=,.@_-");
}
