import { isKnownLater, KNOWN_LATER } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** A policy of a resource, wherever its type has it. */
export interface PlannedPolicy {
  /** Attributes that say it. */
  readonly attributes: readonly string[];
  /** What it says as JSON; nothing where it says nothing, or only the apply tells. */
  readonly textOf: (change: ResourceChange, when: "before" | "after") => string | undefined;
}

/** Where the policies of a type stand. */
const POLICIES: Readonly<Record<string, readonly PlannedPolicy[] | undefined>> = {
  aws_cloudwatch_log_resource_policy: [documentIn("policy_document")],
  aws_iam_group_policy: [documentIn("policy")],
  aws_iam_policy: [documentIn("policy")],
  aws_iam_role: [documentIn("assume_role_policy"), inlinePolicies()],
  aws_iam_role_policy: [documentIn("policy")],
  aws_iam_user_policy: [documentIn("policy")],
  aws_kms_key: [documentIn("policy")],
  aws_kms_key_policy: [documentIn("policy")],
  aws_lambda_permission: [permissionOfFunction()],
  aws_opensearch_domain: [documentIn("access_policies")],
  aws_opensearch_domain_policy: [documentIn("access_policies")],
  aws_s3_bucket_policy: [documentIn("policy")],
  aws_secretsmanager_secret: [documentIn("policy")],
  aws_secretsmanager_secret_policy: [documentIn("policy")],
  aws_sns_topic_policy: [documentIn("policy")],
  aws_sqs_queue_policy: [documentIn("policy")],
  aws_vpc_endpoint: [documentIn("policy")],
};

/** Types whose policies are compared: a test holds that each `permission` among the kinds is one. */
export const COMPARED_TYPES: readonly string[] = Object.keys(POLICIES);

/** The policies that a resource of a type has; none where nobody knows of any. */
export function policiesOf(type: string): readonly PlannedPolicy[] {
  return POLICIES[type] ?? [];
}

function documentIn(attribute: string): PlannedPolicy {
  return {
    attributes: [attribute],
    textOf: (change, when) => textIn(change[when], attribute),
  };
}

/** Policies that a role has in itself. Of one that goes these are, or may be, what resources beside it say. */
function inlinePolicies(): PlannedPolicy {
  return {
    attributes: ["inline_policy"],
    textOf: ({ action, ...change }, when) => {
      const blocks = change[when].inline_policy;
      if (action === "delete" || !Array.isArray(blocks)) return undefined;
      const texts = (blocks as Attributes[]).flatMap((block) => textIn(block, "policy") ?? []);
      return texts.length === 0 ? undefined : joined(texts);
    },
  };
}

/** One document of all statements; what cannot be read is left as it is, for whoever reads it to say so. */
function joined(texts: readonly string[]): string {
  try {
    const documents = texts.map((text) => JSON.parse(text) as { readonly Statement?: unknown });
    return JSON.stringify({ Statement: documents.flatMap(({ Statement }) => Statement) });
  } catch {
    return texts.join("\n");
  }
}

/** Who may call a function, as AWS makes a policy of it; that an address of it asks for no login narrows nobody. */
function permissionOfFunction(): PlannedPolicy {
  const conditions = {
    source_arn: "AWS:SourceArn",
    source_account: "AWS:SourceAccount",
    principal_org_id: "aws:PrincipalOrgID",
  };
  const attributes = ["principal", "action", "function_name", "qualifier", ...Object.keys(conditions)];
  return {
    attributes,
    textOf: (change, when) => {
      // Whom it is for counts whatever the function is called, and a condition that only the apply tells is one.
      const valueOf = (attribute: string): string | undefined =>
        when === "after" && isKnownLater(change, attribute) ? KNOWN_LATER : textIn(change[when], attribute);
      const principal = valueOf("principal");
      if (principal === undefined || principal === KNOWN_LATER) return undefined;
      const narrowed = Object.entries(conditions).flatMap(([attribute, key]) => {
        const value = valueOf(attribute);
        return value === undefined ? [] : [[key, value]];
      });
      const isService = principal.endsWith(".amazonaws.com") || principal.endsWith(".amazonaws.com.cn");
      const statement = {
        Effect: "Allow",
        Principal: isService ? { Service: principal } : { AWS: principal },
        Action: valueOf("action"),
        Resource: [valueOf("function_name"), valueOf("qualifier")].filter(Boolean).join(":"),
        ...(narrowed.length === 0 ? {} : { Condition: { StringLike: Object.fromEntries(narrowed) as object } }),
      };
      return JSON.stringify({ Statement: [statement] });
    },
  };
}

function textIn(values: Attributes, attribute: string): string | undefined {
  const text = values[attribute];
  return typeof text === "string" && text !== "" ? text : undefined;
}
