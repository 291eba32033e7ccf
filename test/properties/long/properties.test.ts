import os from "node:os";
import { publicInputs } from "../../cluster/bad-input/public-inputs";
import { writePage } from "../../scenarios/record";
import { readPublicApi } from "../../support/public-api";
import { Generators } from "../generators";
import { storedProviderSchema } from "../provider-schema";
import { recordLines } from "../record";
import { Run, seedOfRun, Synthesis } from "../run";
import { terraformFaults } from "../terraform-validate";

const SEED = seedOfRun(Math.floor(Math.random() * 2 ** 31));
const OF_A_CONSTRUCT = 160;
const OF_A_VALUE = 40;
/** Of those that can be told much, more: each of it is said in one of ten. */
const OF_A_PROPERTY = 12;
const AT_LEAST = 10_000;
/** Configurations of a subject that Terraform itself validates: it takes a hundred times as long as a look at the schema. */
const VALIDATED = 10;
const MINUTES = 60_000;

const api = readPublicApi();
const generators = new Generators(api);
const run = new Run(generators, {
  seed: SEED,
  programs: ({ isConstruct, properties }) => (isConstruct ? OF_A_CONSTRUCT : OF_A_VALUE) + OF_A_PROPERTY * properties,
  schema: storedProviderSchema(),
});
/** Programs of which Terraform itself says that what they give is not valid. */
const refusedByTerraform: string[] = [];
let validated = 0;

async function validate(all: readonly Synthesis[]): Promise<void> {
  // What has no resource is nothing that Terraform could refuse.
  const some = all.filter(({ configuration }) => configuration.resource !== undefined);
  const step = Math.max(1, Math.floor(some.length / VALIDATED));
  const chosen = some.filter((_each, number) => number % step === 0).slice(0, VALIDATED);
  if (chosen.length === 0) return;
  const faults = await terraformFaults(chosen.map(({ configuration }) => configuration));
  for (const [number, found] of faults) refusedByTerraform.push(`${chosen[number].program}\n${found.join("\n")}`);
  validated += chosen.length;
}

test.each(generators.subjects().map((subject) => [subject.call, subject] as const))(
  `programs of %s give what Terraform finds valid, or one sentence (SEED=${SEED})`,
  async (_, subject) => {
    const before = refusedByTerraform.length;
    await validate(run.of(subject));
    expect(run.figures.at(-1)!.neither).toEqual([]);
    expect(refusedByTerraform.slice(before)).toEqual([]);
  },
  30 * MINUTES,
);

test(
  "every input is given, and stands in what is synthesized",
  () => {
    const all = publicInputs(api);
    const before = run.neither.length;
    for (const input of all) if (!run.given.get(input)?.taken) run.seek(input, generators.subjects());
    expect(run.neither.slice(before)).toEqual([]);
    expect(all.filter((input) => !run.given.has(input))).toEqual([]);
    expect(all.filter((input) => run.given.get(input)?.taken === 0)).toEqual([]);
    expect(run.figures.reduce((sum, { synthesized, refused }) => sum + synthesized + refused, 0)).toBeGreaterThan(
      AT_LEAST,
    );
  },
  30 * MINUTES,
);

afterAll(() => {
  const machine = `${os.cpus().length} processors`;
  writePage("properties.md", recordLines({ run, seed: SEED, validated, refusedByTerraform, machine }));
});
