import { requireKnown } from "../core/terraform/text";
import { requireText } from "../core/validation";
import { CONNECTION_NAME } from "../node/connections";

const LONGEST_NAME = 63;

/**
 * What jobs find a system by on the nodes: the given name, or the construct's id in lower case with `-` for what is no
 * letter or digit, or `otherwise` where that leaves nothing.
 */
export function connectionName(given: string | undefined, id: string, otherwise: string): string {
  if (given === undefined) {
    const plain = id.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    return plain.slice(0, LONGEST_NAME).replace(/^[^a-z]+|-+$/g, "") || otherwise;
  }
  requireKnown("connectionName", given, "it names files on the nodes");
  requireText(
    "connectionName",
    given,
    CONNECTION_NAME,
    `1 to ${LONGEST_NAME} lower-case letters, digits and -, beginning with a letter`,
  );
  return given;
}
