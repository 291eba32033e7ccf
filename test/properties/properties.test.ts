import { publicInputs } from "../cluster/bad-input/public-inputs";
import { readPublicApi } from "../support/public-api";
import { Generators } from "./generators";
import { storedProviderSchema } from "./provider-schema";
import { Run, seedOfRun } from "./run";

/** The same each time, so that what fails here is what was changed. `make prove` takes another each time, and thousands. */
const SEED = seedOfRun(20_261_130);
const OF_A_CONSTRUCT = 8;
const OF_A_VALUE = 4;

const api = readPublicApi();
const generators = new Generators(api);
const run = new Run(generators, {
  seed: SEED,
  programs: ({ isConstruct }) => (isConstruct ? OF_A_CONSTRUCT : OF_A_VALUE),
  schema: storedProviderSchema(),
});

test.each(generators.subjects().map((subject) => [subject.call, subject] as const))(
  `programs of %s give a valid configuration or one sentence (SEED=${SEED})`,
  (_, subject) => {
    run.of(subject);
    expect(run.figures.at(-1)!.neither).toEqual([]);
  },
);

test("programs give every input of the public API, each from values that the table of inputs has of its type", () => {
  const inputs = publicInputs(api);
  // Which programs there are is known once they were made.
  expect(run.figures.length).toBeGreaterThan(80);
  expect(inputs.filter((input) => !generators.inputs.has(input))).toEqual([]);
  expect([...generators.inputs].filter((input) => !inputs.includes(input))).toEqual([]);
  expect([...generators.withoutValues]).toEqual([]);
});

test("careful and careless programs are neither all synthesized nor all refused", () => {
  const constructs = run.figures.filter(({ isConstruct }) => isConstruct);
  expect(constructs.length).toBeGreaterThan(15);
  const sum = (of: "synthesized" | "refused") => constructs.reduce((all, each) => all + each[of], 0);
  expect(sum("synthesized")).toBeGreaterThan(sum("refused") / 4);
  expect(sum("refused")).toBeGreaterThan(sum("synthesized") / 4);
});
