import { isTextToken } from "../core/terraform/text";
import { refuse, requireText } from "../core/validation";

/** A name, because certificates carry names. */
const HOST =
  /^(?=.{1,253}$)(?!\d+(?:\.\d+){3}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
/** What Terraform looks at where a program does not know. */
export const HOST_FOR_TERRAFORM = "^[A-Za-z0-9.-]+$";

/** Refuses all but the name of a host, or one that only Terraform knows. */
export function requireHost(property: string, host: unknown, example: string): asserts host is string {
  if (isTextToken(host)) return;
  requireText(property, host, HOST, `the name of a host, as certificates carry names, such as ${example}`);
}

/** Refuses a host of another region than the one that the program says; nothing where one of them is not known. */
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
    remedy: `deploy beside it, or use one of ${region}`,
  });
}
