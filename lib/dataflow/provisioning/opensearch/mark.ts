import { createHash } from "node:crypto";
import { ProvisioningProblem } from "../function/problem";

/** Who made what lies in a domain: what does not say so is others', and is not touched. */
export const MANAGED_BY = "cdktf-flink";

/** What a description of ours begins with, where there is a place for no other mark. */
const BEGINNING = `${MANAGED_BY}: `;

/** A description of something that a deploy makes. */
export function ourDescription(words: string): string {
  return `${BEGINNING}${words}`;
}

export function isOurDescription(description: unknown): boolean {
  return typeof description === "string" && description.startsWith(BEGINNING);
}

/** What tells two orders apart, of what OpenSearch keeps in words of its own. */
export function orderMark(body: object): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 16);
}

/** Refuses what others made. */
export function requireOurs(what: string, isOurs: boolean): void {
  if (isOurs) return;
  throw new ProvisioningProblem(
    `${what} is there in OpenSearch, and was not made by a deploy: delete it there, or give yours another name`,
  );
}
