import { requireKnown } from "../core/terraform/text";
import { refuse } from "../core/validation";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN_NAME = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);
/** Leaves room for `node-64.<cluster name of 32 characters>.` in the 253 that DNS allows. */
const MAX_LENGTH = 200;

/** Names that others answer for: AWS in every VPC, or the machine itself before it asks a server. */
const TAKEN = ["local", "localhost", "amazonaws.com", "amazonaws.com.cn", "compute.internal", "ec2.internal", "aws"];

/** Whether a text is a lower-case domain name of two labels or more. */
export function isDomainName(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_LENGTH && DOMAIN_NAME.test(value);
}

/** Whether a name is a domain, or within it. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** Whether others answer for a name. */
export function isTaken(name: string): boolean {
  return TAKEN.some((domain) => isWithin(name, domain));
}

/** Refuses a name that cannot be a private zone of its own. */
export function requireDomainName(property: string, value: unknown): void {
  requireKnown(property, value, "host names in configuration are made of it");
  if (!isDomainName(value) || isTaken(value)) {
    refuse({
      property,
      value,
      allowed: `a lower-case domain name of two labels or more and at most ${MAX_LENGTH} characters, not within ${TAKEN.join(", ")}`,
      remedy: 'use for example "flink.internal"',
    });
  }
}
