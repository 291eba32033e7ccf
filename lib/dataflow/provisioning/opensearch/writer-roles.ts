import { isDeepStrictEqual } from "node:util";
import type { ReportLines } from "../function/report";
import type { DomainAnswer, DomainApi } from "./domain-api";
import type { RoleRequest } from "./domain-request";
import { isOurDescription, ourDescription, requireOurs } from "./mark";

export const SECURITY_API = "/_plugins/_security/api";
/**
 * All that writing documents needs: OpenSearch asks for a bulk as a whole, for its part of each index and for each kind of
 * line in it; and for the index where the first document makes it.
 */
const WRITE = ["indices:data/write/bulk[s]", "indices:data/write/index", "indices:admin/create"];
const DELETE = "indices:data/write/delete";
/** Where a document may bring a field that no mapping has. */
const ADD_FIELDS = "indices:admin/mapping/put";

/** A role as OpenSearch tells it, of which these parts are looked at. */
interface FoundRole {
  readonly description?: string;
  readonly cluster_permissions?: readonly string[];
  readonly index_permissions?: readonly FoundIndexPermissions[];
  readonly tenant_permissions?: readonly unknown[];
}

interface FoundIndexPermissions {
  readonly index_patterns?: readonly string[];
  readonly allowed_actions?: readonly string[];
  readonly dls?: string | null;
}

interface FoundMapping {
  readonly description?: string;
}

export type FoundRoles = ReadonlyMap<string, FoundRole>;

/** All roles that are there, as the first thing that is asked of a domain. */
export async function lookAtRoles(api: DomainApi): Promise<FoundRoles> {
  const answer = await api.comeIn("roles cannot be listed", { method: "GET", path: `${SECURITY_API}/roles` });
  return named<FoundRole>(answer);
}

export function requireOurRole({ name }: { readonly name: string }, found: FoundRoles): void {
  const role = found.get(name);
  requireOurs(`the role ${name}`, role === undefined || isOurDescription(role.description));
}

/** Gives a role exactly these permissions. */
export async function provideRole(
  api: DomainApi,
  request: RoleRequest,
  found: FoundRoles,
  report: ReportLines,
): Promise<void> {
  const { name, indices } = request;
  const line = `role ${name} for ${indices.join(", ")}`;
  const wanted = {
    description: ourDescription("may write these indices"),
    cluster_permissions: ["indices:data/write/bulk"],
    index_permissions: [{ index_patterns: indices, allowed_actions: actionsOf(request) }],
    tenant_permissions: [],
  };
  const role = found.get(name);
  if (role !== undefined && isDeepStrictEqual(asAsked(role), asAsked(wanted))) {
    report.there.push(line);
    return;
  }
  await api.ask(`the role ${name} cannot be made`, {
    method: "PUT",
    path: `${SECURITY_API}/roles/${name}`,
    body: wanted,
  });
  report.made.push(line);
}

/** Takes roles that a deploy made, and that are named no longer, away from all to whom a deploy gave them. */
export async function closeOtherRoles(
  api: DomainApi,
  wanted: readonly RoleRequest[],
  found: FoundRoles,
  report: ReportLines,
): Promise<void> {
  const others = [...found].filter(
    ([name, { description }]) => isOurDescription(description) && !isNamed(wanted, name),
  );
  if (others.length === 0) return;
  const mappings = named<FoundMapping>(
    await api.ask("mappings of roles cannot be listed", { method: "GET", path: `${SECURITY_API}/rolesmapping` }),
  );
  for (const [name] of others.filter(([one]) => isOurDescription(mappings.get(one)?.description))) {
    const path = `${SECURITY_API}/rolesmapping/${name}`;
    // Another deploy may be closing it too.
    await api.ask(`the role ${name} cannot be taken away`, { method: "DELETE", path }, [404]);
    report.closed.push(`role ${name}`);
  }
}

function actionsOf({ mayDelete, mayAddFields }: RoleRequest): string[] {
  return [...WRITE, ...(mayDelete ? [DELETE] : []), ...(mayAddFields ? [ADD_FIELDS] : [])];
}

function isNamed(wanted: readonly RoleRequest[], name: string): boolean {
  return wanted.some((role) => role.name === name);
}

function named<T>({ body }: DomainAnswer): Map<string, T> {
  return new Map(Object.entries(body)) as Map<string, T>;
}

/** OpenSearch fills in what was not said, and keeps no order of what has none. */
function asAsked({ cluster_permissions, index_permissions, tenant_permissions }: FoundRole): object {
  return {
    cluster: [...(cluster_permissions ?? [])].sort(),
    indices: (index_permissions ?? []).map(({ index_patterns, allowed_actions, dls }) => ({
      patterns: [...(index_patterns ?? [])].sort(),
      actions: [...(allowed_actions ?? [])].sort(),
      documents: dls ?? "",
    })),
    tenants: tenant_permissions?.length ?? 0,
  };
}
