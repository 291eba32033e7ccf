import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Block } from "../support/synthesized";
import { Terraform } from "../support/terraform";
import { PROVIDER_VERSION } from "./terraform-schema";

/** What Terraform says of one place. */
interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly filename: string };
}

/**
 * Validates configurations with Terraform itself, whose provider knows more than its schema says, such as which
 * characters a name may have. Each is a module of one configuration, for starting the provider takes longest.
 *
 * @returns what is wrong, by the number of the configuration
 */
export async function terraformFaults(configurations: readonly Block[]): Promise<Map<number, string[]>> {
  const folder = mkdtempSync(path.join(tmpdir(), "validate-"));
  try {
    configurations.forEach((configuration, number) => {
      mkdirSync(path.join(folder, `${number}`));
      writeFileSync(path.join(folder, `${number}`, "main.tf.json"), JSON.stringify(asModule(configuration)));
    });
    const terraform = new Terraform(folder);
    const all = configurations.map((_, number) => number);
    writeRoot(folder, all);
    // What can be read at all is known before the provider is asked.
    const unreadable = byModule(diagnosticsIn((await terraform.callAnyway("init", "-json")).stdout));
    if (unreadable.size > 0) {
      writeRoot(
        folder,
        all.filter((number) => !unreadable.has(number)),
      );
      await terraform.init();
    }
    const { diagnostics } = JSON.parse((await terraform.callAnyway("validate", "-json")).stdout) as Validation;
    return new Map([...unreadable, ...byModule(diagnostics)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `terraform validate -json` answers. */
interface Validation {
  readonly diagnostics: readonly Diagnostic[];
}

function writeRoot(folder: string, numbers: readonly number[]): void {
  const modules = numbers.map((number) => [`m${number}`, { source: `./${number}` }]);
  const aws = { source: "hashicorp/aws", version: PROVIDER_VERSION };
  const root = { terraform: { required_providers: { aws } }, module: Object.fromEntries(modules) as object };
  writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(root));
}

/** Those of `terraform init -json`, which says each thing on a line of its own. */
function diagnosticsIn(output: string): Diagnostic[] {
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return lines.flatMap((line) => (JSON.parse(line) as { readonly diagnostic?: Diagnostic }).diagnostic ?? []);
}

/** Where the state lies, and what stands for variables, is up to the configuration that calls a module. */
function asModule({ terraform, variable, ...rest }: Block): Block {
  const { required_providers } = terraform as Block;
  const variables = Object.entries((variable ?? {}) as Block).map(([name, each]) => [
    name,
    { default: null, ...(each as Block) },
  ]);
  return { terraform: { required_providers }, variable: Object.fromEntries(variables) as Block, ...rest };
}

/** Errors by the number of the module that they are of. */
function byModule(diagnostics: readonly Diagnostic[]): Map<number, string[]> {
  const faults = new Map<number, string[]>();
  for (const { severity, summary, detail = "", range } of diagnostics) {
    if (severity !== "error") continue;
    const number = /^(\d+)\//.exec(range?.filename ?? "")?.[1];
    if (number === undefined) throw new Error(`Terraform refuses more than one of them: ${summary}: ${detail}`);
    faults.set(Number(number), [...(faults.get(Number(number)) ?? []), `${summary}: ${detail}`]);
  }
  return faults;
}
