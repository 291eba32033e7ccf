import { isTextToken, isToken } from "../core/terraform/text";
import { refuse } from "../core/validation";

/** A name, because certificates carry names. */
const HOST =
  /^(?=.{1,253}$)(?!\d+(?:\.\d+){3}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
/** A scheme, who logs in, the host with or without a full stop at its end, a port, and what comes after it. */
const ADDRESS = /^\s*(?:[a-z][\w+.:-]*:\/\/)?(?:[^@/\s]*@)?([A-Za-z0-9.-]+?)\.?(?::(\d{1,5}))?(?:[/?#]\S*)?\s*$/i;
/** What Terraform looks at where a program does not know. */
export const HOST_FOR_TERRAFORM = "^[A-Za-z0-9.-]+$";

/** Refuses all but the name of a host, or one that only Terraform knows. */
export function requireHost(property: string, host: unknown, example: string): asserts host is string {
  if (isTextToken(host) || (typeof host === "string" && HOST.test(host))) return;
  const meant = typeof host === "string" ? hostIn(host) : undefined;
  refuse({
    property,
    value: host,
    allowed: `the name of a host, as certificates carry names, such as ${example}`,
    remedy: meant === undefined ? `set ${property} to such a text` : inWords(property, meant),
  });
}

/** Where a text leads to that holds more than the name of a host. */
export interface HostAndPort {
  readonly host: string;
  readonly port?: number;
}

/** What is meant by the address of a host, such as `https://search.example.internal:9200/`; nothing where it names none. */
export function hostIn(address: string): HostAndPort | undefined {
  const [, host, port] = ADDRESS.exec(address) ?? [];
  if (host === undefined || !HOST.test(host)) return undefined;
  return { host, port: port === undefined ? undefined : Number(port) };
}

function inWords(property: string, { host, port }: HostAndPort): string {
  return `set ${property} to "${host}"${port === undefined ? "" : ` and port to ${port}`}`;
}

/** The name by which two hosts are one, and by which DNS knows it. */
export function comparableHost(host: string): string {
  return isToken(host) ? host : host.toLowerCase();
}

/**
 * Refuses a host of another region than the one that the program says, where a security group is to let nodes in: groups
 * know each other within a region alone. Nothing where one of the regions is not known.
 */
export function requireRegionOfHost(
  property: string,
  host: string,
  ofHost: string | undefined,
  region: string | undefined,
): void {
  if (ofHost === undefined || region === undefined || ofHost === region) return;
  refuse({
    property,
    value: host,
    allowed: `a host of ${region}, the region of this stack's AWS provider`,
    remedy: "give egress in place of securityGroupId, such as Egress.peered, or deploy beside it",
  });
}
