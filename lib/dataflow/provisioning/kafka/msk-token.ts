import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity } from "@smithy/types";
import { Sha256 } from "../../../core/aws-json-call";

/** For how long brokers take it to come in by: as long as Amazon MSK allows. */
const VALID_SECONDS = 900;
const CLIENT = "cdktf-flink";

/**
 * What Amazon MSK takes as a token of OAuth: the address of a call, signed by a role, in Base64. AWS's own package for it
 * would bring a second copy of what its clients share.
 *
 * @see https://github.com/aws/aws-msk-iam-sasl-signer-js
 */
export async function mskToken(region: string, credentials: AwsCredentialIdentity): Promise<string> {
  const hostname = `kafka.${region}.amazonaws.com`;
  const signer = new SignatureV4({ service: "kafka-cluster", region, credentials, sha256: Sha256 });
  const { query } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      ...{ hostname, path: "/", headers: { host: hostname } },
      query: { Action: "kafka-cluster:Connect" },
    },
    { expiresIn: VALID_SECONDS },
  );
  // The client's name comes after what is signed.
  const parameters = Object.entries({ ...query, "User-Agent": CLIENT });
  const address = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return Buffer.from(`https://${hostname}/?${address.join("&")}`).toString("base64url");
}
