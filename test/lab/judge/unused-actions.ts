import { operationOfAction } from "./documented-operations";
import { parseStatementLine, StatementInForce } from "./policies";

/** An action that a statement allows, and that nobody did by its leave, though the statement was used for others. */
export interface UnusedAction {
  /** The line of the statement. */
  readonly statement: string;
  readonly action: string;
  /** What needs it all the same, where that is documented. */
  readonly operation?: string;
}

/** What was done by leave of which statement, by the statement's line. */
export class UsedActions {
  private readonly actions = new Map<string, Set<string>>();

  public add(statement: string, action: string): void {
    const known = this.actions.get(statement) ?? new Set();
    this.actions.set(statement, known.add(action));
  }

  /** Every statement that anything was done by leave of. */
  public get statements(): Set<string> {
    return new Set(this.actions.keys());
  }

  /** A used statement hides what it allows too much: each of its actions counts by itself. */
  public unused(inForce: readonly StatementInForce[], lineOf: (statement: StatementInForce) => string): UnusedAction[] {
    const found = new Map<string, UnusedAction>();
    for (const statement of inForce) {
      const line = lineOf(statement);
      const used = this.actions.get(line);
      if (!used) continue;
      for (const action of statement.actions.filter((pattern) => ![...used].some((one) => matches(pattern, one)))) {
        const operation = operationOfAction(parseStatementLine(line), action)?.operation;
        found.set(`${line} ${action}`, { statement: line, action, ...(operation !== undefined && { operation }) });
      }
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }
}

/** IAM compares actions without regard to case, and knows two wildcards in them. */
function matches(pattern: string, action: string): boolean {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${text}$`, "i").test(action);
}
