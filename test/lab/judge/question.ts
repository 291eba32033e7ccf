import { ApiCall } from "../fabric/api-call";

/** One thing that a call needs leave for: what IAM is asked. */
export interface Question {
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** ARN, or `*` for actions that know no resource. */
  readonly resource: string;
  /** Whose policy counts beside those of the caller. */
  readonly guardedBy?:
    { readonly bucket: string } | { readonly key: string } | { readonly role: string } | { readonly secret: string };
  /** Context keys beside those that every call has. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Asked by a service of AWS for the caller, such as KMS by S3: passes no endpoint of the network. */
  readonly viaService?: boolean;
}

/** What a call asks for; `free` is what AWS gives to everybody (sts:GetCallerIdentity). */
export type Asked =
  | { readonly kind: "questions"; readonly questions: readonly Question[] }
  | { readonly kind: "free"; readonly action: string }
  /** No policy of the caller names the service, so whatever the call is about is refused. */
  | { readonly kind: "not granted"; readonly action: string; readonly resource?: string; readonly why: string }
  /** The judge does not know what this call needs, which is a gap in the judge and never an allowance. */
  | { readonly kind: "unknown"; readonly why: string };

export function asked(...questions: readonly Question[]): Asked {
  return { kind: "questions", questions };
}

export function unknown(why: string): Asked {
  return { kind: "unknown", why };
}

/** A header's value; of several the first. */
export function header(call: ApiCall, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Parameters of a service that speaks JSON; undefined where the body cannot be read. */
export function parametersOf<T>(call: ApiCall): T | undefined {
  try {
    return JSON.parse(call.body?.toString("utf8") ?? "") as T;
  } catch {
    return undefined;
  }
}

export function queryOf(call: ApiCall): URLSearchParams {
  const start = call.path.indexOf("?");
  return new URLSearchParams(start < 0 ? "" : call.path.slice(start + 1));
}
