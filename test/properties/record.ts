import { execFileSync } from "node:child_process";
import { Run } from "./run";

export interface PropertiesRecord {
  readonly run: Run;
  readonly seed: number;
  /** How many configurations Terraform itself validated, and what it refused of them. */
  readonly validated: number;
  readonly refusedByTerraform: readonly string[];
  readonly machine: string;
}

/** The page that tells what came of all programs. */
export function recordLines({ run, seed, validated, refusedByTerraform, machine }: PropertiesRecord): string[] {
  const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: __dirname, encoding: "utf8" }).trim();
  const sum = (of: "synthesized" | "refused") => run.figures.reduce((all, each) => all + each[of], 0);
  const [synthesized, refused, neither] = [sum("synthesized"), sum("refused"), run.neither.length];
  const constructs = run.figures.filter(({ isConstruct }) => isConstruct);
  const values = run.figures.filter(({ isConstruct }) => !isConstruct);
  const counts = [...run.given.values()];
  return [
    "# Programs that nobody wrote",
    "",
    `One run of test/properties/long/properties.test.ts, ${new Date().toISOString().slice(0, 10)}, commit ${commit}, on ${machine}:`,
    `\`SEED=${seed}\` makes the same programs again. Each begins with one call of the public API and gives it values of every kind:`,
    "those that the table of inputs takes and what lies between them, those that are nearly right, and those that are not (other",
    "types, edges of numbers, references, other characters, texts of 20,000). Half of the programs are careful: they give only",
    "what each input takes by itself.",
    "",
    "| | programs |",
    "| --- | --- |",
    `| programs | ${synthesized + refused + neither} |`,
    `| gave a configuration that the provider's schema allows | ${synthesized} |`,
    `| of these with resources, and validated by Terraform itself with its AWS provider | ${validated} |`,
    `| of these refused by Terraform | ${refusedByTerraform.length} |`,
    `| were refused in one sentence | ${refused} |`,
    `| gave neither | ${neither} |`,
    "",
    `Inputs that were given: ${counts.length}, the rarest ${Math.min(...counts.map(({ times }) => times))} times; each of them stood in`,
    `something that was synthesized, the rarest ${Math.min(...counts.map(({ taken }) => taken))} times.`,
    "",
    "| construct | synthesized | refused in one sentence | neither |",
    "| --- | --- | --- | --- |",
    ...constructs.map(
      (each) => `| \`${each.call}\` | ${each.synthesized} | ${each.refused} | ${each.neither.length} |`,
    ),
    `| ${values.length} calls that make a value | ${total(values, "synthesized")} | ${total(values, "refused")} | ${values.flatMap((each) => each.neither).length} |`,
    "",
  ];
}

function total(figures: Run["figures"], of: "synthesized" | "refused"): number {
  return figures.reduce((all, each) => all + each[of], 0);
}
