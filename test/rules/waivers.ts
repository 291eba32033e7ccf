import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One row of docs/waivers.md. */
export interface Waiver {
  readonly rule: string;
  /** A type of resource, or an address in which `*` stands for anything. */
  readonly resource: string;
  readonly reason: string;
}

/** Something that a rule or a scanner found. */
export interface Waivable {
  readonly rule: string;
  readonly address: string;
}

const PAGE = join(__dirname, "..", "..", "docs", "waivers.md");
const RULE = /^(CKV2?_[A-Z0-9]+_\d+|[a-z]+(-[a-z]+)+)$/;
const RESOURCE = /^(data\.)?[a-z][a-z0-9_]+(\.[\w*-]+)?$/;
/** Shorter is no reason. */
const SHORTEST_REASON = 30;

/** The rows of the page's tables. Refuses a page with a row that says nothing, or two that say the same. */
export function parseWaivers(page: string): Waiver[] {
  const waivers = page
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    )
    .filter(([first]) => first !== "Rule" && !/^-+$/.test(first))
    .map(([rule, resource, reason, ...more]) => {
      const isComplete = RULE.test(rule) && RESOURCE.test(resource) && reason?.length >= SHORTEST_REASON;
      if (!isComplete || more.length > 0) {
        throw new Error(`docs/waivers.md: "${rule} | ${resource} | ${reason}" is not a rule, a resource and a reason`);
      }
      return { rule, resource, reason };
    });
  const seen = new Set<string>();
  for (const { rule, resource } of waivers) {
    if (seen.has(`${rule} ${resource}`)) throw new Error(`docs/waivers.md waives ${rule} of ${resource} twice`);
    seen.add(`${rule} ${resource}`);
  }
  return waivers;
}

/** All that docs/waivers.md waives. */
export function readWaivers(): Waiver[] {
  return parseWaivers(readFileSync(PAGE, "utf8"));
}

/** Whether a waiver is about what was found. */
export function waives({ rule, resource }: Waiver, found: Waivable): boolean {
  if (rule !== found.rule) return false;
  const isAddress = resource.replace(/^data\./, "").includes(".");
  const parts = (isAddress ? resource : `${resource}.*`).split("*").map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join(".*")}$`).test(found.address);
}
