import { requireText } from "../../core/validation";

/** OpenSearch's own rule for names, narrowed to what needs no escaping in a path, and one `*` at the end. */
const INDEX = /^(?=.{1,255}$)[a-z0-9][a-z0-9._-]*(?:(?<=^..+)\*)?$/;

/** Refuses what names neither an index nor several by how they begin. */
export function requireIndexPattern(property: string, name: unknown, what: string): void {
  requireText(
    property,
    name,
    INDEX,
    `${what}: 1 to 255 lower-case letters, digits and ._-, beginning with a letter or a digit, with at most one * at the end, after two characters at least`,
  );
}
