import { S3Client } from "@aws-sdk/client-s3";
import { accessProblem, awsProblem } from "./access-problem";
import { Problem } from "./problem";

/** Of calls that take and give little: a connection that has died holds nobody up for ever. */
export const SMALL_CALLS = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true } as const;

/**
 * A client for the user's bucket: credentials and region from where the AWS tools take them. An
 * emulator is named by `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`.
 *
 * @param bounds of each call's time; default: none, as parts of software may take long
 */
export function s3Client(region?: string, bounds?: typeof SMALL_CALLS): S3Client {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  return new S3Client({
    ...(region ? { region } : {}),
    // An emulator has no name for each bucket.
    forcePathStyle: endpoint !== undefined && endpoint !== "",
    maxAttempts: 5,
    ...(bounds ? { requestHandler: bounds } : {}),
  });
}

/** Name of the error that S3 answered, such as `NoSuchKey`; undefined for any other failure. */
export function s3Error(failure: unknown): { readonly name: string; readonly status?: number } | undefined {
  const error = failure as { name?: string; $metadata?: { httpStatusCode?: number } };
  return error?.$metadata ? { name: error.name ?? "", status: error.$metadata.httpStatusCode } : undefined;
}

/** Whether S3 said that the object does not exist. */
export function isMissing(failure: unknown): boolean {
  const error = s3Error(failure);
  return error?.name === "NoSuchKey" || (error?.status === 404 && error.name !== "NoSuchBucket");
}

/** No answer from where the region's name leads. */
const UNREACHABLE = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"];

/** What to tell of a failed call, with the way out where there is one. */
export function s3Problem(bucket: string, doing: string, failure: unknown): Problem {
  if (failure instanceof Problem) return failure;
  const noAccess = accessProblem(failure);
  if (noAccess) return noAccess;
  const error = failure as Error;
  const { name, status } = s3Error(failure) ?? { name: error.name };
  const told = (text: string): Problem => new Problem(text, { cause: failure });
  if (name === "NoSuchBucket") {
    return told(`the bucket ${bucket} does not exist: apply the storage stack first, or check --bucket and --region`);
  }
  if (name === "PermanentRedirect" || status === 301) {
    return told(`the bucket ${bucket} is in another region: give it as --region`);
  }
  if (UNREACHABLE.includes((error as NodeJS.ErrnoException).code ?? "")) {
    return told(`the bucket ${bucket} cannot be reached: there is no network, or check --region (${error.message})`);
  }
  return awsProblem(`${doing} in the bucket ${bucket}`, failure);
}
