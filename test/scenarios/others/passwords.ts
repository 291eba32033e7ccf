import { randomBytes } from "crypto";

/** Everything that means something in one of the places on a password's way. */
export const HOSTILE = `"' \\ ;=#:!\${x}é `;

/** Letters and digits: it stands in configuration files of several kinds. */
export function newPassword(): string {
  return randomBytes(24).toString("hex");
}
