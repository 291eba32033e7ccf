/** One statement of a policy of IAM. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Where the statements hold, and for what. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Beginnings of the names of what the stacks make, such as `streaming-`. */
  readonly names: readonly string[];
}

/** The text of a policy. */
export function document(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
