import { ApiCall, Verdict } from "./api-call";

/** What the log holds of a call on which the judge failed: nobody allowed it. */
export function judgeFailed(call: ApiCall, error: Error): Verdict {
  const reason = `the judge failed: ${error.message}`;
  const decision = { action: `${call.service}:${call.action}`, resource: call.host, reason, statements: [] };
  return { allowed: false, reason, decisions: [{ ...decision, allowed: false, layer: "judge" }] };
}
