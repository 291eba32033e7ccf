import { Block, Synthesized } from "../support/synthesized";
import { Rule } from "./rule";

/** A program in the form of its synthesized JSON. */
export type Program = Block;

/** A program of these resources, `{ aws_vpc: { it: {} } }`. */
export function resources(resource: Record<string, Record<string, Block>>): Program {
  return { resource };
}

/** A program of one resource, `it`. */
export function only(type: string, block: Block): Program {
  return resources({ [type]: { it: block } });
}

/** A program of one resource that has a policy of one statement. */
export function withStatement(type: string, statement: Block): Program {
  return only(type, { policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) });
}

/** Tests a rule: it finds nothing in the compliant programs, and exactly one thing in each of the others. */
export function testRule(
  rule: Rule,
  programs: {
    readonly compliant: Readonly<Record<string, Program>>;
    readonly nonCompliant: Readonly<Record<string, Program>>;
  },
): void {
  describe(rule.name, () => {
    test.each(Object.entries(programs.compliant))("holds for %s", (_, program) => {
      expect([...rule.problems(new Synthesized(program))]).toEqual([]);
    });
    test.each(Object.entries(programs.nonCompliant))("is broken by %s", (_, program) => {
      expect([...rule.problems(new Synthesized(program))]).toHaveLength(1);
    });
  });
}
