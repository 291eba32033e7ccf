import { Construct } from "constructs";
import { withReferences } from "../core/terraform/text";
import { Peer } from "./peer";

/**
 * The part of a rule's construct id that names its peer: the same in every synthesis. A group created in the
 * program has no id yet; what stands for it is the name of its resource.
 */
export function peerId(scope: Construct, peer: Peer): string {
  return idOf(scope, peer.toString());
}

/** Part of a construct's id that a text names, such as the id of something that is created in the program. */
export function idOf(scope: Construct, text: string): string {
  return withReferences(scope, text)
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
