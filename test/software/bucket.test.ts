import { s3Problem } from "../../lib/software/bucket";

const environment = process.env;
afterEach(() => {
  process.env = environment;
});

const failure = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name }, more);
const told = (error: Error): string => s3Problem("orders", "listing the software", error).message;

test.each<[string, Error, string]>([
  [
    "a bucket that is not there",
    failure("NoSuchBucket", "", { $metadata: { httpStatusCode: 404 } }),
    "apply the storage stack first",
  ],
  [
    "another region",
    failure("PermanentRedirect", "", { $metadata: { httpStatusCode: 301 } }),
    "the bucket orders is in another region: give it as --region",
  ],
  [
    "no permission",
    failure("AccessDenied", "", { $metadata: { httpStatusCode: 403 } }),
    "listing the software in the bucket orders is not allowed (AccessDenied): use credentials that may do it",
  ],
  [
    "a session that is over",
    failure("ExpiredToken", "The provided token has expired.", { $metadata: { httpStatusCode: 400 } }),
    "the AWS credentials have expired: sign in again (The provided token has expired)",
  ],
  [
    "a name that leads nowhere",
    failure("Error", "getaddrinfo ENOTFOUND orders.s3.eu-wst-1.amazonaws.com", { code: "ENOTFOUND" }),
    "the bucket orders cannot be reached: there is no network, or check --region (getaddrinfo ENOTFOUND",
  ],
  ["no region", new Error("Region is missing"), "the region is not known: give it as --region, or set AWS_REGION"],
])("%s", (_, error, message) => expect(told(error)).toContain(message));

test("a sign-in that fails is told in the SDK's own words, with the profile", () => {
  const error = failure("CredentialsProviderError", "Could not resolve credentials using profile: [nope] in files.");
  process.env = { AWS_PROFILE: "nope" };
  expect(told(error)).toBe(
    "no AWS credentials were found for the profile nope: sign in, or set AWS_PROFILE " +
      "(Could not resolve credentials using profile: [nope] in files)",
  );
  process.env = {};
  expect(told(error)).toMatch(/^no AWS credentials were found: sign in, or set AWS_PROFILE \(/);
});
