import { type RequestAnalysis, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { callerContext, Way } from "./caller-context";
import { Decision, DenyingLayer } from "./decision";
import {
  AccountPolicies,
  EndpointPolicies,
  endpointName,
  keyName,
  NamedPolicy,
  PolicyDocument,
  PolicyLayer,
  RolePolicies,
  statementLine,
} from "./policies";
import { partsOfSession, RoleSession } from "./principals";
import { Question } from "./question";
import { asStandIn, withStandIns } from "./stand-ins";

type Analysed = NonNullable<RequestAnalysis["identityAnalysis"]>["allowStatements"];

/** The policy of the resource, and whose it is. */
interface Guard {
  readonly layer: "bucket" | "key" | "secret" | "trust" | "none";
  readonly owner: string;
  readonly policy?: PolicyDocument;
  readonly accountId: string;
}

/** An account that is not ours. */
const FOREIGN_ACCOUNT = "000000000000";

/** Whether the session of a role may do one thing, by every policy that has a say in it. */
export async function decide(
  session: RoleSession,
  role: RolePolicies,
  way: Way,
  question: Question,
  policies: AccountPolicies,
): Promise<Decision> {
  // What names no account is the caller's own.
  const guard = guardOf(question, policies, partsOfSession(session).accountId);
  const endpoint = question.viaService ? undefined : way.endpoint;
  const context = callerContext(session, role, way, question, guard.accountId, policies);
  const asked = asStandIn(question, policies.accountId);
  const named = ({ name, document }: NamedPolicy) => ({ name, policy: withStandIns(document, policies.accountId) });
  const simulation: Simulation = {
    request: {
      principal: session.sessionArn,
      action: asked.action,
      resource: { resource: withoutWildcards(asked.resource), accountId: guard.accountId },
      contextVariables: { ...context, ...asked.context },
    },
    identityPolicies: role.identity.map(named),
    ...(role.boundary && { permissionBoundaryPolicies: [named(role.boundary)] }),
    ...(guard.policy && { resourcePolicy: withStandIns(guard.policy, policies.accountId) }),
    ...(endpoint && { vpcEndpointPolicies: [{ name: endpointId(endpoint), policy: endpoint.policy }] }),
    ...{ serviceControlPolicies: [], resourceControlPolicies: [] },
  };
  if (guard.layer === "key" && !guard.policy) return denied(question, "key", "there is no such key in the account");
  if (guard.layer === "trust" && !guard.policy)
    return denied(question, "trust", "there is no such role in the account");
  return simulate(question, simulation, guard, role.name);
}

/** Whether a service of AWS may take a role: only the role's own policy has a say. */
export async function decideForService(service: string, question: Question, policies: AccountPolicies) {
  const guard = guardOf(question, policies);
  if (!guard.policy) return denied(question, "trust", "there is no such role in the account");
  return simulate(
    question,
    {
      request: {
        principal: service,
        action: question.action,
        resource: { resource: question.resource, accountId: guard.accountId },
        contextVariables: { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": service },
      },
      resourcePolicy: guard.policy,
      ...{ identityPolicies: [], serviceControlPolicies: [], resourceControlPolicies: [] },
    },
    guard,
    service,
  );
}

export function denied(
  { action, resource }: Pick<Question, "action" | "resource">,
  layer: DenyingLayer,
  reason: string,
  statements: readonly string[] = [],
): Decision {
  return { action, resource, allowed: false, layer, reason, statements };
}

async function simulate(question: Question, simulation: Simulation, guard: Guard, who: string): Promise<Decision> {
  const result = await runSimulation(simulation, {});
  if (result.resultType !== "single") {
    const why = result.resultType === "error" ? JSON.stringify(result.errors) : "several results for one resource";
    return denied(question, "judge", `cannot be judged: ${why}`);
  }
  const { analysis } = result.result;
  const { action, resource } = question;
  if (result.overallResult !== "Allowed") return refusal(question, analysis, guard, who);
  const statements = layers(analysis, guard, who).flatMap(({ allow }) => allow);
  return { action, resource, allowed: true, reason: `allowed by ${statements.join("; ")}`, statements };
}

interface AnalysedLayer {
  readonly layer: PolicyLayer;
  readonly explicit: readonly string[];
  readonly allow: readonly string[];
  /** Statements about this very thing whose condition does not hold. */
  readonly nearly: readonly string[];
  readonly result: string | undefined;
}

function layers(analysis: RequestAnalysis, guard: Guard, who: string): AnalysedLayer[] {
  const ofCaller = (policy: string) => ({ owner: who, policy });
  const ofGuard = () => ({ owner: guard.owner, policy: guard.layer === "trust" ? "trust" : "policy" });
  const ofEndpoint = (id: string) => ({ owner: id.split("/")[0], policy: id.split("/")[1] });
  const of = (
    layer: PolicyLayer,
    named: (policyId: string) => { owner: string; policy: string },
    found: RequestAnalysis["identityAnalysis"] | RequestAnalysis["resourceAnalysis"],
  ): AnalysedLayer => {
    const line = ({ policyId, statement }: Analysed[number]) =>
      statementLine({ layer, ...named(policyId), sid: statement.sid() || `#${statement.index()}` });
    return {
      layer,
      explicit: (found?.denyStatements ?? []).map(line),
      allow: (found?.allowStatements ?? []).map(line),
      nearly: (found?.unmatchedStatements ?? [])
        .filter(({ actionMatch, resourceMatch, principalMatch, conditionMatch, statement }) => {
          const about = actionMatch && resourceMatch && principalMatch !== "NoMatch";
          return about && conditionMatch === "NoMatch" && statement.isAllow();
        })
        .map(line),
      result: found?.result,
    };
  };
  return [
    of("identity", ofCaller, analysis.identityAnalysis),
    of("boundary", ofCaller, analysis.permissionBoundaryAnalysis),
    ...(guard.layer === "none" ? [] : [of(guard.layer, ofGuard, analysis.resourceAnalysis)]),
    of("endpoint", ofEndpoint, analysis.endpointAnalysis),
  ];
}

function refusal(question: Question, analysis: RequestAnalysis, guard: Guard, who: string): Decision {
  const found = layers(analysis, guard, who);
  const explicit = found.find((one) => one.explicit.length > 0);
  if (explicit) {
    return denied(question, explicit.layer, `denied by ${explicit.explicit.join("; ")}`, explicit.explicit);
  }
  const byLayer = (layer: PolicyLayer) => found.find((one) => one.layer === layer);
  const blocking = analysis.blockedBy ?? [];
  // A role is taken and a key is used only by leave of their own policies; else the caller's policies come first.
  const silent = blocking.includes("vpce")
    ? byLayer("endpoint")
    : blocking.includes("pb")
      ? byLayer("boundary")
      : (guard.layer === "trust" || guard.layer === "key") && analysis.resourceAnalysis?.result === "ImplicitlyDenied"
        ? byLayer(guard.layer)
        : byLayer("identity");
  const { layer, nearly } = silent ?? found[0];
  const whose = { identity: `policy of ${who}`, boundary: `boundary of ${who}` } as Partial<
    Record<PolicyLayer, string>
  >;
  const owner = whose[layer] ?? `${layer} policy${layer === "endpoint" ? "" : ` of ${guard.owner}`}`;
  const but = nearly.length > 0 ? ` (but for its condition: ${nearly.join("; ")})` : "";
  return denied(question, layer, `no statement in any ${owner} allows it${but}`);
}

/** Its id and what it leads to: what the lines of its statements are made of. */
function endpointId(endpoint: EndpointPolicies): string {
  return `${endpoint.id}/${endpointName(endpoint)}`;
}

function guardOf({ guardedBy, resource }: Question, policies: AccountPolicies, ownAccount?: string): Guard {
  const accountId = policies.accountId;
  if (!guardedBy) return { layer: "none", owner: "", accountId: resource.split(":")[4] || (ownAccount ?? accountId) };
  if ("bucket" in guardedBy) {
    const bucket = policies.buckets.find(({ name }) => name === guardedBy.bucket);
    // A bucket that the account does not have is somebody else's.
    const owner = guardedBy.bucket;
    return { layer: "bucket", owner, policy: bucket?.policy, accountId: bucket ? accountId : FOREIGN_ACCOUNT };
  }
  if ("key" in guardedBy) {
    const key = policies.keys.find(({ arn }) => arn === guardedBy.key);
    const owner = key ? keyName(key) : guardedBy.key;
    return { layer: "key", owner, policy: key?.policy, accountId: guardedBy.key.split(":")[4] || FOREIGN_ACCOUNT };
  }
  if ("secret" in guardedBy) {
    const secret = policies.secrets.find(({ arn }) => arn === guardedBy.secret);
    const accountOfSecret = guardedBy.secret.split(":")[4] || FOREIGN_ACCOUNT;
    return {
      layer: "secret",
      owner: secret?.name ?? guardedBy.secret,
      policy: secret?.policy,
      accountId: accountOfSecret,
    };
  }
  const role = policies.roles.find(({ arn }) => arn === guardedBy.role);
  const owner = guardedBy.role.split("/").pop()!;
  return { layer: "trust", owner, policy: role?.trust, accountId: guardedBy.role.split(":")[4] || FOREIGN_ACCOUNT };
}

/** In the name of a real resource an asterisk is a character like others. */
function withoutWildcards(resource: string): string {
  return resource === "*"
    ? resource
    : resource.replace(/[*?]/g, (sign) => encodeURIComponent(sign).replace("*", "%2A"));
}
