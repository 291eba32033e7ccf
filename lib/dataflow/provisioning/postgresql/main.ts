import { inASentence } from "../function/in-a-sentence";
import { requireOrdered } from "../function/order";
import type { ProvisioningReport } from "../function/report";
import { roleCredentials } from "../function/role-credentials";
import { SecretsManagerStore } from "../function/secret-store";
import type { DatabaseRequest } from "./database-request";
import { provideDatabase } from "./provide-database";

/** What AWS Lambda calls, once for each deploy that asks for something new. */
export async function handler(request: DatabaseRequest): Promise<ProvisioningReport> {
  const { region, secretsEndpoint: endpoint } = request;
  const secrets = new SecretsManagerStore({ region, endpoint, credentials: roleCredentials() });
  return inASentence(() => {
    requireOrdered(request);
    return provideDatabase(request, secrets);
  });
}
