import fc from "fast-check";
import { Block } from "../support/synthesized";
import { Described, inputsIn, program } from "./described";
import { CAREFUL, CARELESS, Generators, Subject } from "./generators";
import { outcomeOf } from "./outcome";
import { ProviderSchema } from "./provider-schema";

/** What became of the programs that begin with one call. */
export interface SubjectFigures {
  readonly call: string;
  readonly isConstruct: boolean;
  synthesized: number;
  refused: number;
  /** Programs that gave neither, with what came of them instead. */
  readonly neither: string[];
}

export interface RunOptions {
  readonly seed: number;
  /** Programs of a subject: half of them careful, half of them careless. */
  readonly programs: (subject: Subject) => number;
  readonly schema: ProviderSchema;
}

/** A configuration, and the program that it is of. */
export interface Synthesis {
  readonly configuration: Block;
  readonly program: string;
}

/** Of what is said rarely; to look at a program costs a small part of running it. */
const [ROUNDS_OF_SEEKING, PROGRAMS_OF_A_ROUND] = [10, 200];

/** What became of all programs. */
export class Run {
  public readonly figures: SubjectFigures[] = [];
  /** How often each input was given, and how often in what was synthesized. */
  public readonly given = new Map<string, { times: number; taken: number }>();

  public constructor(
    private readonly generators: Generators,
    private readonly options: RunOptions,
  ) {}

  /** All that gave neither, as a reader can look into it. */
  public get neither(): string[] {
    return this.figures.flatMap(({ neither }) => neither);
  }

  /** Runs the programs of a subject; gives what was synthesized of them. */
  public of(subject: Subject): Synthesis[] {
    const { call, isConstruct } = subject;
    const figures: SubjectFigures = { call, isConstruct, synthesized: 0, refused: 0, neither: [] };
    this.figures.push(figures);
    const numRuns = Math.ceil(this.options.programs(subject) / 2);
    const { seed } = this.options;
    return [CAREFUL, CARELESS].flatMap((care) => {
      const programs = subject.programs(care);
      const before = figures.neither.length;
      const all = fc.sample(programs, { numRuns, seed }).flatMap((described) => this.ofProgram(described, figures));
      if (figures.neither.length > before) figures.neither.unshift(this.smallest(programs, { numRuns, seed }));
      return all;
    });
  }

  /** Of what never stood in anything that was synthesized: programs that give it are looked for, with other seeds. */
  public seek(input: string, subjects: readonly Subject[]): void {
    for (let round = 1; round <= ROUNDS_OF_SEEKING; round++) {
      const seed = this.options.seed + round;
      for (const subject of subjects) {
        const figures = this.figures.find(({ call }) => call === subject.call)!;
        for (const described of fc.sample(subject.programs(CAREFUL), { numRuns: PROGRAMS_OF_A_ROUND, seed })) {
          if (!inputsIn(described, this.generators).has(input)) continue;
          this.ofProgram(described, figures);
          if (this.given.get(input)!.taken > 0) return;
        }
      }
    }
  }

  private ofProgram(described: Described, figures: SubjectFigures): Synthesis[] {
    const outcome = outcomeOf(described, this.options.schema);
    const isSynthesized = outcome.kind === "synthesized";
    // A slip of the pen is no input.
    const inputs = [...inputsIn(described, this.generators)].filter((input) => this.generators.inputs.has(input));
    for (const input of inputs) {
      const known = this.given.get(input) ?? { times: 0, taken: 0 };
      this.given.set(input, { times: known.times + 1, taken: known.taken + (isSynthesized ? 1 : 0) });
    }
    if (outcome.kind === "neither") figures.neither.push(`${program(described)}\n${outcome.faults.join("\n")}`);
    if (outcome.kind === "refused") figures.refused += 1;
    if (!isSynthesized) return [];
    figures.synthesized += 1;
    return [{ configuration: outcome.configuration, program: program(described) }];
  }

  /** The smallest of the programs that give neither: what a person looks into first. */
  private smallest(programs: fc.Arbitrary<Described>, parameters: fc.Parameters<[Described]>): string {
    const givesEither = fc.property(programs, (each) => outcomeOf(each, this.options.schema).kind !== "neither");
    const { counterexample } = fc.check(givesEither, parameters);
    return counterexample === null
      ? "a program that is not found again"
      : `the smallest: ${program(counterexample[0])}`;
  }
}

/** `SEED` of the environment, so that what failed can be run again. */
export function seedOfRun(otherwise: number, environment: NodeJS.ProcessEnv = process.env): number {
  const given = environment.SEED;
  if (given === undefined || given === "") return otherwise;
  if (!/^\d{1,10}$/.test(given))
    throw new Error(`SEED is ${given}, but must be a whole number: unset it, or set it to one`);
  return Number(given);
}
