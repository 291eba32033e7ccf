import { ApiCall } from "../fabric/api-call";
import { Asking, arnOf, tagContext } from "./asking";
import { Asked, asked, unknown } from "./question";

/** What a call of EC2 needs leave for: of those that a role of ours makes. */
export function ec2Questions(call: ApiCall, asking: Asking): Asked {
  const action = `ec2:${call.action}`;
  const region = { "ec2:Region": asking.policies.region };
  switch (call.action) {
    case "DescribeInstances":
      return asked({ action, resource: "*", context: region });
    case "GetConsoleOutput": {
      const id = new URLSearchParams(call.body?.toString("latin1") ?? "").get("InstanceId") ?? "";
      const tags = asking.played.instances.find((one) => one.id === id)?.tags ?? {};
      const context = { ...region, ...tagContext("ec2:ResourceTag", tags) };
      return asked({ action, resource: arnOf(asking, "ec2", `instance/${id}`), context });
    }
    default:
      return unknown(`what ${action} needs is not known here`);
  }
}
