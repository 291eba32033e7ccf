import { origin, writePage } from "../../scenarios/record";

/** What one run showed. */
export interface CompatibilityRecord {
  readonly stacks: number;
  readonly installations: readonly {
    readonly name: string;
    /** Versions by package. */
    readonly versions: Readonly<Record<string, string>>;
    /** What is compared with, and where the two differ. */
    readonly comparedWith?: string;
    readonly differences?: readonly string[];
    /** What the compiler said. */
    readonly typeCheck: string;
  }[];
}

/** Writes docs/records/compatibility.md. */
export function writeCompatibilityRecord({ stacks, installations }: CompatibilityRecord): void {
  const rows = installations.map(({ name, versions, comparedWith, differences = [], typeCheck }) => {
    const installed = Object.entries(versions).map(([name, version]) => `\`${name}\` ${version}`);
    const differs = differences.map((place) => `\`${place}\``).join(", ") || "nowhere";
    const types = typeCheck === "" ? "no error" : `${typeCheck.split("\n").length} lines of errors`;
    return `| ${name} | ${installed.join(", ")} | ${comparedWith ?? "-"} | ${comparedWith ? differs : "-"} | ${types} |`;
  });
  writePage("compatibility.md", [
    "# Versions of CDKTF, its fork and the provider",
    "",
    origin("test/package/long/compatibility.test.ts")[0].replace(/, on \d+ processors with$/, "."),
    "The packed package was installed by npm beside each of these, and the ready stacks, the pipeline and every example were",
    `synthesized: ${stacks} stacks. They are compared as parsed JSON.`,
    "",
    "| | installed | compared with | differs in | the compiler, strictly, of package and programs |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "Nothing of it was applied: what is applied in the tests and in the lab is what provider 20 synthesizes.",
    "",
  ]);
}
