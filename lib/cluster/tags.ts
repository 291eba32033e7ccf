import { BUCKET_TAG } from "../core/cluster-claim";
import { escapeTerraformText } from "../core/terraform/text";
import { refuse, requireMap } from "../core/validation";

/** AWS allows 50; the library adds at most two of its own. */
const MOST_TAGS = 48;
/** Without space and slash, which instance metadata refuses at launch. */
const KEY = /^(?!aws:)[A-Za-z0-9+\-=._:@]{1,128}$/i;
const VALUE = /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]{0,256}$/u;

/** Refuses tags that AWS refuses at apply, and gives them as Terraform has to be given them. */
export function requireTags(property: string, tags: unknown): { readonly [key: string]: string } {
  requireMap(property, tags);
  const entries = Object.entries(tags);
  if (entries.length > MOST_TAGS) {
    refuse({
      property,
      value: `${entries.length} tags`,
      allowed: `at most ${MOST_TAGS} tags`,
      remedy: "leave some out",
    });
  }
  return Object.fromEntries(
    entries.map(([key, value]: [string, unknown]) => {
      if (!KEY.test(key)) {
        refuse({
          property: `a key of ${property}`,
          value: key,
          allowed: '1 to 128 of letters, digits and +-=._:@, not beginning with "aws:"',
          remedy: "rename the tag",
        });
      }
      if (key.toLowerCase() === "name") {
        refuse({
          property: `a key of ${property}`,
          value: key,
          allowed: "any but Name, which the library sets",
          remedy: "use clusterName to name the machines",
        });
      }
      if (key === BUCKET_TAG) {
        refuse({
          property: `a key of ${property}`,
          value: key,
          allowed: `any but ${BUCKET_TAG}, which the library sets`,
          remedy: "rename the tag",
        });
      }
      if (typeof value !== "string" || !VALUE.test(value)) {
        refuse({
          property: `${property}[${JSON.stringify(key)}]`,
          value,
          allowed: "a text of at most 256 letters, digits, spaces and _.:/=+-@",
          remedy: typeof value === "string" ? "leave out the other characters" : "put it in quotes",
        });
      }
      return [key, escapeTerraformText(value)];
    }),
  );
}
