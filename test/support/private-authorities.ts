import { AcmpcaCertificate } from "@cdktf/provider-aws/lib/acmpca-certificate";
import { AcmpcaCertificateAuthority } from "@cdktf/provider-aws/lib/acmpca-certificate-authority";
import { AcmpcaCertificateAuthorityCertificate } from "@cdktf/provider-aws/lib/acmpca-certificate-authority-certificate";
import { Construct } from "constructs";
import type { PrivateAuthorities } from "../../lib";

const ALGORITHM = "SHA256WITHRSA";

/** A user's own authorities in AWS Private CA, as AWS advises: two below a root, which themselves sign no authority. */
export function addPrivateAuthorities(scope: Construct): PrivateAuthorities {
  const root = addAuthority(scope, "root");
  return {
    nodeAuthorityArn: addAuthority(scope, "nodes", root).arn,
    clientAuthorityArn: addAuthority(scope, "clients", root).arn,
  };
}

/** An authority whose certificate is in place, as which alone it signs. */
export interface Authority {
  readonly arn: string;
  readonly certificate: string;
}

/** @param usageMode the service's word for what it makes; by default certificates of any length */
export function addAuthority(scope: Construct, name: string, parent?: Authority, usageMode?: string): Authority {
  const authority = newAuthority(scope, name, parent ? "SUBORDINATE" : "ROOT", usageMode);
  const { certificate } = new AcmpcaCertificate(scope, `${name}-certificate`, {
    certificateAuthorityArn: parent?.arn ?? authority.arn,
    certificateSigningRequest: authority.certificateSigningRequest,
    signingAlgorithm: ALGORITHM,
    templateArn: `arn:aws:acm-pca:::template/${parent ? "SubordinateCACertificate_PathLen0" : "RootCACertificate"}/V1`,
    validity: { type: "YEARS", value: parent ? "5" : "10" },
  });
  const installed = new AcmpcaCertificateAuthorityCertificate(scope, `${name}-installed`, {
    certificateAuthorityArn: authority.arn,
    certificate,
    certificateChain: parent?.certificate,
  });
  return { arn: installed.certificateAuthorityArn, certificate };
}

/** An authority that waits for its certificate. */
export function newAuthority(
  scope: Construct,
  name: string,
  type: "ROOT" | "SUBORDINATE",
  usageMode?: string,
): AcmpcaCertificateAuthority {
  return new AcmpcaCertificateAuthority(scope, name, {
    type,
    certificateAuthorityConfiguration: {
      keyAlgorithm: "RSA_2048",
      signingAlgorithm: ALGORITHM,
      subject: { organization: "Orders Ltd", commonName: name },
    },
    usageMode,
    permanentDeletionTimeInDays: 7,
  });
}
