import { Construct, IConstruct } from "constructs";
import { printable } from "../printable";
import { refuse, ValidationError } from "../validation";
import { visiblePath } from "./names";

/** Checks what a construct was given: a refusal then begins with where the construct stands, such as `streaming/flink: `. */
export function checkInputOf<T>(construct: IConstruct, check: () => T): T {
  try {
    return check();
  } catch (failure) {
    // The innermost construct knows best, and says it once.
    if (!(failure instanceof ValidationError) || failure.constructPath !== undefined) throw failure;
    // An id may hold what would end the line, and the app has none.
    throw new ValidationError(failure.message, printable(visiblePath(construct).join("/")) || undefined);
  }
}

/** Refuses anything but a construct that has these attributes. */
export function requireConstruct(
  property: string,
  value: unknown,
  attributes: readonly string[],
  allowed: string,
  remedy = `create one and pass it as ${property}`,
): void {
  if (Construct.isConstruct(value) && attributes.every((attribute) => attribute in value)) return;
  // Never with its whole content: constructs are large and circular.
  const shown: unknown = Construct.isConstruct(value) ? `the construct ${(value as IConstruct).node.path}` : value;
  refuse({ property, value: shown, allowed, remedy });
}
