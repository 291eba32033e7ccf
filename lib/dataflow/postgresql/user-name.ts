import { requireKnown } from "../../core/terraform/text";
import { refuse, requireText } from "../../core/validation";

/** What needs no quotes, so that people who look after the database need none either. */
const USER_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
/** PostgreSQL's and Amazon RDS's own begin so. */
const RESERVED_BEGINNINGS = ["pg_", "rds"];
/** Words that stand for others in PostgreSQL's grants. */
const RESERVED = ["public", "none", "postgres"];

/** Refuses all but a name that a user of a database of Amazon RDS may have, and that is not its administrator's. */
export function requireUserName(property: string, name: unknown, administrator: string): asserts name is string {
  requireKnown(property, name, "it names what is granted");
  requireText(
    property,
    name,
    USER_NAME,
    "the name of a user: 1 to 63 lower-case letters, digits and _, not beginning with a digit",
  );
  const text = name as string;
  const isReserved = RESERVED.includes(text) || RESERVED_BEGINNINGS.some((beginning) => text.startsWith(beginning));
  if (!isReserved && text !== administrator) return;
  refuse({
    property,
    value: name,
    allowed: `none of PostgreSQL's, of Amazon RDS's or of the administrator's (${[...RESERVED, administrator].join(", ")}, ${RESERVED_BEGINNINGS.map((beginning) => `${beginning}…`).join(", ")})`,
    remedy: 'name one of your own, for example "flink_writer"',
  });
}
