import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { Peer } from "./peer";

/**
 * The part of a rule's construct id that names its peer: the same in every synthesis. A group created in the
 * program has no id yet; what stands for it is the name of its resource.
 */
export function peerId(scope: Construct, peer: Peer): string {
  const name: unknown = Tokenization.resolve(peer.cidrBlock ?? peer.securityGroupId, {
    scope,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
  return String(name)
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
