import { refuse } from "../core/validation";

const CLUSTER_NAME = /^(?=.{2,32}$)(?!sg(-|$))[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Refuses what cannot be part of host names, of keys in a bucket and of names in AWS alike. */
export function requireClusterName(property: string, name: unknown): void {
  if (typeof name === "string" && CLUSTER_NAME.test(name)) return;
  refuse({
    property,
    value: name,
    allowed:
      "2 to 32 characters: lower-case letters, digits and single hyphens between them, beginning with a letter, and not with sg-, which AWS keeps for ids",
    remedy: "set clusterName to such a text",
  });
}
