import type { MetricsDestinationSpec } from "./metrics-shipping";

/**
 * In which form Telegraf reads its login, one file for each text: `basic` has `username` and `password`, `token` has `token`,
 * and `postgresql` has the texts of `basic` as they stand between single quotes in a connection string of libpq.
 */
export type MetricsLoginForm = "basic" | "token" | "postgresql";

export interface MetricsLoginSource {
  readonly form: MetricsLoginForm;
  readonly secretArn: string;
}

/** What the agent reads for a destination; nothing where the role is all that is shown there. */
export function loginSourceOf(destination: MetricsDestinationSpec): MetricsLoginSource | undefined {
  const { kind, login } = destination;
  if (login.kind === "iam") return undefined;
  return { form: kind === "postgresql" ? kind : login.kind, secretArn: login.secretArn };
}

/** A text of the login as Telegraf's configuration refers to it. */
export function loginReference(text: "username" | "password" | "token"): string {
  return `@{${LOGIN_STORE}:${text}}`;
}

/** Name of the store of secrets in Telegraf's configuration. */
export const LOGIN_STORE = "login";
