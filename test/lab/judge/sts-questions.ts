import { ApiCall } from "../fabric/api-call";
import { Asked, asked, unknown } from "./question";

/** What the judge knows the meaning of: with any other (session policies, tags) a session may less, or needs more. */
const KNOWN = ["Action", "Version", "RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds"];

/** What a call of STS needs leave for. */
export function stsQuestions(call: ApiCall): Asked {
  // No permission is required, and none can be taken away (STS API Reference, "GetCallerIdentity").
  if (call.action === "GetCallerIdentity") return { kind: "free", action: "sts:GetCallerIdentity" };
  const form = new URLSearchParams(call.body?.toString("latin1") ?? call.path.split("?")[1] ?? "");
  const role = form.get("RoleArn");
  if (call.action !== "AssumeRole" || !role) return unknown(`sts:${call.action} is not known here`);
  const other = [...form.keys()].find((name) => !KNOWN.includes(name));
  if (other !== undefined) return unknown(`sts:AssumeRole with ${other} is not known here`);
  const context: Record<string, string> = {};
  const session = form.get("RoleSessionName");
  const externalId = form.get("ExternalId");
  if (session !== null) context["sts:RoleSessionName"] = session;
  if (externalId !== null) context["sts:ExternalId"] = externalId;
  return asked({ action: "sts:AssumeRole", resource: role, guardedBy: { role }, context });
}
