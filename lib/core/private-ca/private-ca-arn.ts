/** ARN of a certificate authority of AWS Private CA; its groups are the partition and the region. */
export const PRIVATE_CA_ARN =
  /^arn:(aws[a-z-]*):acm-pca:([a-z0-9-]+):\d{12}:certificate-authority\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether an authority is one of AWS Private CA, and no key of KMS. */
export function isPrivateCa(arn: string): boolean {
  return arn.split(":")[2] === "acm-pca";
}

/** What a certificate is for, of which the authority makes what it says of its use. */
export type PrivateCaTemplate = "EndEntityCertificate" | "EndEntityClientAuthCertificate";

/** @see https://docs.aws.amazon.com/privateca/latest/userguide/template-definitions.html */
export function templateArn(partition: string, template: PrivateCaTemplate): string {
  return `arn:${partition}:acm-pca:::template/${template}/V1`;
}
