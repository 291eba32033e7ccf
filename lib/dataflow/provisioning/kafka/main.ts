import { inASentence } from "../function/in-a-sentence";
import { requireOrdered } from "../function/order";
import type { ProvisioningReport } from "../function/report";
import { roleCredentials } from "../function/role-credentials";
import { mskToken } from "./msk-token";
import { provideTopics } from "./provide-topics";
import type { TopicsRequest } from "./topics-request";

/** What AWS Lambda calls, once for each deploy that asks for something new. */
export async function handler(request: TopicsRequest): Promise<ProvisioningReport> {
  const oauthBearerProvider = async () => ({ value: await mskToken(request.region, roleCredentials()) });
  const door = { ssl: true, sasl: { mechanism: "oauthbearer" as const, oauthBearerProvider } };
  return inASentence(() => {
    requireOrdered(request);
    return provideTopics(request, door);
  });
}
