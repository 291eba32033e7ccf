import { Block, Synthesized } from "../support/synthesized";
import { each, listed, nested } from "./rule";

/** One statement of a policy, and where it stands. */
export interface PlacedStatement {
  readonly address: string;
  /** What a message calls it. */
  readonly title: string;
  readonly statement: Block;
}

/** Policies that say what their holder may do. */
export const IDENTITY_POLICIES = [
  "aws_iam_policy",
  "aws_iam_role_policy",
  "aws_iam_group_policy",
  "aws_iam_user_policy",
  "aws_iam_role",
];

/** Policies that say who may use the thing they are on. */
export const RESOURCE_POLICIES = [
  "aws_cloudwatch_log_resource_policy",
  "aws_kms_key",
  "aws_kms_key_policy",
  "aws_opensearch_domain",
  "aws_s3_bucket_policy",
  "aws_secretsmanager_secret_policy",
  "aws_sns_topic_policy",
  "aws_sqs_queue_policy",
  "aws_vpc_endpoint",
  "aws_vpc_endpoint_policy",
];

/** Every statement of the policies of these types. Who may take on a role is another matter, and is not in it. */
export function* statementsOf(stack: Synthesized, types: readonly string[]): Iterable<PlacedStatement> {
  for (const [address, block] of each(stack, ...types)) {
    const { policy: own, policy_document, access_policies } = block;
    for (const policy of [
      own,
      policy_document,
      access_policies,
      ...nested(block.inline_policy).map((inline) => inline.policy as unknown),
    ]) {
      if (policy === undefined) continue;
      for (const statement of parse(address, policy)) {
        yield { address, title: `statement ${(statement.Sid as string | undefined) ?? "without Sid"}`, statement };
      }
    }
  }
}

/** Whether a statement is for everybody, whatever account they are of. */
export function isForEverybody({ Principal }: Block): boolean {
  return Principal === "*" || listed((Principal as Block | undefined)?.AWS).includes("*");
}

/** A policy that cannot be read here cannot be judged: it is an error, not a rule that holds. */
function parse(address: string, policy: unknown): Block[] {
  try {
    return nested((JSON.parse(policy as string) as Block).Statement);
  } catch (cause) {
    throw new Error(`${address} has a policy that is no JSON before Terraform runs: use policyDocument()`, { cause });
  }
}
