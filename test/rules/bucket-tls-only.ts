import { Block } from "../support/synthesized";
import { statementsOf } from "./policies";
import { each, listed, referredId, Rule } from "./rule";

/** Every bucket denies everybody everything that does not come by TLS (FSBP S3.5, CIS 3.1.1): no scanner asks for it. */
export const bucketTlsOnly: Rule = {
  name: "bucket-tls-only",
  *problems(stack) {
    const guarded = new Set<string>();
    for (const { address, statement } of statementsOf(stack, ["aws_s3_bucket_policy"])) {
      const bucket = referredId(stack.resources("aws_s3_bucket_policy")[address.split(".")[1]].bucket, "aws_s3_bucket");
      if (bucket !== undefined && deniesPlainHttp(statement, bucket)) guarded.add(bucket);
    }
    for (const [address] of each(stack, "aws_s3_bucket")) {
      if (!guarded.has(address.split(".")[1])) yield [address, "does not deny what comes without TLS"];
    }
  },
};

function deniesPlainHttp({ Effect, Principal, Action, Resource, Condition }: Block, bucket: string): boolean {
  const arn = `\${aws_s3_bucket.${bucket}.arn}`;
  return (
    Effect === "Deny" &&
    (Principal === "*" || listed((Principal as Block | undefined)?.AWS).includes("*")) &&
    listed(Action).some((action) => action === "s3:*" || action === "*") &&
    [arn, `${arn}/*`].every((resource) => listed(Resource).includes(resource)) &&
    JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}'
  );
}
