import { ApiCall } from "../fabric/api-call";
import { Asking, arnOf } from "./asking";
import { Asked, asked, parametersOf, unknown } from "./question";

interface Parameters {
  readonly Group?: string;
  readonly GroupName?: string;
}

const TAGS = /^\/resources\/([^/?]+)\/tags$/;

/** What a call of Resource Groups needs leave for: its paths are its actions (AWS Resource Groups API Reference). */
export function resourceGroupQuestions(call: ApiCall, asking: Asking): Asked {
  const [path] = call.path.split("?");
  if (call.method === "POST" && path === "/groups-list") {
    return asked({ action: "resource-groups:ListGroups", resource: "*", context: {} });
  }
  if (call.method === "POST" && path === "/get-group") {
    const parameters = parametersOf<Parameters>(call);
    const name = parameters?.Group ?? parameters?.GroupName;
    if (name === undefined) return unknown("the call of Resource Groups names no group");
    const resource = name.startsWith("arn:") ? name : arnOf(asking, "resource-groups", `group/${name}`);
    return asked({ action: "resource-groups:GetGroup", resource, context: {} });
  }
  const arn = call.method === "GET" ? TAGS.exec(path)?.[1] : undefined;
  if (arn === undefined) return unknown(`${call.method} ${path} of Resource Groups is not known here`);
  return asked({ action: "resource-groups:GetTags", resource: decodeURIComponent(arn), context: {} });
}
