import { decide } from "../lab/judge/evaluate";
import { ACCOUNT, SynthesizedAccount } from "./synthesized-account";

/**
 * Whether Amazon MSK would let a role do something. It asks IAM about each request of Kafka's protocol (Developer Guide,
 * "Semantics of IAM authorization policy actions and resources"). No other broker does: what it would be told is asked here
 * of the policies themselves.
 */
export async function mayDo(
  policies: SynthesizedAccount,
  roleName: string,
  action: string,
  resource: string,
): Promise<boolean> {
  const role = policies.roles.find(({ name }) => name === roleName)!;
  const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/session`;
  const question = { action: `kafka-cluster:${action}`, resource, context: {} };
  const way = { from: "10.40.0.10", tls: true };
  const { allowed, layer } = await decide({ kind: "role session", sessionArn }, role, way, question, policies);
  // A judge that does not know the action would refuse everything.
  if (layer === "judge") throw new Error(`${action} of ${resource} cannot be judged`);
  return allowed;
}
