import { requireKnown } from "../../core/terraform/text";
import { refuse } from "../../core/validation";

/** What needs no quotes, so that people who look after the database need none either. */
const USER_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
/** PostgreSQL's and Amazon RDS's own begin so. */
const RESERVED_BEGINNINGS = ["pg_", "rds"];
/** Words that stand for others in PostgreSQL's grants. */
const RESERVED = ["public", "none", "postgres"];

/** Refuses all but a name that a user of a database of Amazon RDS may have, and that is not its administrator's. */
export function requireUserName(property: string, name: unknown, administrator: string): asserts name is string {
  requireKnown(property, name, "it names what is granted");
  if (typeof name !== "string" || !USER_NAME.test(name)) {
    refuse({
      property,
      value: name,
      allowed: "the name of a user: 1 to 63 lower-case letters, digits and _, not beginning with a digit",
      remedy: `set ${property} to ${likelyMeant(name, administrator) ?? "such a text"}`,
    });
  }
  if (!isTaken(name, administrator)) return;
  refuse({
    property,
    value: name,
    allowed: `none of PostgreSQL's, of Amazon RDS's or of the administrator's (${[...RESERVED, administrator].join(", ")}, ${RESERVED_BEGINNINGS.map((beginning) => `${beginning}…`).join(", ")})`,
    remedy: 'name one of your own, for example "flink_writer"',
  });
}

/** Of PostgreSQL, of Amazon RDS or of the administrator. */
function isTaken(name: string, administrator: string): boolean {
  const isReserved = RESERVED.includes(name) || RESERVED_BEGINNINGS.some((beginning) => name.startsWith(beginning));
  return isReserved || name === administrator;
}

/** As PostgreSQL makes it of a name without quotes, in which it takes no hyphens. */
function likelyMeant(name: unknown, administrator: string): string | undefined {
  if (typeof name !== "string") return undefined;
  const folded = name.toLowerCase().replaceAll("-", "_");
  return USER_NAME.test(folded) && !isTaken(folded, administrator) ? `"${folded}"` : undefined;
}
