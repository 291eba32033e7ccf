import { PRIVATE_CA_ARN } from "../core/private-ca/private-ca-arn";
import { isTextToken, isToken } from "../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../core/validation";
import { requirePartitionOfRegion } from "./arn-partition";

/**
 * Two certificate authorities of AWS Private CA that exist already, active, with RSA keys, in the cluster's account and
 * region, and of no other cluster. Of an authority that the same program makes, give the ARN by
 * `certificateAuthorityArn` of what installs its certificate: before that it is not active. What they are trusted with is in docs/encryption.md.
 *
 * @see https://docs.aws.amazon.com/privateca/latest/userguide/PcaWelcome.html
 */
export interface PrivateAuthorities {
  /**
   * ARN of the one that signs for the cluster's nodes, and must be used for nothing else: whoever has a certificate of
   * it, or of an authority below it, passes for a node.
   */
  readonly nodeAuthorityArn: string;
  /**
   * ARN of the one that signs for this cluster's operators, and must be used for nobody else: whoever has a certificate
   * of it, or of an authority below it, may run code on the cluster. It must be neither the same nor below the other:
   * the nodes refuse that.
   */
  readonly clientAuthorityArn: string;
}

const OPTIONS: OptionNames<PrivateAuthorities> = { nodeAuthorityArn: true, clientAuthorityArn: true };
const EXAMPLE = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/01234567-89ab-cdef-0123-456789abcdef";

/** Refuses all but two authorities of the region that the program says; nothing of the region where it says none. */
export function requirePrivateAuthorities(
  property: string,
  authorities: unknown,
  region: string | undefined,
): asserts authorities is PrivateAuthorities {
  requireOptionsOf(property, authorities, OPTIONS);
  const { nodeAuthorityArn, clientAuthorityArn } = authorities;
  for (const [name, arn] of Object.entries({ nodeAuthorityArn, clientAuthorityArn })) {
    requirePrivateCaArn(`${property}.${name}`, arn);
    if (region === undefined || isToken(arn) || arn.split(":")[3] === region) continue;
    refuse({
      property: `${property}.${name}`,
      value: arn,
      allowed: `an authority of ${region}, the region of this stack's AWS provider`,
      remedy: `name one of ${region}`,
    });
  }
  if (nodeAuthorityArn !== clientAuthorityArn) return;
  refuse({
    property: `${property}.clientAuthorityArn`,
    value: clientAuthorityArn,
    allowed: "another authority than nodeAuthorityArn, as operators would pass for nodes",
    remedy: "name another one",
  });
}

/** Refuses all but the ARN of a certificate authority of AWS Private CA. */
export function requirePrivateCaArn(property: string, arn: unknown): void {
  if (isTextToken(arn)) return;
  requireText(
    property,
    arn,
    PRIVATE_CA_ARN,
    `the ARN of a certificate authority of AWS Private CA, such as ${EXAMPLE}`,
  );
  requirePartitionOfRegion(property, arn as string);
}
