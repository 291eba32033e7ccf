import { HttpsClient } from "../../../node/log-exporter/https-client";
import { inASentence } from "../function/in-a-sentence";
import { requireOrdered, requireOrderedText } from "../function/order";
import { DEFAULT_PATIENCE } from "../function/patience";
import { newReport, ProvisioningReport } from "../function/report";
import { roleCredentials } from "../function/role-credentials";
import { SecretsManagerStore } from "../function/secret-store";
import { GrafanaApi } from "./grafana-api";
import type { GrafanaRequest, LifecycleRequest } from "./grafana-request";
import { provideGrafana, removeFromGrafana } from "./provide-grafana";
import { readToken } from "./token";

const ANSWER_SECONDS = 15;

/** What AWS Lambda calls: once for each deploy that asks for something new, and by Terraform where a destroy may take it away. */
export async function handler(request: GrafanaRequest | LifecycleRequest): Promise<ProvisioningReport> {
  return inASentence(async () => {
    if (!("tf" in request)) {
      requireOrdered(request);
      return as(request, (api) => provideGrafana(api, request));
    }
    const order = JSON.parse(request.order) as GrafanaRequest;
    if (request.tf.action !== "delete" || !order.deletesOnDestroy) return newReport();
    // Where nothing is to be done, an apply that broke off halfway hinders no destroy.
    requireOrderedText(request.order);
    return as(order, (api) => removeFromGrafana(api, order));
  });
}

/** Does something with a Grafana, as the service account that the order names. */
async function as(
  order: GrafanaRequest,
  act: (api: GrafanaApi) => Promise<ProvisioningReport>,
): Promise<ProvisioningReport> {
  const { region, secretsEndpoint: endpoint, url, certificateAuthorities, proxy } = order;
  const secrets = new SecretsManagerStore({ region, endpoint, credentials: roleCredentials() });
  const login = await readToken(order.tokenSecretArn, secrets, DEFAULT_PATIENCE);
  const client = new HttpsClient({ url, certificateAuthorities, proxy, timeoutSeconds: ANSWER_SECONDS });
  try {
    return await act(new GrafanaApi(client, login, DEFAULT_PATIENCE));
  } finally {
    client.close();
  }
}
