import { ApiCall } from "../fabric/api-call";
import { DenyingLayer } from "./decision";
import { IssuedKey } from "./principals";
import { header } from "./question";

/** Why a good signature is of no use, and what AWS calls that. */
export interface CredentialProblem {
  readonly layer: DenyingLayer;
  readonly code: string;
  readonly why: string;
}

/** How far a caller's clock may be from AWS's (Amazon S3 API Reference, "Error responses": RequestTimeTooSkewed). */
const MOST_SKEW_MINUTES = 15;
const SCOPE = /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** Where services sign that have one name for all regions. */
const GLOBAL_REGION = "us-east-1";

/** What is wrong with when a call was signed, for where, or with a key that is over; asked once its signature holds. */
export function credentialProblem(call: ApiCall, key: IssuedKey, now: number): CredentialProblem | undefined {
  const ofS3 = (code: string) => (call.service === "s3" ? code : "SignatureDoesNotMatch");
  if (key.expires <= now) {
    const why = `${key.accessKeyId} expired at ${new Date(key.expires).toISOString()}`;
    return { layer: "caller", code: "ExpiredToken", why };
  }
  const date = DATE.exec(header(call, "x-amz-date") ?? "");
  const scope = SCOPE.exec(header(call, "authorization") ?? "");
  const malformed = (why: string): CredentialProblem => {
    return { layer: "signature", code: ofS3("AuthorizationHeaderMalformed"), why };
  };
  if (!date || !scope) return malformed("the signature has no date or no scope");
  const [year, month, day, hour, minute, second] = date.slice(1).map(Number);
  const minutes = (Date.UTC(year, month - 1, day, hour, minute, second) - now) / 60_000;
  if (Math.abs(minutes) > MOST_SKEW_MINUTES) {
    const why = `signed ${Math.abs(minutes).toFixed(0)} minutes ${minutes < 0 ? "ago" : "ahead"}`;
    return { layer: "signature", code: ofS3("RequestTimeTooSkewed"), why };
  }
  const [, signedDay, region, service] = scope;
  if (signedDay !== date[0].slice(0, 8)) return malformed(`the scope is of ${signedDay}, the call of ${date[0]}`);
  const host = servedBy(call.host);
  if (service === host.service && region === host.region) return undefined;
  return malformed(`signed for ${service} in ${region}, sent to ${host.service} in ${host.region}`);
}

/** `bucket.s3.eu-west-1.amazonaws.com` serves s3 of eu-west-1, `iam.amazonaws.com` iam of all regions. */
function servedBy(host: string): { readonly service: string; readonly region: string } {
  const labels = host.replace(/\.amazonaws\.com(\.cn)?$/, "").split(".");
  const own = labels.includes("s3")
    ? labels.slice(labels.lastIndexOf("s3")).filter((label) => label !== "dualstack")
    : labels.slice(-2);
  return { service: own[0], region: own[1] ?? GLOBAL_REGION };
}
