import { inASentence } from "../function/in-a-sentence";
import { requireOrdered, requireOrderedText } from "../function/order";
import { DEFAULT_PATIENCE } from "../function/patience";
import type { ProvisioningReport } from "../function/report";
import { roleCredentials } from "../function/role-credentials";
import { signAsAdministrator } from "./administrator";
import { admitWriter, requireOrderedWriter } from "./admit-writer";
import { DomainApi } from "./domain-api";
import type { AdmissionRequest, DomainRequest } from "./domain-request";
import { provideDomain } from "./provide-domain";

/** What AWS Lambda calls: once for each deploy that asks for something new, and for each writer that such a deploy lets in. */
export async function handler(request: DomainRequest | AdmissionRequest): Promise<ProvisioningReport> {
  return inASentence(async () => {
    if (!("order" in request)) {
      requireOrdered(request);
      return provideDomain(await domainApi(request), request);
    }
    requireOrderedText(request.order);
    const order = JSON.parse(request.order) as DomainRequest;
    requireOrderedWriter(order, request.admit);
    return admitWriter(await domainApi(order), request.admit);
  });
}

async function domainApi(order: DomainRequest): Promise<DomainApi> {
  const signer = await signAsAdministrator(order, roleCredentials(), DEFAULT_PATIENCE);
  return new DomainApi(order.url, signer, DEFAULT_PATIENCE);
}
