import { inspect } from "node:util";
import { ValidationError } from "../../lib/core/validation";
import { synthesizeStack, testStack } from "../support/synth";
import { Block } from "../support/synthesized";
import { Described, Place } from "./described";
import { ProviderSchema } from "./provider-schema";
import { schemaFaults } from "./schema-faults";

/** What became of a program: a configuration, one sentence, or neither, which is a fault of the library. */
export type Outcome =
  | { readonly kind: "synthesized"; readonly configuration: Block }
  | { readonly kind: "refused"; readonly sentence: string }
  | { readonly kind: "neither"; readonly faults: readonly string[] };

/** A refusal: where it is, the property, its value, what is allowed, how to mend it. */
const SENTENCE = /^(?:stack\S* ?[^\n]*?: )?(\S[^\n]*?) is ([^\n]+?), but must be ([^\n]+): ([^\n]*[^\n.])$/;
/** A sentence that is longer was not written for a reader. */
const LONGEST_SENTENCE = 2_000;
const WORDS_OF_MACHINES = /\b(TypeError|RangeError|ReferenceError|is not a function|cannot read propert|\[object )/i;

/** Runs a program in a stack of its own. */
export function outcomeOf(program: Described, schema: ProviderSchema): Outcome {
  const stack = testStack();
  let configuration: Block;
  try {
    new Place(stack).make(program);
    configuration = synthesizeStack(stack).json;
  } catch (error) {
    return refusal(error);
  }
  const faults = schemaFaults(configuration, schema);
  return faults.length > 0 ? { kind: "neither", faults } : { kind: "synthesized", configuration };
}

function refusal(error: unknown): Outcome {
  if (!(error instanceof ValidationError)) return { kind: "neither", faults: [inspect(error)] };
  const { message } = error;
  const fault = !SENTENCE.test(message)
    ? "is refused in another form"
    : message.length > LONGEST_SENTENCE
      ? `is refused in ${message.length} characters`
      : WORDS_OF_MACHINES.test(message)
        ? "is refused in words of a machine"
        : undefined;
  return fault ? { kind: "neither", faults: [`${fault}: ${message}`] } : { kind: "refused", sentence: message };
}
