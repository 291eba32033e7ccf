import { ApiCall } from "../fabric/api-call";
import { Asked, asked, parametersOf, unknown } from "./question";

interface Parameters {
  readonly CertificateAuthorityArn?: string;
  readonly TemplateArn?: string;
}

/** What a call of AWS Private CA needs leave for: each is about one authority. */
export function privateCaQuestions(call: ApiCall): Asked {
  const parameters = parametersOf<Parameters>(call);
  const resource = parameters?.CertificateAuthorityArn;
  if (resource === undefined || call.action === call.method) {
    return unknown("the call of AWS Private CA names no authority");
  }
  const template = parameters?.TemplateArn;
  const context: Record<string, string> = template === undefined ? {} : { "acm-pca:TemplateArn": template };
  return asked({ action: `acm-pca:${call.action}`, resource, context });
}
