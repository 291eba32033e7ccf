import { inspect } from "node:util";
import { TerraformStack } from "cdktf";
import { showValue, ValidationError } from "../../../lib/core/validation";
import { HIDDEN, isSecretName } from "../../../lib/core/without-secrets";
import { Synthesized, synthesizeStack, testStack } from "../../support/synth";
import { MADE_IN_STACK } from "./made-in-stack";
import { Row } from "./row";
import { COMMON } from "./values";

const PRIMITIVES = ["string", "number", "boolean", "bigint"];

type NamedInput = Pick<Row, "named" | "isMap">;

/** What was synthesized, or what was thrown. */
type Outcome = { readonly synthesized: Synthesized } | { readonly error: unknown };

/** What comes of a value. */
export function attempt(give: (stack: TerraformStack) => unknown): Outcome {
  const stack = testStack();
  try {
    give(stack);
    return { synthesized: synthesizeStack(stack) };
  } catch (error) {
    return { error };
  }
}

function tryValue(row: Row, value: unknown): Outcome {
  return attempt((stack) => row.give(stack, (MADE_IN_STACK.get(value)?.(stack) ?? value) as never));
}

/** What is wrong with the refusal of a value; undefined if it is as it must be. */
export function faultOfRefusal(error: unknown, { named, isMap }: NamedInput, value?: unknown): string | undefined {
  if (!(error instanceof ValidationError)) return `was refused in other words: ${inspect(error)}`;
  const { constructPath } = error;
  const place = constructPath === undefined ? "" : `${constructPath}: `;
  if (!error.message.startsWith(place)) return `does not begin with ${place}: ${error.message}`;
  const message = error.message.slice(place.length);
  const isOfEntry = isMap && !message.startsWith(`${named} is `);
  const entry = isOfEntry && /^a key of (?=\w)|(?<=\w)(\["[^"]+"\]|\.\w+)(?= is | of [\w.]+ is )/.exec(message)?.[0];
  // Of what there is no construct yet, it stands before what it belongs to: where["x"] of MetricQuery.
  const name = entry
    ? entry.startsWith("a key")
      ? `${entry}${named}`
      : named.replace(/(?= of )|$/, () => entry)
    : named;
  if (!message.startsWith(`${name} is `)) return `was refused without the name ${named}: ${message}`;
  const parts = /^(.+?), but must be (.+): (.+[^.])$/.exec(message.slice(`${name} is `.length));
  if (!parts) return `was refused in another form: ${message}`;
  // Of what it is a part says nothing of it.
  const [ownName] = named.replace(/^the argument of /, "").split(" of ");
  const shown = typeof value === "string" && isSecretName(ownName) ? HIDDEN : showValue(value);
  // In place of a secret's ARN somebody may have given the secret.
  if (ownName === "secretArn" && parts[1].startsWith("a text that is not shown")) return undefined;
  if (PRIMITIVES.includes(typeof value) && parts[1] !== shown) return `is not shown as ${shown} in: ${message}`;
  return undefined;
}

/** What is wrong with what was synthesized of a value. */
function faultOfPlan(row: Row, value: unknown, synthesized: Synthesized): string | undefined {
  const raw = /(?<!\$)\$\{x\}|(?<!%)%\{(x| if)/.exec(synthesized.text);
  if (raw) return `reaches Terraform as its own language: ${synthesized.text.slice(raw.index - 40, raw.index + 20)}`;
  if (!row.reads) return undefined;
  const read = row.reads(synthesized);
  return read === value ? undefined : `is read back as ${inspect(read)}`;
}

function faultOf(row: Row, value: unknown): string | undefined {
  const outcome = tryValue(row, value);
  const isTaken = row.takes.some((each) => Object.is(each, value));
  if ("synthesized" in outcome) {
    return isTaken ? faultOfPlan(row, value, outcome.synthesized) : "was taken and must be refused";
  }
  return isTaken ? `must be taken: ${inspect(outcome.error)}` : faultOfRefusal(outcome.error, row, value);
}

/** What is wrong with what comes of leaving a property out. */
function faultOfAbsence(row: Row, outcome: Outcome): string | undefined {
  if ("synthesized" in outcome) return row.required ? "was taken and must be refused" : undefined;
  return row.required ? faultOfRefusal(outcome.error, row) : inspect(outcome.error);
}

/** What is wrong with what comes of `null`, which other languages say for leaving a property out. */
function faultOfNull(row: Row, outcome: Outcome, leftOut: Outcome): string | undefined {
  if ("error" in outcome) return faultOfRefusal(outcome.error, row, null);
  if (row.required) return "was taken and must be refused";
  return "synthesized" in leftOut && leftOut.synthesized.text === outcome.synthesized.text
    ? undefined
    : "differs from leaving it out";
}

/** A test of each row: of what it takes, what it refuses, and what is common to all inputs. */
export function testRows(rows: readonly Row[]): void {
  test.each(rows.map((row) => [row.about ? `${row.input}, ${row.about}` : row.input, row] as const))("%s", (_, row) => {
    const values = new Set([...row.takes, ...(row.refuses ?? []), ...(row.own ? [] : COMMON)]);
    const faults = [...values].map((value) => [value, faultOf(row, value)] as const);
    if (!row.own) {
      const leftOut = tryValue(row, undefined);
      faults.push([undefined, faultOfAbsence(row, leftOut)], [null, faultOfNull(row, tryValue(row, null), leftOut)]);
    }
    expect(
      faults
        .filter(([, fault]) => fault !== undefined)
        .map(([value, fault]) => `${inspect(value, { depth: 0, maxStringLength: 60 })} ${fault}`),
    ).toEqual([]);
  });
}
