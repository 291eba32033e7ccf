import { readFileSync } from "node:fs";
import { text as textOf } from "node:stream/consumers";
import { Command } from "commander";
import { isColorSupported } from "picocolors";
import { judgePlan } from "../lib/plan-guard/judge-plan";
import { renderPlan } from "../lib/plan-guard/render-plan";
import { readPlan } from "../lib/plan-guard/terraform-plan";
import { Problem } from "../lib/software/problem";

/** Exit code of a plan that is read, and must not be applied as it is. */
export const DANGEROUS = 3;

const STANDARD_INPUT = "-";

interface PlanFlags {
  readonly allow?: readonly string[];
  readonly json: boolean;
}

/** Adds the command that says in words what a plan does, and stops a dangerous one. */
export function addPlan(cli: Command): void {
  cli
    .command("plan")
    .summary("say what a plan of Terraform does to clusters, and fail where it is dangerous")
    .description(
      "Says of a saved plan which machines it stops, replaces or removes, which data goes and cannot be brought back, what the nodes take over by " +
        "themselves and how often jobs restart by it, which doors it opens or closes, and who may more than before. Values that the plan marks as sensitive are not shown. " +
        `Exit code ${DANGEROUS} where it is dangerous: more than one node of a cluster stopped, replaced or removed at once; something that holds data, or its key, ` +
        "deleted or replaced, or kept for a shorter time; what is fixed for a cluster's life changed; a door opened to the whole internet, and what else is made public. It asks nobody and needs no account.",
    )
    .argument("<file>", "what `terraform show -json` prints of the saved plan; - reads it from standard input")
    .option(
      "--allow <address>",
      "what is meant all the same, by the address of its resource; give it once for each",
      (address: string, before: readonly string[] = []) => [...before, address],
    )
    .option("--json", "for programs", false)
    .addHelpText(
      "after",
      `
Example, with the stack "streaming" after npx cdktf synth:
  cd cdktf.out/stacks/streaming
  terraform init && terraform plan -out=change.tfplan
  terraform show -json change.tfplan | npx cdktf-flink plan - && terraform apply change.tfplan`,
    )
    .action(async (file: string, { allow = [], json }: PlanFlags) => {
      const plan = readPlan(await readText(file), file === STANDARD_INPUT ? "standard input" : file);
      const judgement = judgePlan(plan, allow);
      const colourful = process.stdout.isTTY === true && isColorSupported;
      console.log(json ? JSON.stringify(judgement, undefined, 2) : renderPlan(judgement, colourful));
      if (judgement.isDangerous) process.exitCode = DANGEROUS;
    });
}

async function readText(file: string): Promise<string> {
  if (file === STANDARD_INPUT) return textOf(process.stdin);
  try {
    return readFileSync(file, "utf8");
  } catch (failure) {
    throw new Problem(`${file} cannot be read (${(failure as Error).message}): name the file of the plan`);
  }
}
