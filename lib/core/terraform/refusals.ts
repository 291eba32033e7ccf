import { IConstruct } from "constructs";
import { ValidationError } from "../validation";
import { visiblePath } from "./names";

/** Checks what a construct was given: a refusal then begins with where the construct stands, such as `streaming/flink: `. */
export function checkInputOf<T>(construct: IConstruct, check: () => T): T {
  try {
    return check();
  } catch (failure) {
    // The innermost construct knows best, and says it once.
    if (!(failure instanceof ValidationError) || failure.constructPath !== undefined) throw failure;
    throw new ValidationError(failure.message, visiblePath(construct).join("/"));
  }
}
