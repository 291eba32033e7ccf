import { contains, Vpc } from "../account";
import { ApiCall } from "../fabric/api-call";
import { AccountPolicies, EndpointPolicies } from "./policies";

export type Route =
  /** From outside of every network: the operator's. */
  | { readonly kind: "outside" }
  | { readonly kind: "endpoint"; readonly endpoint: EndpointPolicies }
  /** From within a network that has no way to this service. */
  | { readonly kind: "none"; readonly why: string };

/** The network that a call comes from; none for the operator's. */
export function networkOf({ from }: ApiCall, networks: readonly Vpc[]): Vpc | undefined {
  return networks.find(({ cidr }) => contains(cidr, from));
}

/** How a call comes to AWS: networks of ours have no way out but their endpoints. */
export function routeOf(call: ApiCall, policies: AccountPolicies, networks: readonly Vpc[]): Route {
  const vpc = networkOf(call, networks);
  if (!vpc) return { kind: "outside" };
  const service = `com.amazonaws.${policies.region}.${call.service}`;
  const candidates = policies.endpoints.filter((one) => one.vpcId === vpc.id && one.service === service);
  const endpoint =
    candidates.find(({ addresses }) => call.to !== undefined && addresses.includes(call.to)) ??
    candidates.find(({ type }) => type === "Gateway");
  return endpoint
    ? { kind: "endpoint", endpoint }
    : { kind: "none", why: `${vpc.id} has no endpoint of ${call.service} at ${call.to ?? "an unknown address"}` };
}
