import { Patience, withPatience } from "../function/patience";
import { NOT_REACHED, ProvisioningProblem } from "../function/problem";
import type { SecretStore } from "../function/secret-store";
import type { GrafanaToken } from "./grafana-api";

/** Of Secrets Manager, and of KMS through it: a role's policy takes some seconds to hold everywhere. */
const NOT_ALLOWED_YET = "AccessDeniedException";
/** What a header takes. */
const TOKEN = /^[\x21-\x7e]+$/;

/** The token of Grafana's service account: the text `token` of the secret's JSON object. */
export async function readToken(secretArn: string, secrets: SecretStore, patience: Patience): Promise<GrafanaToken> {
  const text = await withPatience(patience, isPassing, () => secrets.read(secretArn));
  const token = text === undefined ? undefined : tokenIn(text);
  if (token !== undefined) return { token, secretArn };
  throw new ProvisioningProblem(
    `the secret ${secretArn} does not hold a token of Grafana: make its value {"token": "…"} with that of a service account`,
  );
}

function tokenIn(text: string): string | undefined {
  try {
    const { token } = (JSON.parse(text) ?? {}) as { readonly token?: unknown };
    return typeof token === "string" && TOKEN.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

function isPassing(failure: unknown): boolean {
  const { code } = failure as Partial<ProvisioningProblem>;
  return code === NOT_ALLOWED_YET || code === NOT_REACHED;
}
