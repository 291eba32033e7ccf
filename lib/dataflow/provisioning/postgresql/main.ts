import { ProvisioningProblem } from "../function/problem";
import type { ProvisioningReport } from "../function/report";
import { SecretsManagerStore } from "../function/secret-store";
import type { DatabaseRequest } from "./database-request";
import { provideDatabase } from "./provide-database";

/** What AWS Lambda calls, once for each deploy that asks for something new. */
export async function handler(request: DatabaseRequest): Promise<ProvisioningReport> {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = process.env;
  const secrets = new SecretsManagerStore({
    region: request.region,
    endpoint: request.secretsEndpoint,
    // Of the function's role: Lambda sets them anew for each environment.
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    },
  });
  try {
    return await provideDatabase(request, secrets);
  } catch (failure) {
    // Of a fault of our own the first line alone: what follows is places in a bundle.
    throw failure instanceof ProvisioningProblem ? failure : new ProvisioningProblem((failure as Error).message);
  }
}
