import { newReport, ProvisioningReport } from "../function/report";
import type { DomainApi } from "./domain-api";
import type { DomainRequest } from "./domain-request";
import { lookAtPolicy, providePolicy } from "./index-policies";
import { lookAtTemplate, provideTemplate } from "./index-templates";
import { closeOtherRoles, lookAtRoles, provideRole, requireOurRole } from "./writer-roles";

/**
 * Brings a domain to what is asked for. What others made is refused before anything is changed. Again, it finds everything
 * there. It deletes nothing but who has a role that is named no longer.
 */
export async function provideDomain(
  api: DomainApi,
  { roles, templates, policies }: DomainRequest,
): Promise<ProvisioningReport> {
  const found = await lookAtRoles(api);
  for (const role of roles) requireOurRole(role, found);
  const before = new Map<string, unknown>();
  for (const template of templates) before.set(template.name, await lookAtTemplate(api, template));
  for (const policy of policies) await lookAtPolicy(api, policy);
  const report = newReport();
  // First what the first document of an index needs.
  for (const template of templates) await provideTemplate(api, template, before.get(template.name), report);
  for (const policy of policies) await providePolicy(api, policy, report);
  for (const role of roles) await provideRole(api, role, found, report);
  await closeOtherRoles(api, roles, found, report);
  return report;
}
