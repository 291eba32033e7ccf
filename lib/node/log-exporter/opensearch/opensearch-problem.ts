import type { HttpsAnswer } from "../https-client";
import type { ItemResult } from "./bulk";
import type { OpenSearchLogin } from "./opensearch-login";

/** Who wrote where. */
export interface WriteAttempt {
  readonly login: Pick<OpenSearchLogin, "who">;
  readonly index: string;
}

/** Why a whole request was not taken, in one sentence without a full stop. */
export function answerProblem({ status, body }: HttpsAnswer, attempt: WriteAttempt): string {
  const error = errorOf(body);
  if (status === 401) return `OpenSearch refuses the login of ${attempt.login.who}: 401`;
  if (error === undefined && status !== 403) {
    return `what answers is not OpenSearch: HTTP ${status}${status === 200 ? " without results" : ""}`;
  }
  return problemOf({ status, type: error?.type ?? "", reason: error?.reason ?? "HTTP 403" }, attempt);
}

/** Why a document was not taken. */
export function itemProblem(result: ItemResult & { readonly kind: "later" }, attempt: WriteAttempt): string {
  return problemOf(result, attempt);
}

interface SaidError {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

function problemOf({ status, type, reason }: SaidError, { login, index }: WriteAttempt): string {
  // Such as a disk that is nearly full; its status is 403 or 429.
  if (type === "cluster_block_exception") return `OpenSearch takes no documents in index ${index}: ${reason}`;
  if (status === 403) return `${login.who} may not write to index ${index}: ${reason}`;
  if (status === 404) return `index ${index} is not there, and none is made: ${reason}`;
  if (status === 429) return `OpenSearch has too much to do: ${reason}`;
  return `OpenSearch does not take documents in index ${index}: HTTP ${status}, ${type}: ${reason}`;
}

/** OpenSearch says an error as an object or as a text; what AWS puts before it says a `message`. */
function errorOf(body: string): { readonly type: string; readonly reason: string } | undefined {
  let found: { error?: unknown; message?: unknown; Message?: unknown } | null;
  try {
    found = JSON.parse(body) as typeof found;
  } catch {
    return undefined;
  }
  const said = found?.error ?? found?.message ?? found?.Message;
  if (typeof said === "string") return { type: "", reason: said };
  if (typeof said !== "object" || said === null) return undefined;
  const { type, reason } = said as { type?: unknown; reason?: unknown };
  return {
    type: typeof type === "string" ? type : "",
    reason: typeof reason === "string" ? reason : "without a reason",
  };
}
