import { ApiCall } from "../fabric/api-call";
import { Asking } from "./asking";
import { ec2Questions } from "./ec2-questions";
import { kmsQuestions } from "./kms-questions";
import { Statement, statementsOf } from "./policies";
import { privateCaQuestions } from "./private-ca-questions";
import { Asked, unknown } from "./question";
import { resourceGroupQuestions } from "./resource-group-questions";
import { s3Questions } from "./s3-questions";
import { secretsQuestions } from "./secrets-questions";
import { sessionChannelQuestions, systemsManagerQuestions } from "./session-manager-questions";
import { stsQuestions } from "./sts-questions";

/** What a call needs leave for. */
export function questionsOf(call: ApiCall, asking: Asking): Asked {
  const { policies } = asking;
  switch (call.service) {
    case "s3":
      return s3Questions(call, policies);
    case "kms":
      return kmsQuestions(call, policies);
    case "sts":
      return stsQuestions(call);
    case "acm-pca":
      return privateCaQuestions(call);
    case "secretsmanager":
      return secretsQuestions(call, policies);
    default:
      return otherQuestions(call, asking);
  }
}

/** Where the name in a signature is not the one in policies. */
const IAM_NAMES: Readonly<Record<string, string>> = { monitoring: "cloudwatch", email: "ses", tagging: "tag" };

/** Services that few roles have to do with. */
const READERS: ReadonlyMap<string, (call: ApiCall, asking: Asking) => Asked> = new Map([
  ["ec2", ec2Questions],
  ["resource-groups", resourceGroupQuestions],
  ["ssm", systemsManagerQuestions],
  ["ssmmessages", sessionChannelQuestions],
]);

/** Of services that the judge does not read it is enough to know that no policy of the role names them. */
function otherQuestions(call: ApiCall, asking: Asking): Asked {
  const { role } = asking;
  const service = IAM_NAMES[call.service] ?? call.service;
  const granted = role.identity.flatMap(({ document }) => statementsOf(document)).flatMap(actionsOf);
  // A pattern may begin with a wildcard or have one in the service's own name: then nothing is known.
  const named = granted.some((name) => {
    const prefix = name.split(":")[0].toLowerCase();
    return /[*?]/.test(prefix) || prefix === service;
  });
  const read = READERS.get(service)?.(call, asking);
  if (named) return read ?? unknown(`a policy of ${role.name} names ${service}, whose calls are not read here`);
  // Nothing of it is judged, but whoever is refused wants to know what.
  const first = read?.kind === "questions" ? read.questions[0] : undefined;
  return {
    kind: "not granted",
    action: first?.action ?? `${service}:${call.action}`,
    ...(first && { resource: first.resource }),
    why: `no policy of ${role.name} names ${service}`,
  };
}

function actionsOf(statement: Statement): string[] {
  if (statement.Effect !== "Allow") return [];
  return statement.NotAction === undefined ? [statement.Action].flat().map(String) : ["*"];
}
