import { ProvisioningProblem } from "../function/problem";
import { newReport, ProvisioningReport } from "../function/report";
import type { DomainApi } from "./domain-api";
import type { Admission, DomainRequest } from "./domain-request";
import { isOurDescription, ourDescription, requireOurs } from "./mark";
import { lookAtRoles, SECURITY_API } from "./writer-roles";

/** What may follow the prefix of an ARN of IAM's role: no wildcard, which OpenSearch would take for one, and no path. */
const REST_OF_NAME = /^[\w+=,.@-]*$/;

interface FoundMapping {
  readonly description?: string;
  readonly backend_roles?: readonly string[];
  /** By these people may have been let in besides. */
  readonly and_backend_roles?: readonly string[];
  readonly hosts?: readonly string[];
  readonly users?: readonly string[];
}

/** Refuses anybody for whom the order holds no role. */
export function requireOrderedWriter(order: DomainRequest, { role, writerArn }: Admission): void {
  const ordered = order.roles.find(({ name }) => name === role);
  if (ordered === undefined) {
    throw new ProvisioningProblem(
      `the role ${role} is not among what the deploy ordered: apply the stack of the domain first`,
    );
  }
  const prefix = ordered.writerArnPrefix;
  if (writerArn.startsWith(prefix) && REST_OF_NAME.test(writerArn.slice(prefix.length))) return;
  throw new ProvisioningProblem(
    `the role ${role} is for a role of IAM that begins with ${prefix}, and not ${writerArn}`,
  );
}

/** Gives a role of OpenSearch to one role of IAM, and takes it away from all others. */
export async function admitWriter(api: DomainApi, { role, writerArn }: Admission): Promise<ProvisioningReport> {
  const found = (await lookAtRoles(api)).get(role);
  if (found === undefined) {
    throw new ProvisioningProblem(`OpenSearch has no role ${role}: apply the stack of the domain again`);
  }
  requireOurs(`the role ${role}`, isOurDescription(found.description));
  const path = `${SECURITY_API}/rolesmapping/${role}`;
  const answer = await api.ask(`who has the role ${role} cannot be read`, { method: "GET", path }, [404]);
  const mapping = answer.status === 404 ? undefined : (answer.body[role] as FoundMapping | undefined);
  requireOurs(`the mapping of the role ${role}`, mapping === undefined || isOurDescription(mapping.description));
  const report = newReport();
  const line = `role ${role} of ${writerArn}`;
  const { backend_roles = [], and_backend_roles = [], hosts = [], users = [] } = mapping ?? {};
  const before = [...backend_roles, ...and_backend_roles, ...hosts, ...users];
  if (before.length === 1 && backend_roles[0] === writerArn) {
    report.there.push(line);
    return report;
  }
  const body = { backend_roles: [writerArn], description: ourDescription("given by the deploy") };
  await api.ask(`the role ${role} cannot be given to ${writerArn}`, { method: "PUT", path, body });
  report.made.push(line);
  report.closed.push(...before.filter((one) => one !== writerArn).map((one) => `role ${role} of ${one}`));
  return report;
}
