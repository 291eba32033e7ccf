import { parseStatementLine, StatementInForce, statementLine } from "./policies";

/** A line of the file of all statements that were ever in force: its name, and behind a tab the actions it allows. */
export function inForceLine({ actions, ...name }: StatementInForce): string {
  return [statementLine(name), ...(actions.length > 0 ? [actions.join(",")] : [])].join("\t");
}

/** The reverse of `inForceLine`. */
export function parseInForceLine(line: string): StatementInForce {
  const [name, actions] = line.split("\t");
  return { ...parseStatementLine(name), actions: actions === undefined ? [] : actions.split(",") };
}
