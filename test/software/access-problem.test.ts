import { awsProblem, NotAllowed } from "../../lib/software/access-problem";
import { Problem } from "../../lib/software/problem";

const failure = (parts: object, message = ""): Error => Object.assign(new Error(message), parts);
const told = (parts: object, message?: string): string => awsProblem("asking", failure(parts, message)).message;

test.each([
  [
    "ENOTFOUND",
    "getaddrinfo ENOTFOUND sts.eu-wst-1.amazonaws.com",
    /^asking: there is no such address: check the region, /,
  ],
  [
    "ECONNREFUSED",
    "connect ECONNREFUSED 127.0.0.1:9",
    /^asking: AWS cannot be reached: check the network, .* \(connect /,
  ],
  ["ECONNRESET", "read ECONNRESET", /^asking: AWS cannot be reached: /],
  [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "self-signed certificate",
    /^asking: the certificate of AWS is not trusted .*NODE_EXTRA_CA_CERTS$/,
  ],
])("%s", (code, message, sentence) => expect(told({ code }, message)).toMatch(sentence));

test.each([
  [
    "EC2",
    { name: "RequestExpired" },
    "Request has expired.",
    "the AWS credentials have expired: sign in again (Request has expired)",
  ],
  [
    "a sign-in by the browser",
    { name: "CredentialsProviderError" },
    "The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.",
    /^the AWS credentials have expired: sign in again \(The SSO session/,
  ],
  [
    "a token that was not renewed",
    { name: "TokenProviderError" },
    "Token is expired.",
    /^the AWS credentials have expired/,
  ],
])("the end of credentials, as %s tells it", (_, parts, message, sentence) =>
  expect(told(parts, message)).toEqual(typeof sentence === "string" ? sentence : expect.stringMatching(sentence)),
);

test("what is not allowed is named, where the service names it", () => {
  const ec2 = awsProblem(
    "looking for the machines",
    failure(
      { name: "UnauthorizedOperation", $metadata: { httpStatusCode: 403 } },
      "You are not authorized to perform this operation. User: arn:aws:iam::1:user/me is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action",
    ),
  );
  expect(ec2).toBeInstanceOf(NotAllowed);
  expect(ec2.message).toBe(
    "looking for the machines is not allowed (ec2:DescribeInstances): use credentials that may do it",
  );
  expect(told({ name: "Forbidden", $metadata: { httpStatusCode: 403 } })).toBe(
    "asking is not allowed (Forbidden): use credentials that may do it",
  );
});

test("what nobody knows is told in the words of the service, in one line", () => {
  expect(told({ name: "ValidationException" }, "Value 'x'\n  is wrong.")).toBe("asking failed: Value 'x' is wrong");
  expect(told({ name: "Odd" })).toBe("asking failed: Odd");
  expect(awsProblem("asking", undefined).message).toBe("asking failed: undefined");
});

test("what is told already stays as it is", () => {
  const problem = new Problem("the bucket is gone");
  expect(awsProblem("asking", problem)).toBe(problem);
});
